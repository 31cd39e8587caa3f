import { mkdtempSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { expect, it, onTestFinished } from 'vitest';
import { aTown, type Fleet, ONE_WORKER, until } from './fleet.ts';

const PROGRAM = path.resolve(import.meta.dirname, '../../bin/harness');

/** A terminal in which a person runs `harness`; tmux is that terminal. */
async function aTerminal({ dir, env }: Fleet, ...args: readonly string[]) {
  // Its own, since the server of the terminal before may just be about to end.
  const socket = path.join(mkdtempSync(path.join(env.TMUX_TMPDIR ?? '', 'person-')), 'socket');
  const tmux = async (...command: readonly string[]) => {
    const options = { env, extendEnv: false, cwd: dir, reject: false, stdin: 'ignore' } as const;
    return (await execa('tmux', ['-S', socket, '-f', '/dev/null', ...command], options)).stdout;
  };
  onTestFinished(async () => void (await tmux('kill-server')));
  const script = '"$@"; echo "left with $?"; exec sleep 300';
  await tmux('new-session', '-d', '-x', '150', '-y', '40', '--', 'sh', '-c', script, 'sh', PROGRAM, ...args);
  const shows = (text: string) =>
    until(`the terminal shows ${text}`, 60_000, async () =>
      (await tmux('capture-pane', '-p')).includes(text),
    );
  return { shows, press: (...keys: readonly string[]) => tmux('send-keys', ...keys) };
}

it('shows a person what an agent does, whose keys disturb nobody, and lets go of it again', async () => {
  const town = await aTown();
  const issue = town.issue('endless-once');
  const fleet = await town.fleet('one', ONE_WORKER);
  expect(await fleet.harness('attach', 'main', String(issue))).toMatchObject({ exit: 5 });
  await fleet.harness('start');
  const sessions = async () => JSON.parse((await fleet.harness('status', '--json')).out).sessions;
  await until('the agent works', 60_000, async () => (await sessions())[0]?.state === 'running');

  for (const options of [[], ['--watch']]) {
    const terminal = await aTerminal(fleet, 'attach', 'main', String(issue), ...options);
    await terminal.shows(`agent on #${issue}, attempt 1`);
    await terminal.press('C-c', 'C-d', 'q', 'Enter');
    await terminal.press('C-b', 'd');
    await terminal.shows('left with 0');
    await terminal.press('C-c');
  }
  expect((await sessions())[0]).toMatchObject({ state: 'running' });
  expect(town.journal(issue).map(({ op }) => op)).not.toContain('receipt');
  expect(await fleet.harness('attach', 'main', '99')).toMatchObject({ exit: 5 });
  expect((await fleet.harness('attach', 'main', String(issue))).err).toContain('attach needs a terminal');
  await fleet.harness('stop', '--force');
});
