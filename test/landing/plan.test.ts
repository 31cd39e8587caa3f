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
  queue: null,
  failure: null,
  ...over,
});

const verified = { head: HEAD, base: BASE, tree: 't', gates: [] };
const merged = aPull({ state: 'closed', merged: true, mergeCommit: 'm' });

const shown = { verified, branch: HEAD, pull: aPull() };
const MARK = { left: null, gates: [] };
const LEFT = { id: '1', reason: 'failed_checks', by: null, isByPerson: false, commit: null };
const OUT = { position: null, left: null, mark: null };
const IN = { position: 1, left: null, mark: null };
const READY = { gates: [], waits: null, wantsReviewer: false, wantsPerson: false, failure: null };

const WAITS = { ...READY, waits: 'for a person' };

describe('the next step of a landing', () => {
  it.each<[string, Partial<LandingFacts>, string]>([
    ['verifies before anything is public', {}, 'verify'],
    ['publishes what is verified', { verified }, 'publish'],
    ['verifies again when the base has moved', { verified: { ...verified, base: 'old' } }, 'verify'],
    ['verifies again when the head is another', { verified: { ...verified, head: 'old' } }, 'verify'],
    ['publishes again when the branch points elsewhere', { verified, branch: 'old' }, 'publish'],
    ['opens a pull request for a pushed branch', { verified, branch: HEAD }, 'open-pull'],
    ['asks checks and people about a pull request', shown, 'ask'],
    ['waits for them', { ...shown, readiness: WAITS }, 'wait'],
    ['merges when nobody has to say more', { ...shown, readiness: READY }, 'merge'],
    ['lets the base move while it waits', { ...shown, base: 'new', readiness: WAITS }, 'wait'],
    ['verifies on the new base then', { ...shown, base: 'new', readiness: READY }, 'verify'],
    ['puts it into the queue of a base that has one', { ...shown, readiness: READY, queue: OUT }, 'enqueue'],
    [
      'verifies on the new base before that',
      { ...shown, base: 'new', readiness: READY, queue: OUT },
      'verify',
    ],
    ['asks checks and people about what is in the queue', { ...shown, queue: IN }, 'ask'],
    [
      'waits for the queue, however the base moves',
      { ...shown, base: 'new', readiness: READY, queue: IN },
      'wait',
    ],
    ['waits for the queue, too, where a person put it in', { ...shown, readiness: WAITS, queue: IN }, 'wait'],
    [
      'answers why it left the queue',
      { ...shown, readiness: READY, queue: { ...OUT, mark: MARK, left: LEFT } },
      'part',
    ],
    [
      'puts it in again, once that is answered',
      { ...shown, readiness: READY, queue: { ...OUT, mark: { left: '1', gates: [] }, left: LEFT } },
      'enqueue',
    ],
    [
      'takes out of the queue what can land no more',
      { ...shown, failure: aFailure(), queue: { ...IN, mark: MARK } },
      'dequeue',
    ],
    ['leaves in the queue what a person put there', { ...shown, failure: aFailure(), queue: IN }, 'fail'],
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
