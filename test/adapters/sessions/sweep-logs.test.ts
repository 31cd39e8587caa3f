import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { identifySelf } from '../../../src/adapters/processes.ts';
import { createSession } from '../../../src/adapters/sessions/session-files.ts';
import { sweepLogs } from '../../../src/adapters/sessions/sweep-logs.ts';
import { makeTempDir } from '../../helpers/temp.ts';
import { makePlan } from './fixture.ts';

/** A run directory with a file of 100 bytes for each name, the first one the oldest. */
function aRunDir(names: readonly string[]) {
  const runDir = makeTempDir();
  const logs = join(runDir, 'logs');
  mkdirSync(logs);
  for (const [index, name] of names.entries()) {
    writeFileSync(join(logs, name), 'x'.repeat(100));
    utimesSync(join(logs, name), 1_000 + index, 1_000 + index);
  }
  return { runDir, left: () => readdirSync(logs).sort() };
}

const FOUR = ['x-app-i1-a1.log', 'x-app-i2-a1.transcript.jsonl', 'x-app-i3-a1.log', 'x-app-i3-a2.log'];

it('removes the oldest logs and transcripts when there is too much of them', () => {
  const { runDir, left } = aRunDir(FOUR);
  sweepLogs(runDir, { cap: 250 });
  expect(left()).toEqual(FOUR.slice(2));
});

it('removes nothing while they fit, and nothing where there is nothing', () => {
  const { runDir, left } = aRunDir(FOUR);
  sweepLogs(runDir, { cap: 400 });
  expect(left()).toEqual(FOUR);
  sweepLogs(join(runDir, 'nowhere'), { cap: 0 });
});

it('keeps what belongs to a session that is not settled, and the logs of workers', () => {
  const { runDir, left } = aRunDir([...FOUR, 'worker-main.log']);
  const plan = makePlan({ name: 'x-app-i1' });
  createSession(runDir, { plan, owner: identifySelf(), reservedAt: new Date().toISOString() });
  sweepLogs(runDir, { cap: 0 });
  expect(left()).toEqual(['worker-main.log', 'x-app-i1-a1.log']);
});
