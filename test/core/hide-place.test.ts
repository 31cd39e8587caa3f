import { expect, it } from 'vitest';
import { hidePlace } from '../../src/core/hide-place.ts';

const PLACE = { home: '/home/ann', hostName: 'anns-laptop.local' };

it.each([
  ['at /home/ann/code/a.ts:3', 'at ~/code/a.ts:3'],
  ['cd /home/ann', 'cd ~'],
  ['file:///home/ann/a', 'file://~/a'],
  ['/home/anna/a and /home/ann-b', '/home/anna/a and /home/ann-b'],
  ['connect to anns-laptop:3000', 'connect to [host]:3000'],
  ['ANNS-LAPTOP.local and anns-laptop.fritz.box', '[host] and [host]'],
  ['not-anns-laptop, anns-laptops', 'not-anns-laptop, anns-laptops'],
])('%s → %s', (text, expected) => {
  expect(hidePlace(text, PLACE)).toBe(expected);
});

it('leaves names that tell nothing', () => {
  expect(hidePlace('localhost /a app', { home: '/', hostName: 'localhost' })).toBe('localhost /a app');
  expect(hidePlace('the app', { home: '', hostName: 'app' })).toBe('the app');
});

it('takes the name of a host literally', () => {
  expect(hidePlace('aXbcd a.bcd', { home: '/h+', hostName: 'a+bcd' })).toBe('aXbcd a.bcd');
});
