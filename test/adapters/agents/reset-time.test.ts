import { expect, it } from 'vitest';
import { resetTimeIn } from '../../../src/adapters/agents/reset-time.ts';

const NOW = Date.parse('2026-11-21T01:28:00Z');

it.each([
  ["You've hit your session limit · resets 2:29am (UTC)", '2026-11-21T02:29:00.000Z'],
  ["You've hit your session limit · resets 1am (UTC)", '2026-11-22T01:00:00.000Z'],
  ["You've hit your session limit · resets 12pm (UTC)", '2026-11-21T12:00:00.000Z'],
  ["You've hit your session limit · resets 3pm (Europe/Berlin)", '2026-11-21T14:00:00.000Z'],
  ["You've hit your weekly limit · resets Nov 25, 3am (America/New_York)", '2026-11-25T08:00:00.000Z'],
  ["You've hit your weekly limit · resets Jan 2, 12am (UTC)", '2027-01-02T00:00:00.000Z'],
])('reads %j', (message, time) => {
  expect(resetTimeIn(message, NOW)).toBe(time);
});

it.each([
  ['… or try again at 2:30 AM.', [2026, 10, 21, 2, 30]],
  ['… or try again at Nov 22nd, 2026 2:30 PM.', [2026, 10, 22, 14, 30]],
] as const)("reads %j, in this host's zone", (message, [year, month, day, hour, minute]) => {
  const now = new Date(2026, 10, 21, 1, 0).getTime();
  expect(resetTimeIn(message, now)).toBe(new Date(year, month, day, hour, minute).toISOString());
});

it.each([
  'Request rejected (429)',
  'try again later.',
  'resets 2:29am (Nowhere/Land)',
  'The cache resets soon',
])('finds no time in %j', message => {
  expect(resetTimeIn(message, NOW)).toBeNull();
});
