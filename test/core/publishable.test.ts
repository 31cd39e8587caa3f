import { expect, it } from 'vitest';
import { makePublishable } from '../../src/core/publishable.ts';

it('tells neither secrets nor where it was written', () => {
  const withheld = { secrets: ['value-17'], place: { home: '/home/ann', hostName: 'anns-laptop' } };
  expect(makePublishable('value-17 in /home/ann/.env of anns-laptop', withheld)).toBe(
    '[redacted] in ~/.env of [host]',
  );
});
