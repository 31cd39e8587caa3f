import {
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { keepTranscript } from '../../../src/adapters/sessions/keep-transcript.ts';
import { makeTempDir } from '../../helpers/temp.ts';

function aSession() {
  const root = makeTempDir();
  const agentDir = join(root, 'agent');
  mkdirSync(agentDir);
  const from = join(agentDir, 'conversation.jsonl');
  const to = join(root, 'logs', 'x-i7-a1.transcript.jsonl');
  const keep = (path: string | null, secrets: readonly string[] = []) =>
    keepTranscript({ from: path, agentDir, to, secrets });
  return { root, agentDir, from, to, keep };
}

it('keeps a transcript for its owner only, without secrets', () => {
  const { from, to, keep } = aSession();
  const token = `ghp_${'0123456789ab'.repeat(3)}`;
  writeFileSync(from, `{"text":"my key is key-of-my-model"}\n{"text":"${token}"}\n`);
  expect(keep(from, ['key-of-my-model'])).toBe(to);
  expect(readFileSync(to, 'utf8')).toBe('{"text":"my key is [redacted]"}\n{"text":"[redacted]"}\n');
  expect(statSync(to).mode & 0o777).toBe(0o600);
});

it('keeps none that is larger than 50 MB', () => {
  const { from, to, keep } = aSession();
  writeFileSync(from, '');
  truncateSync(from, 50 * 1024 * 1024 + 1);
  expect(keep(from)).toBeNull();
  expect(existsSync(to)).toBe(false);
});

it.each(['a file elsewhere', 'a link that leads elsewhere', 'a directory', 'nothing', 'null'])(
  'keeps none when an agent names %s',
  what => {
    const { root, agentDir, from, to, keep } = aSession();
    const elsewhere = join(root, 'elsewhere');
    writeFileSync(elsewhere, 'not for agents');
    const link = join(agentDir, 'link');
    symlinkSync(elsewhere, link);
    const named: Readonly<Record<string, string | null>> = {
      'a file elsewhere': elsewhere,
      'a link that leads elsewhere': link,
      'a directory': agentDir,
      nothing: from,
      null: null,
    };
    expect(keep(named[what] ?? null)).toBeNull();
    expect(existsSync(to)).toBe(false);
  },
);
