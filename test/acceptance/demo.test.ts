import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { expect, it, onTestFinished } from 'vitest';
import { until } from './fleet.ts';

const PROGRAM = path.resolve(import.meta.dirname, '../../bin/harness');

/** Starts the demo with a temporary directory of its own, which must be empty when it has ended. */
function startDemo(...args: readonly string[]) {
  const temp = mkdtempSync(path.join(tmpdir(), 'harness-test-'));
  onTestFinished(() => rmSync(temp, { recursive: true, force: true }));
  const demo = execa(PROGRAM, ['demo', ...args], {
    env: { PATH: process.env.PATH ?? '', HOME: temp, TMPDIR: temp },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
  return { temp, demo };
}

const leftIn = (temp: string) =>
  readdirSync('/proc').filter(pid => {
    try {
      return (
        /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`${temp}/harness-demo`)
      );
    } catch {
      return false;
    }
  });

it('does the whole job and says what happened, as read back from the forge and git', async () => {
  const { temp, demo } = startDemo('--json');
  const ran = await demo;
  expect(ran.exitCode, ran.stderr).toBe(0);
  const report = JSON.parse(ran.stdout);
  expect(report).toMatchObject({ ok: true, testsPass: true });
  const attempts = report.issues.map((issue: { attempts: number }) => issue.attempts);
  expect(attempts).toEqual([1, 1, 1, 1, 1, 2]);
  expect(new Set(report.issues.map((issue: { commit: string }) => issue.commit)).size).toBe(6);
  expect(ran.stderr).toMatch(/#6 Make slugs: .*verify/);
  expect(readdirSync(temp)).toEqual([]);
  expect(leftIn(temp)).toEqual([]);
}, 120_000);

it('cleans up when it is interrupted', async () => {
  const { temp, demo } = startDemo();
  let shown = '';
  demo.stdout.on('data', chunk => {
    shown += chunk;
  });
  await until('an agent works', 30_000, () => /working/.test(shown));
  demo.kill('SIGINT');
  const ran = await demo;
  expect(ran.exitCode).toBe(130);
  expect(readdirSync(temp)).toEqual([]);
  expect(leftIn(temp)).toEqual([]);
}, 60_000);

it('keeps everything for a look when asked, until it is interrupted', async () => {
  const { temp, demo } = startDemo('--keep');
  let shown = '';
  demo.stdout.on('data', chunk => {
    shown += chunk;
  });
  await until('the table is shown', 60_000, () => /goes on at http/.test(shown));
  const [, dir = ''] = /Everything is in (\S+)\./.exec(shown) ?? [];
  demo.kill('SIGINT');
  await demo;
  expect(existsSync(path.join(dir, 'wordkit', '.git'))).toBe(true);
  expect(dir.startsWith(temp)).toBe(true);
  expect(leftIn(temp)).toEqual([]);
}, 120_000);
