import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { type Fleet, REPO, type Town, until } from '../acceptance/fleet.ts';
import { expectFinished } from '../acceptance/strikes.ts';
import { type CrashPoint, tapForge, tapTmux } from './crash-points.ts';

/** What a run wrote: the number of lines is the number of crash points. */
export interface Written {
  readonly forge: readonly string[];
  readonly tmux: readonly string[];
}

/**
 * A full run from `start` to `stop` on one issue, whose title says what the agent does (`wrong`: the first attempt
 * fails its verification, the next one lands). At the crash point the engine is killed, and started again by
 * whoever looks after it. Fails unless everything is as if it had not died.
 */
export async function playFullRun(town: Town, title: string, point: CrashPoint | null): Promise<Written> {
  const issue = town.issue(title);
  const tmux = tapTmux(town.root, point);
  const fleet = await town.fleet('one', {
    PATH: `${tmux.bin}:${process.env.PATH}`,
    HARNESS_POOL: '1',
  });
  const forge = tapForge(town, () => fleet, point);
  const hasStruck = () => forge.hasStruck() || tmux.hasStruck();
  await runToTheEnd(town, { fleet, issue, hasStruck });
  if (point) expect(hasStruck(), 'the run had fewer writes than the one before').toBe(true);
  await expectOneOfEach(town, issue);
  await expectNothingLeft(town, fleet);
  return { forge: forge.writes(), tmux: tmux.writes() };
}

async function runToTheEnd(
  town: Town,
  { fleet, issue, hasStruck }: { fleet: Fleet; issue: number; hasStruck: () => boolean },
): Promise<void> {
  for (;;) {
    const before = hasStruck();
    const started = await fleet.harness('start');
    const isStruck = () => !before && hasStruck();
    if (!isStruck()) {
      expect(started).toMatchObject({ exit: 0 });
      await until(`#${issue} is settled`, 60_000, async () => isStruck() || (await isSettled(town, issue)));
    }
    if (isStruck()) continue;
    const stopped = await fleet.harness('stop');
    if (isStruck()) continue;
    expect(stopped).toMatchObject({ exit: 0 });
    return;
  }
}

async function isSettled(town: Town, issue: number): Promise<boolean> {
  const { state } = await town.api<{ state: string }>(`issues/${issue}`);
  return state === 'closed' && town.journal(issue).at(-1)?.op === 'release';
}

/** One pull request, one merge, one comment, one receipt for each attempt. */
async function expectOneOfEach(town: Town, issue: number): Promise<void> {
  await expectFinished(town, [issue]);
  expect(await town.api<unknown[]>('pulls?state=all'), 'pull requests').toHaveLength(1);
  expect(await town.api<unknown[]>(`issues/${issue}/comments`), 'comments').toHaveLength(1);
  const { labels } = await town.api<{ labels: readonly { name: string }[] }>(`issues/${issue}`);
  expect(labels.map(({ name }) => name)).not.toContain('agent-working');
  const work = town.git('log', '--format=%s', 'main', '--', `work/${issue}.txt`).trim().split('\n');
  expect(work, 'commits on the base').toHaveLength(1);
  const branches = town.git('for-each-ref', '--format=%(refname)', 'refs/heads', 'refs/harness/hosts');
  expect(branches.trim().split('\n')).toEqual(['refs/heads/main']);
}

async function expectNothingLeft(town: Town, fleet: Fleet): Promise<void> {
  // A tmux server says that it ends before it has ended.
  await until('its processes are gone', 5_000, () => fleet.processes().length === 0);
  expect(namesIn(path.join(fleet.dir, '.harness/run/sessions')), 'sessions').toEqual([]);
  const fleets = path.join(town.root, 'one/.harness/fleets');
  for (const name of namesIn(fleets)) {
    expect(namesIn(path.join(fleets, name, 'worktrees')), 'worktrees').toEqual([]);
    expect(namesIn(path.join(fleets, name, 'checkouts', REPO)), 'checkouts').toEqual([]);
  }
}

const namesIn = (directory: string) => (existsSync(directory) ? readdirSync(directory) : []);
