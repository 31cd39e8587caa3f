import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { AgentProfile } from '../../../src/adapters/agents/profile.ts';
import { testAgent } from '../../../src/adapters/agents/self-test.ts';
import { makeTempDir } from '../../helpers/temp.ts';
import { useSessionHost } from '../sessions/fixture.ts';
import { useFakePrograms } from './fake-programs.ts';

const { hook } = useSessionHost();
const fakes = useFakePrograms();
const names = ['claude', 'codex'] as const;

const test = (agent: 'claude' | 'codex', program: string, env = {}) => {
  const profile: AgentProfile = {
    ...{
      agent,
      program,
      mode: 'interactive',
      model: '',
      effort: '',
      args: [],
      config: 'user',
      mayAsk: false,
    },
  };
  return testAgent(profile, { env: { ...process.env, ...env }, pass: [], hook, sandbox: null });
};

/** A program that does what `script` says, for a shell. */
function aProgram(script: string): string {
  const path = join(makeTempDir(), 'program');
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

const ASK = `'${process.execPath}' -e 'fetch(process.env.ANTHROPIC_BASE_URL + "/v1/messages", { method: "POST" })'`;

it.each(names)('finds that %s works, without its login, and leaves nothing', async agent => {
  const dir = makeTempDir();
  vi.stubEnv('TMPDIR', dir);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  expect(await test(agent, fakes[agent])).toBeNull();
  expect(readdirSync(dir)).toEqual([]);
});

it('never shows a program the real key', async () => {
  const seen = join(makeTempDir(), 'seen');
  await test('claude', aProgram(`env > ${seen}`), { ANTHROPIC_API_KEY: 'the-real-key' });
  expect(existsSync(seen)).toBe(true);
  await test('claude', aProgram(`grep -q the-real-key ${seen} && touch ${seen}.bad`));
  expect(existsSync(`${seen}.bad`)).toBe(false);
});

it.each([
  ['starts no turn', 'echo "error while loading shared libraries" >&2; exit 127', 'error while loading'],
  ['calls no hooks', `${ASK}; echo '{"type":"result","is_error":false}'`, 'it did not call its hooks'],
  [
    'reports an error',
    `${ASK}; echo '{"type":"result","is_error":true,"result":"Unknown model"}'`,
    'Unknown model',
  ],
])('says why a program does not work that %s', async (_what, script, why) => {
  expect(await test('claude', aProgram(script))).toContain(why);
});
