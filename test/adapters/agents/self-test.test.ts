import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { AgentProfile } from '../../../src/adapters/agents/profile.ts';
import { testAgent } from '../../../src/adapters/agents/self-test.ts';
import { makeTempDir } from '../../helpers/temp.ts';
import { useSessionHost } from '../sessions/fixture.ts';
import { useFakePrograms } from './fake-programs.ts';

const programs = useSessionHost();
const fakes = useFakePrograms();
const names = ['claude', 'codex'] as const;

type Start = Pick<AgentProfile, 'agent' | 'mode'>;

const test = ({ agent, mode }: Start, program: string, env = {}) => {
  const profile: AgentProfile = {
    ...{
      agent,
      program,
      mode,
      model: '',
      effort: '',
      args: [],
      config: 'user',
      mayAsk: false,
    },
  };
  return testAgent(profile, { env: { ...process.env, ...env }, pass: [], ...programs, sandbox: null });
};

/** A program that does what `script` says, for a shell. */
function aProgram(script: string): string {
  const path = join(makeTempDir(), 'program');
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

const ASK = `'${process.execPath}' -e 'fetch(process.env.ANTHROPIC_BASE_URL + "/v1/messages", { method: "POST" })'`;

const HEADLESS: Start = { agent: 'claude', mode: 'headless' };
const IN_TERMINAL: Start = { agent: 'claude', mode: 'interactive' };
const STARTS = names.flatMap((agent): Start[] => [
  { agent, mode: 'headless' },
  { agent, mode: 'interactive' },
]);

it.each(STARTS)('finds that $agent works, $mode, without its login, and leaves nothing', async start => {
  const dir = makeTempDir();
  vi.stubEnv('TMPDIR', dir);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  expect(await test(start, fakes[start.agent === 'codex' ? 'codex' : 'claude'])).toBeNull();
  expect(readdirSync(dir)).toEqual([]);
});

it('says that there is no terminal without tmux', async () => {
  expect(await test(IN_TERMINAL, fakes.claude, { PATH: makeTempDir() })).toContain('tmux');
});

it('never shows a program the real key', async () => {
  const seen = join(makeTempDir(), 'seen');
  await test(HEADLESS, aProgram(`env > ${seen}`), { ANTHROPIC_API_KEY: 'the-real-key' });
  expect(existsSync(seen)).toBe(true);
  await test(HEADLESS, aProgram(`grep -q the-real-key ${seen} && touch ${seen}.bad`));
  expect(existsSync(`${seen}.bad`)).toBe(false);
});

it.each([
  [
    'starts no turn',
    HEADLESS,
    'echo "error while loading shared libraries" >&2; exit 127',
    'error while loading',
  ],
  [
    'starts no turn in its terminal',
    IN_TERMINAL,
    'echo "error while loading shared libraries" >&2; exit 127',
    'error while loading',
  ],
  [
    'calls no hooks',
    HEADLESS,
    `${ASK}; echo '{"type":"result","is_error":false}'`,
    'it did not call its hooks',
  ],
  [
    'reports an error',
    HEADLESS,
    `${ASK}; echo '{"type":"result","is_error":true,"result":"Unknown model"}'`,
    'Unknown model',
  ],
])('says why a program does not work that %s', async (_what, start, script, why) => {
  expect(await test(start, aProgram(script))).toContain(why);
});
