import { expect, it } from 'vitest';
import type { JournalEntry } from '../../src/core/contracts.ts';
import { aTown, ONE_WORKER, until } from './fleet.ts';

it('two fleets work on a repository that takes branches only', async () => {
  const town = await aTown(undefined, { takesBranchesOnly: true });
  const issues = Array.from({ length: 4 }, (_none, index) => town.issue(`slow ${index}`));
  const fleets = await Promise.all(['one', 'two'].map(name => town.fleet(name, ONE_WORKER)));
  await Promise.all(fleets.map(fleet => fleet.harness('start')));
  await town.untilClosed(issues);
  const journal = (issue: number) =>
    town
      .git('log', '--reverse', '--format=%s', `refs/heads/harness/issues/${issue}`)
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as JournalEntry);
  await until('every attempt is settled', 60_000, () =>
    issues.every(issue => journal(issue).at(-1)?.op === 'release'),
  );
  for (const issue of issues) {
    expect(journal(issue).filter(({ op }) => op === 'claim')).toHaveLength(1);
    expect(journal(issue).filter(({ op }) => op === 'receipt')).toHaveLength(1);
  }
  expect(town.git('for-each-ref', 'refs/harness')).toBe('');
  const pulls = await town.api<readonly { head: { ref: string } }[]>('pulls?state=all');
  expect(pulls.map(({ head }) => head.ref).sort()).toEqual(issues.map(issue => `issue/${issue}`));

  const [one] = fleets;
  expect((await one?.harness('doctor', '--probe'))?.out).toMatch(/branches below harness\//);
  await Promise.all(fleets.map(fleet => fleet.harness('stop')));
}, 240_000);
