import path from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { aTown, ONE_WORKER } from './fleet.ts';

const PROGRAM = path.resolve(import.meta.dirname, '../../bin/harness');

it('works when an agent starts it in a session of its own, on the project and not on what the agent works on', async () => {
  const town = await aTown();
  const issue = town.issue('work');
  const fleet = await town.fleet('one', ONE_WORKER);
  const outer = {
    CLAUDECODE: '1',
    CLAUDE_CODE_ENTRYPOINT: 'cli',
    CLAUDE_CODE_SESSION_ID: 'outer',
    TMUX: '/tmp/outer,1,0',
    TMUX_PANE: '%7',
    HARNESS_SESSION: 'outer',
    HARNESS_NONCE: 'outer',
    HARNESS_REPO: 'someone/else',
    HARNESS_BASE: 'a'.repeat(40),
    HARNESS_OUTCOME: '/outer/outcome.json',
  };
  const started = await execa(PROGRAM, ['start'], {
    cwd: fleet.dir,
    env: { ...fleet.env, ...outer },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
  expect(started).toMatchObject({ exitCode: 0 });
  await town.untilClosed([issue]);
  expect(town.git('log', '--format=%s', 'main')).toContain('(#');
  expect((await fleet.harness('stop')).exit).toBe(0);
});
