import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { expect, it, onTestFinished } from 'vitest';
import { until } from './fleet.ts';
import { everythingIn, ownRepository } from './own-repository.ts';

const PROGRAM = path.resolve(import.meta.dirname, '../../bin/harness');

/** Starts the demo with a temporary directory of its own, which must be empty when it has ended. */
function startDemo(...args: readonly string[]) {
  const temp = mkdtempSync(path.join(tmpdir(), 'harness-test-'));
  const demo = execa(PROGRAM, ['demo', ...args], {
    env: { PATH: process.env.PATH ?? '', HOME: temp, TMPDIR: temp },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
  onTestFinished(async () => {
    // It clears everything away itself; what a test has waited for has ended by now.
    demo.kill('SIGINT');
    await demo;
    rmSync(temp, { recursive: true, force: true });
  }, 60_000);
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
}, 240_000);

it('takes one page to the finished plan, and says what each stage came to', async () => {
  const { temp, demo } = startDemo('--mode', 'planned', '--json');
  const ran = await demo;
  expect(ran.exitCode, ran.stderr).toBe(0);
  const report = JSON.parse(ran.stdout);
  expect(report).toMatchObject({
    ok: true,
    testsPass: true,
    plan: {
      spec: 'docs/spec.md',
      steps: [
        { kind: 'PLAN', pull: 1 },
        { kind: 'PRD', pull: null },
        { kind: 'ARCHIVE', pull: expect.any(Number) },
      ],
      archived: expect.stringMatching(/^docs\/harness\/archive\/[\w-]+\.md$/),
      isComplete: true,
    },
  });
  const rows = report.issues.map((issue: { title: string; kinds: string[]; commit: string | null }) => [
    issue.title,
    issue.kinds.join(' '),
    issue.commit !== null,
  ]);
  // Issues of one stage are numbered in the order of its proposal; the last one is the gap that the review found.
  expect(rows).toEqual([
    ['Take texts apart', 'DECOMPOSE REVIEW', false],
    ['Say what is in a text', 'DECOMPOSE REVIEW REVIEW', false],
    ['Split text into words', 'IMPL', true],
    ['Make slugs', 'IMPL IMPL', true],
    ['Count words', 'IMPL', true],
    ['Find the longest word', 'IMPL', true],
    ['Count how often each word occurs', 'IMPL', true],
    ['Report on a text', 'IMPL', true],
    ['Name the functions in the README', 'IMPL', true],
  ]);
  expect(readdirSync(temp)).toEqual([]);
  expect(leftIn(temp)).toEqual([]);
}, 400_000);

it('cleans up when it is interrupted', async () => {
  const { temp, demo } = startDemo();
  let shown = '';
  demo.stdout.on('data', chunk => {
    shown += chunk;
  });
  await until('an agent works', 60_000, () => /working/.test(shown));
  demo.kill('SIGINT');
  const ran = await demo;
  expect(ran.exitCode).toBe(130);
  expect(readdirSync(temp)).toEqual([]);
  expect(leftIn(temp)).toEqual([]);
}, 240_000);

const AGENT = `"${process.execPath}" "${path.join(import.meta.dirname, 'agents/scripted.mjs')}"`;

it('files one small issue when it is given none, and keeps everything for a look when asked', async () => {
  const small = ['--repo', ownRepository(), '--agent', AGENT, '--verify', 'true'];
  const { temp, demo } = startDemo('--keep', ...small);
  let shown = '';
  demo.stdout.on('data', chunk => {
    shown += chunk;
  });
  await until('the table is shown', 60_000, () => /goes on at http/.test(shown));
  const [, dir = ''] = /Everything is in (\S+)\./.exec(shown) ?? [];
  expect(shown).toMatch(/^#1 .* Say what this project is *$/m);
  expect(shown).not.toMatch(/^#2 /m);
  expect(shown).toContain('Every issue was closed by a merged pull request');
  demo.kill('SIGINT');
  expect((await demo).exitCode).toBe(0);
  const [name = ''] = readdirSync(path.join(dir, 'work'));
  expect(existsSync(path.join(dir, 'work', name, '.git'))).toBe(true);
  expect(dir.startsWith(temp)).toBe(true);
  expect(leftIn(temp)).toEqual([]);
}, 240_000);

it("does a person's issues on a copy of the person's repository, with the person's agent", async () => {
  // A configuration of its own, and a committed one, must not lead the demo to anything of the person's.
  const repository = ownRepository({
    '.harness/config': 'HARNESS_REPO=acme/real\nHARNESS_LABEL_READY=mine\nHARNESS_VERIFY=false\n',
  });
  const before = everythingIn(repository);
  const issues = path.join(path.dirname(repository), 'issues.md');
  writeFileSync(issues, '# first\n\nText\n\n# second\n\n## Blocked by\n\n- #1\n');
  const { temp, demo } = startDemo(
    ...['--json', '--repo', repository, '--issues', issues, '--agent', AGENT],
    ...['--verify', 'test -f README.md'],
  );
  const ran = await demo;
  expect(ran.exitCode, ran.stderr).toBe(0);
  expect(JSON.parse(ran.stdout)).toMatchObject({
    ok: true,
    testsPass: null,
    issues: [
      { title: 'first', state: 'closed', attempts: 1 },
      { title: 'second', state: 'closed', attempts: 1 },
    ],
  });
  expect(everythingIn(repository)).toEqual(before);
  expect(readdirSync(temp)).toEqual([]);
  expect(leftIn(temp)).toEqual([]);
}, 240_000);

it.each([
  ['a repository without an agent', ['--repo', '.'], /--repo: the scripted agent knows only/],
  ['issues without a repository', ['--issues', 'x.md'], /--issues: the demo's own project has its own/],
  ['a directory that is no repository', ['--repo', '/', '--agent', 'x'], /--repo \/: not a git repository/],
  ['a mode that it cannot show', ['--mode', 'prd'], /--mode: expected issue-only or planned/],
  [
    "a mode that a person's project has no specification for",
    ['--mode', 'planned', '--repo', '.', '--agent', 'x'],
    /Leave out --repo/,
  ],
  ['a limit that is no time', ['--limit', '0'], /--limit: expected a whole number from 1/],
])('refuses %s', async (_what, args, message) => {
  const { temp, demo } = startDemo(...args);
  const ran = await demo;
  expect(ran.stderr).toMatch(message);
  expect(ran.exitCode).toBe(2);
  expect(readdirSync(temp)).toEqual([]);
});
