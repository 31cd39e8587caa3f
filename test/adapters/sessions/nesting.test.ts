import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { makeFleet, useSessionHost } from './fixture.ts';

const host = useSessionHost();

/** What the environment of a program in a session of an agent has. */
const NESTED = {
  CLAUDECODE: '1',
  CLAUDE_CODE_ENTRYPOINT: 'cli',
  CLAUDE_CODE_SESSION_ID: 'outer-conversation',
  CLAUDE_CODE_CHILD_SESSION: '1',
  CLAUDE_CODE_SSE_PORT: '4711',
  TMUX: '/tmp/outer,1,0',
  TMUX_PANE: '%7',
  HARNESS_SESSION: 'outer',
  HARNESS_OUTCOME: '/outer/outcome.json',
  GIT_DIR: '/outer/.git',
};

it.each(['started by the engine', 'started from inside of an agent'])(
  'gives agents nothing of an outer session, on a tmux server %s',
  async server => {
    const script = `say('env', JSON.stringify(env)); finish();`;
    const fleet = makeFleet(host, script, { env: NESTED, pass: Object.keys(NESTED) });
    if (server !== 'started by the engine') {
      const args = ['-L', 'harness-test', '-f', '/dev/null', 'new-session', '-d', '-s', 'x', 'sleep 300'];
      const { TMUX: _, ...inherited } = { ...process.env, ...NESTED };
      execFileSync('tmux', args, { env: { ...inherited, TMUX_TMPDIR: fleet.root } });
    }
    const { name } = await fleet.start();
    const env = JSON.parse(await fleet.saw('env')) as Readonly<Record<string, string>>;
    expect(Object.entries(env).filter(([, value]) => /outer|^4711$|^%7$/.test(value))).toEqual([]);
    expect(Object.keys(env).filter(variable => /^CLAUDE|^TMUX|^GIT_DIR$/.test(variable))).toEqual([]);
    expect(env).toMatchObject({ HARNESS_SESSION: expect.any(String), HARNESS_ISSUE: '7' });
    expect((await fleet.untilEnded(name)).end).toMatchObject({ failure: null });
  },
);
