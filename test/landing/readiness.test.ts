import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../src/core/parse-settings.ts';
import { expectedChecks, type ReadinessFacts, readinessOf } from '../../src/landing/readiness.ts';
import type { PullReview } from '../../src/ports.ts';

const HEAD = 'a'.repeat(40);
const verified = { gate: 'verify', verdict: 'pass', reason: 'ok' } as const;
const unverified = { gate: 'verify', verdict: 'skipped', reason: 'not set' } as const;
const weakened = { gate: 'weakened', verdict: 'unknown', reason: 'deletes a test' } as const;

const ask = (
  over: Partial<Omit<ReadinessFacts, 'settings'>> = {},
  config: Readonly<Record<string, string>> = {},
) =>
  readinessOf({
    settings: parseSettings(config),
    head: HEAD,
    gates: [verified],
    pull: { headSha: HEAD, checks: 'unknown' },
    reviews: [],
    approvals: [],
    reviewed: null,
    refusal: null,
    pushedMs: 0,
    ...over,
  });

const aReview = (over: Partial<PullReview> = {}): PullReview => ({
  by: 'bob',
  sha: HEAD,
  verdict: 'approved',
  body: '',
  ...over,
});

describe('checks', () => {
  const said = (checks: 'pass' | 'fail' | 'pending' | 'unknown') => ({ pull: { headSha: HEAD, checks } });

  it('are not waited for where none are set up', () => {
    expect(ask()).toMatchObject({ waits: null, failure: null });
  });

  it('are waited for while one runs, even where none was expected', () => {
    expect(ask(said('pending')).waits).toMatch(/waits for the checks/);
  });

  it('let the change go when all passed, and end the attempt when one failed', () => {
    expect(ask(said('pass'))).toMatchObject({ waits: null, failure: null });
    expect(ask(said('fail')).failure?.class).toBe('checks');
  });

  it('count for their own head alone', () => {
    const pull = { headSha: 'b'.repeat(40), checks: 'pass' } as const;
    expect(ask({ pull, gates: [verified, expectedChecks(true)] }).waits).not.toBeNull();
  });

  it('are waited for so long where some are to be expected', () => {
    const expected = { gates: [verified, expectedChecks(true)] };
    expect(ask({ ...expected, pushedMs: 119_000 }).waits).not.toBeNull();
    expect(ask({ ...expected, pushedMs: 121_000 }).waits).toBeNull();
    expect(ask({ ...expected, pull: null }).waits).not.toBeNull();
  });

  it('must be reported where they are required, and say nothing where they are off', () => {
    expect(ask({ pushedMs: 1e9 }, { HARNESS_CHECKS: 'require' }).waits).not.toBeNull();
    expect(ask(said('fail'), { HARNESS_CHECKS: 'off' })).toMatchObject({ waits: null, failure: null });
  });
});

describe("a person's review", () => {
  const human = { HARNESS_REVIEW: 'human' };

  it('is waited for, until somebody approves exactly this head', () => {
    expect(ask({}, human).waits).toMatch(/waits for the review of a person/);
    expect(ask({ reviews: [aReview({ sha: 'b'.repeat(40) })] }, human).waits).not.toBeNull();
    expect(ask({ reviews: [aReview()] }, human).waits).toBeNull();
  });

  it('may be the word of a command, and is then never shown as one of GitHub', () => {
    const { waits, gates } = ask({ approvals: [{ by: 'ann', sha: HEAD }] }, human);
    expect(waits).toBeNull();
    expect(gates.find(({ gate }) => gate === 'review')?.reason).toBe(
      'ann approved it with `harness approve`',
    );
    expect(ask({ approvals: [{ by: 'ann', sha: 'b'.repeat(40) }] }, human).waits).not.toBeNull();
  });

  it('stops a change that it objects to, also where none was asked for', () => {
    const reviews = [aReview({ verdict: 'changes_requested' }), aReview({ by: 'ann' })];
    expect(ask({ reviews }).failure).toMatchObject({ class: 'review', message: 'bob asks for changes' });
  });
});

describe('what nobody proved', () => {
  it('waits for checks that pass, or for a person', () => {
    expect(ask({ gates: [unverified] }).waits).toMatch(/nothing proves it/);
    expect(ask({ gates: [unverified], reviews: [aReview()] }).waits).toBeNull();
    expect(ask({ gates: [unverified], pull: { headSha: HEAD, checks: 'pass' } }).waits).toBeNull();
  });

  it('lands all the same where the policy says so', () => {
    expect(ask({ gates: [unverified] }, { HARNESS_UNVERIFIED: 'land' }).waits).toBeNull();
  });
});

describe('weakened checks', () => {
  it('wait for the word of a person on this head', () => {
    expect(ask({ gates: [verified, weakened] }).waits).toBe('deletes a test');
    const { waits, gates } = ask({ gates: [verified, weakened], reviews: [aReview()] });
    expect(waits).toBeNull();
    expect(gates).toContainEqual({
      gate: 'weakened',
      verdict: 'pass',
      reason: 'deletes a test: accepted, bob approved it on GitHub',
    });
  });
});
