import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { aTown, type Fleet, kill, type Town, until } from '../acceptance/fleet.ts';
import { agentsOf, ended, expectFinished } from '../acceptance/strikes.ts';

it('frees the leases of a fleet that was killed, though another one on its host lives', async () => {
  const town = await aTown();
  const settings = { HARNESS_LEASE_TTL: '5', HARNESS_POOL: '1', HARNESS_CAP: '1' };
  const lost = await town.fleet('lost', settings);
  const { HOME = '', HARNESS_HOME = '', TMUX_TMPDIR = '' } = lost.env;
  const sibling = await town.fleet('sibling', { ...settings, HOME, HARNESS_HOME, TMUX_TMPDIR });
  const heir = await town.fleet('heir', settings);

  const first = town.issue('endless-once');
  await lost.harness('start');
  await until('an agent works on the first issue', 20_000, () => agentsOf(lost).length > 0);
  const second = town.issue('patient');
  await sibling.harness('start');
  await until('an agent works on the second issue', 20_000, async () =>
    (await commentsOf(town, second)).some(({ body }) => body.includes('attempt 1')),
  );
  const lostFleet = town.journal(first)[0]?.fleet ?? '';
  const siblingFleet = town.journal(second)[0]?.fleet ?? '';
  const lostOnes = processesUnder(lost, lostFleet);
  expect(lostOnes.length).toBeGreaterThan(3);
  for (const pid of lostOnes) kill(pid);

  await heir.harness('start');
  await town.untilClosed([first, second], 60_000);
  await ended(town, [first, second]);
  await expectFinished(town, [first, second]);
  expect(town.journal(first).map(({ op }) => op)).toContain('takeover');
  expect(new Set(town.journal(second).map(({ fleet }) => fleet))).toEqual(new Set([siblingFleet]));
  expect(town.journal(second).map(({ op }) => op)).toEqual(['claim', 'landing', 'receipt', 'release']);
  await Promise.all([sibling, heir].map(fleet => fleet.harness('stop')));
}, 180_000);

const commentsOf = (town: Town, issue: number) =>
  town.api<readonly { readonly body: string }[]>(`issues/${issue}/comments`);

/** The tmux server of one of the fleets that share a home, with its workers and agents: all that runs in it. */
function processesUnder(home: Fleet, fleet: string): readonly number[] {
  const all = home.processes();
  const server = all.find(
    ({ command }) => command.startsWith('tmux') && command.includes(`harness-${fleet}`),
  );
  const isUnder = (pid: number): boolean => pid === server?.pid || (pid > 1 && isUnder(parentOf(pid)));
  return all.map(({ pid }) => pid).filter(isUnder);
}

/** 0 when it is gone. */
function parentOf(pid: number): number {
  try {
    const [, parent = '0'] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return Number(parent);
  } catch {
    return 0;
  }
}
