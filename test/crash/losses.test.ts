import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { aTown, type Fleet, kill, until } from '../acceptance/fleet.ts';
import { agentsOf, ended, expectFinished } from '../acceptance/strikes.ts';

/** As `rm -rf` does until it succeeds: what runs goes on writing there. */
function remove(directory: string): void {
  const deadline = performance.now() + 5_000;
  while (existsSync(directory) && performance.now() < deadline) {
    try {
      rmSync(directory, { recursive: true, force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
    }
  }
}

describe('while agents work and nothing is killed', () => {
  it.each([
    ['.harness/run', (fleet: Fleet) => remove(path.join(fleet.dir, '.harness/run'))],
    ['~/.harness', (fleet: Fleet) => remove(path.join(fleet.home, '.harness'))],
  ])(
    'somebody deletes %s, and start finishes every issue once',
    async (_what, strike) => {
      const town = await aTown();
      const issues = ['slow one', 'slow two'].map(title => town.issue(title));
      issues.push(town.issue('last', { after: issues }));
      const fleet = await town.fleet('one');
      await fleet.harness('start');
      await until('an agent works', 20_000, () => agentsOf(fleet).length > 0);
      strike(fleet);
      const again = await fleet.harness('start');
      expect(again).toMatchObject({ exit: 0, err: '' });
      await town.untilClosed(issues, 90_000);
      await ended(town, issues);
      await expectFinished(town, issues);
      await fleet.harness('stop');
      await expect.poll(() => fleet.processes()).toEqual([]);
    },
    180_000,
  );
});

describe('git that is killed in the middle of a push', () => {
  it.each(['before', 'after'] as const)(
    '%s that has its effect, costs nothing',
    async when => {
      const town = await aTown();
      const issue = town.issue('wrong at first');
      const fleet = await town.fleet('one');
      let pushes = 0;
      let kills = 0;
      town.forge.faults.add({
        kind: 'ask',
        route: /\/git-receive-pack$/,
        ask: async (_request, moment) => {
          if (moment !== when) return 'go-on';
          pushes += 1;
          // Not all of them: who can never push can't do anything. And not every third: each is sent twice, and what
          // comes in pairs would have the same fate for ever.
          if (pushes % 3 === 0 || pushes % 5 === 0) return 'go-on';
          kills += killGit(fleet);
          return when === 'before' ? 'drop' : 'go-on';
        },
      });
      await fleet.harness('start');
      await town.untilClosed([issue], 90_000);
      await ended(town, [issue]);
      await expectFinished(town, [issue]);
      expect(kills).toBeGreaterThan(3);
      await fleet.harness('stop');
    },
    180_000,
  );
});

/** Kills every git that pushes, with the programs that it has started for that; returns how many there were. */
function killGit(fleet: Fleet): number {
  const pushing = fleet
    .processes()
    .filter(({ command }) => /^(\S*git push|\S*git.remote-http)/.test(command));
  for (const { pid } of pushing) kill(pid);
  return pushing.length;
}
