import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { endTree, MARK, signal } from '../../src/adapters/processes/process-tree.ts';
import { psTable } from '../../src/adapters/processes/ps-table.ts';
import { identifyProcess, identifySelf, isAlive, processTable } from '../../src/adapters/processes.ts';

/** Starts a shell in a group of its own and returns the words that it prints first. */
async function startShell(
  script: string,
  mark = '',
): Promise<{ child: ChildProcess; words: readonly string[] }> {
  const child = spawn('/bin/sh', ['-c', script], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH, [MARK]: mark },
  });
  onTestFinished(() => {
    try {
      process.kill(-(child.pid as number), 'SIGKILL');
    } catch {}
  });
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return { child, words: line.toString().trim().split(/\s+/) };
}

const identify = (pid: number | string | undefined) => {
  const identity = identifyProcess(Number(pid));
  if (identity === null) throw new Error(`No process ${pid}`);
  return identity;
};

it('tells a live process from one that has ended, is a zombie, or has got a used pid', async () => {
  const { child } = await startShell('echo up; exec sleep 300');
  const identity = identify(child.pid);
  expect(isAlive(identity)).toBe(true);
  expect(isAlive({ ...identity, started: '1' })).toBe(false);
  expect(isAlive({ ...identity, boot: 'another' })).toBe(false);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(isAlive(identity)).toBe(false);

  // The child ends after the shell has become a program that reaps nobody.
  const parent = await startShell('sleep 0.3 & echo $!; exec sleep 300');
  await expect
    .poll(() => processTable.read(Number(parent.words[0]))?.isZombie, { timeout: 10_000 })
    .toBe(true);
  expect(isAlive(identify(parent.words[0]))).toBe(false);
});

it.runIf(existsSync('/proc/self/comm'))('reads past a program name that imitates the columns', async () => {
  const { child } = await startShell(
    `printf 'a) Z 1 (b' > /proc/$$/comm; echo up; while :; do sleep 1; done`,
  );
  expect(processTable.read(child.pid as number)).toMatchObject({ parent: process.pid, isZombie: false });
});

it.each([
  ['of this system', processTable],
  ['of ps', psTable],
])('ends a tree by the table %s: children, grandchildren, whoever ignores SIGTERM', async (_name, table) => {
  const { child, words } = await startShell(
    `trap '' TERM; sh -c 'trap "" TERM HUP; sleep 300 & echo $$ $!; wait' & sleep 300 & echo $!; wait`,
  );
  const leader = { ...identify(child.pid), started: table.read(child.pid as number)?.started ?? '' };
  const members = table.all().filter(({ group }) => group === child.pid);
  expect(members.length).toBeGreaterThanOrEqual(3);
  expect(words.length).toBeGreaterThanOrEqual(1);

  expect(await endTree({ leaders: [leader], mark: 'none' }, { graceMs: 100, table })).toEqual([]);
  expect(members.filter(({ pid }) => table.read(pid)?.isZombie === false)).toEqual([]);
});

it('finds a process whose leader has ended by its group', async () => {
  const { child, words } = await startShell(`sleep 300 & echo $!; exec sleep 300`);
  const leader = identify(child.pid);
  const orphan = identify(words[0]);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await endTree({ leaders: [leader], mark: 'none' }, { graceMs: 0 })).toEqual([]);
  expect(isAlive(orphan)).toBe(false);
});

it('remembers a child of another group when its parent ends first', async () => {
  const { child, words } = await startShell(
    `setsid sh -c 'trap "" TERM; echo $$; while :; do sleep 1; done' & exec sleep 300`,
  );
  const stubborn = identify(words[0]);
  expect(await endTree({ leaders: [identify(child.pid)], mark: 'none' }, { graceMs: 100 })).toEqual([]);
  expect(isAlive(stubborn)).toBe(false);
});

it('asks with SIGTERM and waits before it kills', async () => {
  const { child } = await startShell(`trap 'exit 42' TERM; echo up; while :; do sleep 0.02; done`);
  const exited = once(child, 'exit');
  await endTree({ leaders: [identify(child.pid)], mark: 'none' }, { graceMs: 10_000 });
  expect(await exited).toEqual([42, null]);
});

it('finds a process that left group, parent and session by its mark', async () => {
  const mark = `mark-${process.pid}`;
  const { child, words } = await startShell(`setsid sh -c 'echo $$; exec sleep 300' & wait`, mark);
  const daemon = identify(words[0]);
  const leader = identify(child.pid);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await endTree({ leaders: [], mark: `${mark}0` }, { graceMs: 0 })).toEqual([]);
  expect(isAlive(daemon)).toBe(true);
  await endTree({ leaders: [leader], mark }, { graceMs: 0 });
  expect(isAlive(daemon)).toBe(false);
});

it('spares the process, and the group, that has got the pid of a leader that is gone', async () => {
  const { child } = await startShell('echo up; exec sleep 300');
  const leader = { ...identify(child.pid), started: '1' };
  await endTree({ leaders: [leader], mark: 'none' }, { graceMs: 0 });
  expect(isAlive(identify(child.pid))).toBe(true);
});

it('never signals pid 0 or 1, or itself', async () => {
  for (const pid of [0, 1, -1, Number.NaN]) signal(pid, 'SIGKILL');
  expect(await endTree({ leaders: [identifySelf(), identify(1)], mark: 'none' }, { graceMs: 0 })).toEqual([]);
});
