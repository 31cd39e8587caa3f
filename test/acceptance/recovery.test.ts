import { describe, expect, it } from 'vitest';
import { aTown, until } from './fleet.ts';
import {
  agentsOf,
  ended,
  expectFinished,
  killAgent,
  killAll,
  killTmux,
  killWorkers,
  loseHost,
} from './strikes.ts';

describe('after kill -9', () => {
  const ISSUES = ['slow one', 'slow two'];

  it.each([
    ['of all workers', killWorkers],
    ['of an agent', killAgent],
    ['of the tmux server', killTmux],
    ['of everything at once', killAll],
    ['of everything, and the loss of all that the host kept', loseHost],
  ])(
    '%s, start finishes every issue once',
    async (_what, strike) => {
      const town = await aTown();
      const issues = ISSUES.map(title => town.issue(title));
      issues.push(town.issue('last', { after: issues }));
      const fleet = await town.fleet('one');
      await fleet.harness('start');
      await until('an agent works', 60_000, () => agentsOf(fleet).length > 0);
      strike(fleet);
      const again = await fleet.harness('start');
      expect(again.err).toBe('');
      await town.untilClosed(issues);
      await ended(town, issues);
      await expectFinished(town, issues);
      await fleet.harness('stop');
      await expect.poll(() => fleet.processes()).toEqual([]);
    },
    240_000,
  );
});
