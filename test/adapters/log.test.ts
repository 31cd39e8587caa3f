import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createLog } from '../../src/adapters/log.ts';
import { makeTempDir } from '../helpers/temp.ts';

function makeLog(change: { isVerbose?: boolean; path?: string } = {}) {
  const dir = makeTempDir();
  const path = join(dir, 'logs', 'worker-1.log');
  const shown: string[] = [];
  const clock = { now: () => Date.parse('2030-01-02T03:04:05Z'), monotonic: () => 0, nonce: () => '' };
  const sink = (line: string) => shown.push(line);
  const log = createLog({ path, sink, isVerbose: false, secrets: ['secret-value'], clock, ...change });
  return { dir, path, shown, log, read: () => readFileSync(path, 'utf8').trim().split('\n') };
}

it('writes JSON for programs and a line for people', () => {
  const { log, shown, read } = makeLog();
  log.info('takes a lease', { issue: 7, blockers: ['#1', '#2'], base: null });
  expect(read().map(line => JSON.parse(line))).toEqual([
    {
      at: '2030-01-02T03:04:05.000Z',
      level: 'info',
      message: 'takes a lease',
      issue: 7,
      blockers: ['#1', '#2'],
      base: null,
    },
  ]);
  expect(shown).toEqual(['2030-01-02T03:04:05.000Z info  takes a lease issue=7 blockers=#1,#2 base=']);
});

it('keeps secrets out of both, and a message of a stranger on one line', () => {
  const { log, shown, read } = makeLog();
  log.warn('push to https://x:secret-value@host', { reason: 'secret-value\n2030 info  forged \u001b[31m' });
  expect([...shown, ...read()].join()).not.toContain('secret-value');
  expect(shown.join('')).not.toMatch(/\p{Cc}/u);
});

it('leaves debug messages out unless asked for them', () => {
  const quiet = makeLog();
  quiet.log.debug('detail');
  expect(quiet.shown).toEqual([]);
  const verbose = makeLog({ isVerbose: true });
  verbose.log.debug('detail');
  expect(verbose.read()).toHaveLength(1);
});

it('goes on when its directory is deleted', () => {
  const { dir, log, read } = makeLog();
  log.info('one');
  rmSync(join(dir, 'logs'), { recursive: true });
  log.info('two');
  expect(read()).toHaveLength(1);
});

it('says once that the file cannot be written, and never throws', () => {
  const { log, shown } = makeLog({ path: '/dev/full' });
  log.info('one');
  log.info('two');
  expect(shown.filter(line => line.includes("The log can't be written: "))).toHaveLength(1);
  expect(shown).toHaveLength(3);
});

it('starts a new file when the old one has grown', () => {
  const { path, log, read } = makeLog();
  mkdirSync(join(path, '..'));
  writeFileSync(path, Buffer.alloc(20 * 1024 * 1024 + 1, 'x'));
  log.info('fresh');
  expect(read()).toHaveLength(1);
  expect(statSync(`${path}.1`).size).toBe(20 * 1024 * 1024 + 1);
});
