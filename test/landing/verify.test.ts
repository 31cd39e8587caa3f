import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCommands } from '../../src/adapters/commands.ts';
import { parseSettings } from '../../src/core/parse-settings.ts';
import { checkoutsOf, type Verifier } from '../../src/landing/check-commit.ts';
import type { Verified } from '../../src/landing/plan.ts';
import { verifyMerge } from '../../src/landing/verify.ts';
import { parseSteps } from '../../src/landing/verify-steps.ts';
import type { FilePatch } from '../../src/ports.ts';

const TREES = { base: 'base', merged: 'merged' };
// Whatever carries the session's name is ended with a command: no other run of the tests may have the same.
const session = randomUUID();
const FACTS = { repo: 'a/b', base: TREES.base, head: 'head', session, isFix: false, earlier: null };

/** Checks out a file `tree` with the commit's name; commands run in it for real. */
function aVerifier(config: Readonly<Record<string, string>>): Verifier {
  const dir = mkdtempSync(path.join(tmpdir(), 'harness-verify-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const none = async () => {};
  return {
    checkoutsDir: dir,
    settings: parseSettings(config),
    commands: createCommands({
      env: process.env,
      pass: [],
      secrets: [],
      enclosure: async () => null,
      graceMs: 100,
    }),
    repos: {
      merge: async () => ({ kind: 'merged', commit: TREES.merged, tree: 't' }),
      checkout: async ({ commit, path: at }: { commit: string; path: string }) => {
        rmSync(at, { recursive: true, force: true });
        mkdirSync(at, { recursive: true });
        writeFileSync(path.join(at, 'tree'), commit);
      },
      removeWorktree: none,
      patch: async () => [],
    } as unknown as Verifier['repos'],
  };
}

const verify = (config: Readonly<Record<string, string>>, isFix = false) =>
  verifyMerge(aVerifier(config), { ...FACTS, isFix });

const verdictsOf = async (config: Readonly<Record<string, string>>) => {
  const result = await verify(config);
  const gates = result.kind === 'verified' ? result.verified.gates : result.gates;
  return gates.map(({ gate, verdict }) => `${gate}:${verdict}`);
};

describe('HARNESS_VERIFY', () => {
  it('has steps, each with a limit of its own', () => {
    expect(parseSteps('30s npm run lint ;; 20m npm test;;x && 5 y', 7_000)).toEqual([
      { command: 'npm run lint', timeoutMs: 30_000 },
      { command: 'npm test', timeoutMs: 1_200_000 },
      { command: 'x && 5 y', timeoutMs: 7_000 },
    ]);
  });

  it('ends at the first step that fails', async () => {
    const result = await verify({
      HARNESS_VERIFY: 'true ;; echo second && grep -q base tree ;; touch ../third',
    });
    expect(result).toMatchObject({ kind: 'failed', output: expect.stringContaining('second') });
    expect(result.kind === 'failed' && result.failure.message).toContain('echo second');
  });

  it('ends a step that takes too long', async () => {
    const result = await verify({ HARNESS_VERIFY: '1s grep -q base tree || sleep 20' });
    expect(result).toMatchObject({ kind: 'failed', failure: { message: expect.stringMatching(/too long/) } });
  });

  it('is believed when it succeeds at the second try, and that is told', async () => {
    const once = 'test -e ran || { touch ran; exit 1; }';
    expect(await verdictsOf({ HARNESS_VERIFY: once })).toEqual(['verify:pass', 'flaky:skipped']);
  });

  it('is told to be missing', async () => {
    expect(await verdictsOf({})).toEqual(['verify:skipped']);
  });
});

describe('a base that fails by itself', () => {
  const tap = (base: string, merged: string) => ({
    HARNESS_VERIFY: `grep -q base tree && printf '1..2\\n${base}' > r.tap || printf '1..2\\n${merged}' > r.tap; ! grep -q '^not ok' r.tap`,
    HARNESS_VERIFY_REPORT: 'r.tap',
  });
  const [A, B] = ['not ok 1 - a\\nok 2 - b\\n', 'ok 1 - a\\nnot ok 2 - b\\n'];

  it('does not keep a change from landing that makes nothing worse', async () => {
    expect(await verdictsOf(tap(A, A))).toEqual(['verify:pass']);
  });

  it('does not excuse a failure of the change', async () => {
    expect(await verdictsOf(tap(A, B))).toEqual(['verify:fail']);
    expect(await verdictsOf(tap('ok 1 - a\\nok 2 - b\\n', A))).toEqual(['verify:fail']);
  });

  it('lets a fix land that mends some of it, and none that does not', async () => {
    const neither = 'not ok 1 - a\\nnot ok 2 - b\\n';
    expect((await verify(tap(neither, A), true)).kind).toBe('verified');
    expect((await verify(tap(A, A), true)).kind).toBe('failed');
  });

  it('excuses nothing where no report tells what failed', async () => {
    expect(await verdictsOf({ HARNESS_VERIFY: 'false', HARNESS_VERIFY_REPORT: 'r.tap' })).toEqual([
      'verify:unknown',
    ]);
  });

  it('is held against nobody where no report is asked for', async () => {
    const { HARNESS_VERIFY } = tap(A, A);
    expect(await verdictsOf({ HARNESS_VERIFY })).toEqual(['verify:unknown']);
    expect((await verify({ HARNESS_VERIFY })).kind).toBe('verified');
  });

  it('excuses no earlier step', async () => {
    expect(await verdictsOf({ HARNESS_VERIFY: 'grep -q base tree ;; false' })).toEqual(['verify:fail']);
  });

  it('is found out once for all that is to land on it', async () => {
    const verifier = aVerifier({ HARNESS_VERIFY: 'cat tree >> ../ran; false' });
    for (const head of ['one', 'two']) {
      await verifyMerge(verifier, { ...FACTS, head });
    }
    const ran = readFileSync(path.join(checkoutsOf(verifier, 'a/b'), 'ran'), 'utf8');
    // Each failure is looked at twice.
    expect(ran.match(/merged|base/g)).toEqual(['merged', 'merged', 'base', 'base', 'merged', 'merged']);
  });

  it('excuses no step that the base does not fail', async () => {
    const facts = tap(A, A);
    const lint = 'grep -q base tree';
    expect(await verdictsOf({ ...facts, HARNESS_VERIFY: `${lint} ;; ${facts.HARNESS_VERIFY}` })).toEqual([
      'verify:fail',
    ]);
  });
});

describe('a change that redefines the check', () => {
  const verifyRedefining = async (command: string) => {
    const verifier = aVerifier({ HARNESS_VERIFY: command });
    const patch = async () => [{ path: 'vitest.config.ts', oldPath: null }] as unknown as FilePatch[];
    const restoreFiles = async ({ paths }: { paths: readonly string[] }) => `restored ${paths.join(' ')}`;
    const repos = {
      ...verifier.repos,
      patch,
      restoreFiles: (_repo: string, files: { paths: readonly string[] }) => restoreFiles(files),
    };
    const result = await verifyMerge({ ...verifier, repos }, FACTS);
    return result.kind === 'verified' ? result.verified.gates : result.gates;
  };

  it('is verified as the base defines it, too', async () => {
    expect(await verifyRedefining('grep -q -e merged -e "restored vitest.config.ts" tree')).toMatchObject([
      { gate: 'verify', verdict: 'pass' },
      { gate: 'verify-base', verdict: 'pass' },
    ]);
  });

  it('needs a person when it fails then', async () => {
    expect(await verifyRedefining('! grep -q restored tree')).toMatchObject([
      { gate: 'verify', verdict: 'pass' },
      { gate: 'verify-base', verdict: 'unknown', reason: expect.stringContaining('vitest.config.ts') },
    ]);
  });

  it('fails as any other that fails with its own definitions', async () => {
    expect(await verifyRedefining('! grep -q merged tree')).toMatchObject([
      { gate: 'verify', verdict: 'fail' },
    ]);
  });
});

describe('the tests of a change', () => {
  const added = (path: string, lines: readonly string[] = []) =>
    ({
      path,
      oldPath: null,
      status: 'added',
      added: lines.map((text, at) => ({ line: at + 1, text })),
      removed: [],
    }) as unknown as FilePatch;
  const BOTH = [added('test/a.test.ts'), added('src/a.ts')];

  /** The commit without the change's source is checked out as the word `alone` and the paths that are as before. */
  async function prove({
    files = BOTH,
    command = '! grep -q alone tree',
    config = {},
    isFix = false,
    earlier = null as Verified | null,
  }) {
    const verifier = aVerifier({ HARNESS_VERIFY: command, ...config });
    const repos = {
      ...verifier.repos,
      patch: async () => files,
      restoreFiles: async (_repo: string, { paths }: { paths: readonly string[] }) =>
        `alone ${paths.join(' ')}`,
    };
    const result = await verifyMerge({ ...verifier, repos }, { ...FACTS, isFix, earlier });
    const gates = result.kind === 'verified' ? result.verified.gates : result.gates;
    const said = gates.find(({ gate }) => gate === 'red-first');
    return { ends: result.kind, verdict: said?.verdict, reason: said?.reason };
  }

  it('are shown to fail without its other files', async () => {
    const command = 'grep -q -e merged tree || ! grep -qx "alone src/a.ts" tree';
    expect(await prove({ command })).toMatchObject({ ends: 'verified', verdict: 'pass' });
  });

  it('are noted when they succeed without them, and of a fix refused', async () => {
    expect(await prove({ command: 'true' })).toMatchObject({ ends: 'verified', verdict: 'skipped' });
    expect(await prove({ command: 'true', isFix: true })).toEqual({
      ends: 'failed',
      verdict: 'fail',
      reason: 'a fix without a test that fails without it (test/a.test.ts)',
    });
  });

  it('are missed in a fix alone', async () => {
    const files = [added('src/a.ts')];
    expect(await prove({ files, command: 'true' })).toMatchObject({ ends: 'verified', verdict: undefined });
    expect(await prove({ files, command: 'true', isFix: true })).toMatchObject({ verdict: 'fail' });
  });

  it.each([
    ['are all that it changes', [added('test/a.test.ts')], {}],
    ['are in the files that they test', [added('src/a.rs', ['#[test]', 'fn adds() {}'])], {}],
    ['can not be set up without it', BOTH, { HARNESS_SETUP: '! grep -q alone tree' }],
  ])('wait for the word of a person in a fix, where they %s', async (_what, files, config) => {
    expect(await prove({ files, config, command: 'true', isFix: true })).toMatchObject({
      ends: 'verified',
      verdict: 'unknown',
    });
    expect((await prove({ files, config, command: 'true' })).verdict).not.toBe('unknown');
  });

  it('are not run again where only the base has moved', async () => {
    const verdict = { gate: 'red-first', verdict: 'pass', reason: 'said before' } as const;
    const earlier = { head: 'head', base: 'older', tree: 't', gates: [verdict] };
    expect(await prove({ command: 'true', isFix: true, earlier })).toMatchObject({ reason: 'said before' });
    const other = { ...earlier, head: 'other' };
    expect(await prove({ command: 'true', isFix: true, earlier: other })).toMatchObject({ verdict: 'fail' });
  });

  it('are not asked for where HARNESS_RED_FIRST is off', async () => {
    const config = { HARNESS_RED_FIRST: 'off' };
    expect(await prove({ command: 'true', config, isFix: true })).toMatchObject({
      ends: 'verified',
      verdict: undefined,
    });
  });

  it('are in a fix for a red base the ones that it mends', async () => {
    const tap = (first: string) => `printf '1..2\\n${first} 1 - a\\nnot ok 2 - b\\n' > r.tap`;
    const command = `if grep -q base tree; then ${tap('not ok')}; else ${tap('ok')}; fi; false`;
    const config = { HARNESS_VERIFY_REPORT: 'r.tap' };
    expect(await prove({ files: [added('src/a.ts')], command, config, isFix: true })).toMatchObject({
      ends: 'verified',
      verdict: 'pass',
    });
  });
});

describe('the report of a run', () => {
  it('is none that was there before, and none outside of the checkout', async () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'harness-report-'));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    writeFileSync(path.join(dir, 'old.tap'), '1..1\nok 1 - forged\n');
    symlinkSync('/etc/hostname', path.join(dir, 'link.tap'));
    const options = { env: process.env, pass: [], secrets: [], enclosure: async () => null, graceMs: 100 };
    const reports = ['old.tap', 'link.tap', '../elsewhere', 'new'];
    const command = 'mkdir new && echo one > new/a.xml && echo two > new/b.txt';
    const ran = await createCommands(options).run({
      command,
      cwd: dir,
      timeoutMs: 5_000,
      tag: dir,
      reports,
    });
    expect(ran.reports).toEqual(['one\n']);
  });
});
