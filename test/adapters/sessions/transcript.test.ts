import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { keepTranscript } from '../../../src/adapters/sessions/keep-transcript.ts';
import { makeTempDir } from '../../helpers/temp.ts';

const CAP = 4_000;

function aSession() {
  const root = makeTempDir();
  const agentDir = join(root, 'agent');
  mkdirSync(agentDir);
  const from = join(agentDir, 'conversation.jsonl');
  const to = join(root, 'logs', 'x-i7-a1.transcript.jsonl');
  const keep = (path: string | null, secrets: readonly string[] = []) =>
    keepTranscript({ from: path, dirs: [agentDir, join(root, 'none')], to, cap: CAP, secrets });
  return { root, agentDir, from, to, keep };
}

it('keeps a transcript for its owner only, without secrets', () => {
  const { from, to, keep } = aSession();
  const token = `ghp_${'0123456789ab'.repeat(3)}`;
  writeFileSync(from, `{"text":"my key is key-of-my-model"}\n{"text":"${token}"}\n`);
  expect(keep(from, ['key-of-my-model'])).toEqual({ path: to, isWhole: true });
  expect(readFileSync(to, 'utf8')).toBe('{"text":"my key is [redacted]"}\n{"text":"[redacted]"}\n');
  expect(statSync(to).mode & 0o777).toBe(0o600);
});

it('keeps whole lines of the beginning and the end of one that is too large', () => {
  const { from, to, keep } = aSession();
  const rows = Array.from({ length: 2_000 }, (_, number) => `{"row":${number},"key":"key-of-my-model"}`);
  writeFileSync(from, `${rows.join('\n')}\n`);
  expect(keep(from, ['key-of-my-model'])).toEqual({ path: to, isWhole: false });
  const kept = readFileSync(to, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
  expect(kept[0]).toEqual({ row: 0, key: '[redacted]' });
  expect(kept.at(-1)).toEqual({ row: 1_999, key: '[redacted]' });
  expect(kept.find(({ type }) => type === 'harness').omittedBytes).toBeGreaterThan(50_000);
  expect(statSync(to).size).toBeLessThanOrEqual(CAP);
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
