import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type CommandsOptions, createCommands } from '../../src/adapters/commands.ts';
import { MARK } from '../../src/adapters/processes/process-tree.ts';
import { processTable } from '../../src/adapters/processes.ts';
import { makeTempDir, waitFor } from '../helpers/temp.ts';

const OPTIONS: CommandsOptions = {
  env: process.env,
  pass: [],
  secrets: [],
  enclosure: async () => null,
  graceMs: 100,
};

function makeCommands(change: Partial<CommandsOptions> = {}) {
  const cwd = makeTempDir();
  const commands = createCommands({ ...OPTIONS, ...change });
  const run = (command: string, timeoutMs = 20_000, tag = cwd) =>
    commands.run({ command, cwd, timeoutMs, tag });
  const readPid = (name: string) => Number(readFileSync(join(cwd, name), 'utf8'));
  return { cwd, run, readPid };
}

const isGone = (pid: number) => processTable.read(pid)?.isZombie ?? true;

it('runs a line of shell in a directory and tells how it went', async () => {
  const { cwd, run } = makeCommands();
  const result = await run('pwd && echo "wrong" >&2 && (exit 3)');
  expect(result).toMatchObject({ exit: 3, timedOut: false });
  expect(result.tail.trim().split('\n').sort()).toEqual([cwd, 'wrong'].sort());
  expect(result.seconds).toBeGreaterThan(0);
});

it('tells a command that does not exist', async () => {
  const { run } = makeCommands();
  const result = await run('no-such-command --flag');
  expect(result.exit).toBe(127);
  expect(result.tail).toContain('no-such-command');
});

it('has no exit status for a command that a signal ended', async () => {
  const { run } = makeCommands();
  expect(await run('kill -9 $$')).toMatchObject({ exit: null, timedOut: false });
});

it('ends the whole tree of a command that takes too long', async () => {
  const { run, readPid } = makeCommands();
  const stubborn = `trap "" TERM; echo $$ > child; while :; do sleep 1; done`;
  const result = await run(`setsid sh -c '${stubborn}' & trap '' TERM; wait`, 300);
  expect(result).toMatchObject({ exit: null, timedOut: true });
  expect(isGone(readPid('child'))).toBe(true);
});

it('ends what a command leaves in the background, and does not wait for its output', async () => {
  const { run, readPid } = makeCommands();
  const result = await run('sleep 300 & echo $! > child; echo done');
  expect(result).toMatchObject({ exit: 0, timedOut: false, tail: 'done\n' });
  expect(isGone(readPid('child'))).toBe(true);
});

it('first ends what a crashed engine left of the same tag', async () => {
  const { cwd, run, readPid } = makeCommands();
  const left = spawn('/bin/sh', ['-c', 'echo $$ > left; exec sleep 300'], {
    cwd,
    detached: true,
    stdio: 'ignore',
    env: { PATH: process.env.PATH, [MARK]: cwd },
  });
  await waitFor(() => existsSync(join(cwd, 'left')) && readFileSync(join(cwd, 'left'), 'utf8') !== '');
  await run('true', 20_000, `${cwd}-other`);
  expect(isGone(readPid('left'))).toBe(false);
  expect(await run('kill -0 $(cat left)')).toMatchObject({ exit: 1 });
  expect(isGone(left.pid ?? 0)).toBe(true);
});

it('keeps the end of a long output, in whole characters', async () => {
  const { run } = makeCommands();
  const { tail } = await run(`yes 'ääääääääää' | head -c 3000001; echo; echo last`);
  expect(Buffer.byteLength(tail)).toBeLessThanOrEqual(16 * 1024);
  expect(Buffer.byteLength(tail)).toBeGreaterThan(15 * 1024);
  expect(tail.endsWith('\nlast\n')).toBe(true);
  expect(tail.slice(0, 100)).not.toContain('\ufffd');
});

it('shows plain text without secrets, also where the cut goes through one', async () => {
  const { run } = makeCommands({
    env: { ...process.env, MY_KEY: 'key-of-my-model', GH_TOKEN: 'token-of-mine' },
    pass: ['MY_KEY', 'GH_TOKEN'],
    secrets: ['token-of-mine'],
  });
  const { tail } = await run(
    `printf '\\033[31mkey\\033[0m %s %s. token-of-mine\\0\\n' "$MY_KEY" "$GH_TOKEN"`,
  );
  expect(tail).toBe('key [redacted] . [redacted]\n');

  const cut = await run(`printf '%s' "$MY_KEY"; yes x | head -c ${16 * 1024 - 6}`);
  expect(cut.tail).not.toContain('model');
});

it('gives standard input nothing to wait for', async () => {
  const { run } = makeCommands();
  expect(await run('read line; echo "got $line"')).toMatchObject({ exit: 0, tail: 'got \n' });
});

it('says where it could not start a shell', async () => {
  const commands = createCommands(OPTIONS);
  const run = commands.run({ command: 'true', cwd: '/nowhere', timeoutMs: 1_000, tag: 'nowhere' });
  await expect(run).rejects.toMatchObject({
    code: 'engine-failed',
    message: expect.stringContaining('/nowhere'),
  });
});
