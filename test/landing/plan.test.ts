import { describe, expect, it } from 'vitest';
import { type LandingFacts, nextStep } from '../../src/landing/plan.ts';
import type { PullDetails } from '../../src/ports.ts';
import { aFailure } from '../helpers/journal.ts';

const HEAD = 'a'.repeat(40);
const BASE = 'b'.repeat(40);

const aPull = (over: Partial<PullDetails> = {}): PullDetails => ({
  number: 3,
  head: 'issue/7',
  headSha: HEAD,
  base: 'main',
  state: 'open',
  merged: false,
  mergeCommit: null,
  checks: 'unknown',
  review: 'none',
  closes: [7],
  ...over,
});

const facts = (over: Partial<LandingFacts> = {}): LandingFacts => ({
  issueState: 'open',
  head: HEAD,
  base: BASE,
  verified: null,
  branch: null,
  pull: null,
  readiness: null,
  refusal: null,
  failure: null,
  ...over,
});

const verified = { head: HEAD, base: BASE, tree: 't', gates: [] };
const merged = aPull({ state: 'closed', merged: true, mergeCommit: 'm' });

const shown = { verified, branch: HEAD, pull: aPull() };
const READY = { gates: [], waits: null, wantsReviewer: false, wantsPerson: false, failure: null };

describe('the next step of a landing', () => {
  it.each<[string, Partial<LandingFacts>, string]>([
    ['verifies before anything is public', {}, 'verify'],
    ['publishes what is verified', { verified }, 'publish'],
    ['verifies again when the base has moved', { verified: { ...verified, base: 'old' } }, 'verify'],
    ['verifies again when the head is another', { verified: { ...verified, head: 'old' } }, 'verify'],
    ['publishes again when the branch points elsewhere', { verified, branch: 'old' }, 'publish'],
    ['opens a pull request for a pushed branch', { verified, branch: HEAD }, 'open-pull'],
    ['asks checks and people about a pull request', shown, 'ask'],
    ['waits for them', { ...shown, readiness: { ...READY, waits: 'for a person' } }, 'wait'],
    ['merges when nobody has to say more', { ...shown, readiness: READY }, 'merge'],
    [
      'lets the base move while it waits',
      { ...shown, base: 'new', readiness: { ...READY, waits: 'for a person' } },
      'wait',
    ],
    ['verifies on the new base then', { ...shown, base: 'new', readiness: READY }, 'verify'],
    ['finishes what is merged already, whatever else', { pull: merged, issueState: 'closed' }, 'finish'],
    ['fails at a gate that does not hold', { failure: aFailure() }, 'fail'],
    ['gives up when the issue was closed', { verified, issueState: 'closed' }, 'fail'],
    [
      'gives up when a person closed the pull request',
      { verified, pull: aPull({ state: 'closed' }) },
      'fail',
    ],
  ])('%s', (_title, over, expected) => {
    expect(nextStep(facts(over)).kind).toBe(expected);
  });

  it('does not take the merge of another head for its own', () => {
    const other = aPull({ state: 'closed', merged: true, mergeCommit: 'm', headSha: 'other' });
    expect(nextStep(facts({ verified, branch: HEAD, pull: other })).kind).not.toBe('finish');
  });

  it('never merges what is not verified on exactly this head and base', () => {
    for (const stale of [null, { ...verified, head: 'old' }, { ...verified, base: 'old' }]) {
      const step = nextStep(facts({ ...shown, readiness: READY, verified: stale }));
      expect(step.kind).toBe('verify');
    }
  });
});
