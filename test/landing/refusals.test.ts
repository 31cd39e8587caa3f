import { describe, expect, it } from 'vitest';
import {
  type PullSight,
  type RefusalKind,
  refusalOf,
  remember,
  standing,
} from '../../src/landing/refusals.ts';

describe("GitHub's words when it does not merge", () => {
  it.each<[RefusalKind, string]>([
    ['base-moved', 'Base branch was modified. Review and try the merge again.'],
    ['behind', 'Head branch is out of date. Review and try the merge again.'],
    ['behind', 'This branch is not up to date with the base branch.'],
    ['others', 'Required status check "build" is expected.'],
    ['others', '2 of 3 required status checks have not succeeded: 1 expected and 1 failing.'],
    ['others', 'At least 1 approving review is required by reviewers with write access.'],
    ['others', 'Waiting on code owner review from acme/core.'],
    ['others', 'Changes were requested by a reviewer with write access.'],
    ['others', 'New changes require approval from someone other than the last pusher.'],
    ['others', 'A conversation must be resolved before this pull request can be merged.'],
    ['others', 'Repository rule violations found; Required deployments have not succeeded.'],
    ['person', 'Commits must have verified signatures.'],
    ['person', 'Commits must have valid signatures.'],
    ['person', 'Base branch requires signed commits. Rebase merges cannot be automatically signed by GitHub'],
    ['queue', 'Repository rule violations found; Changes must be made through the merge queue'],
    ['person', 'Squash merges are not allowed on this repository.'],
    ['person', 'Merge commits are not allowed on this repository.'],
    ['person', 'This branch must not contain merge commits.'],
    ['person', 'Pull Request is still a draft'],
    ['person', 'Pull Request is not mergeable'],
    ['person', ''],
  ])('ask for %s: %s', (kind, words) => {
    expect(refusalOf(words).kind).toBe(kind);
  });

  it('name what only a person can do before what comes by itself', () => {
    const both = 'Commits must have verified signatures. Required status check "build" is expected.';
    expect(refusalOf(both)).toMatchObject({ kind: 'person', hint: expect.stringContaining('sign') });
  });
});

const MINUTE = 60_000;
const START = Date.parse('2026-01-01T00:00:00Z');
const sight = (over: Partial<PullSight> = {}): PullSight => ({
  pull: { checks: 'pass', review: 'required' },
  reviews: [],
  ...over,
});
const refused = { reason: 'a review is missing', needs: 'others' } as const;
const first = remember(refused, { sight: sight(), before: null, nowMs: START });

describe('a merge that was refused', () => {
  it.each<[string, PullSight]>([
    ['a check', sight({ pull: { checks: 'pending', review: 'required' } })],
    ['the decision of reviewers', sight({ pull: { checks: 'pass', review: 'approved' } })],
    ['a review', sight({ reviews: [{ by: 'bob', sha: 'a'.repeat(40), verdict: 'approved', body: '' }] })],
  ])('is tried again once %s is seen to be another', (_what, now) => {
    expect(standing(first, { sight: sight(), nowMs: START + 1, hasWord: false })).toBe(first);
    expect(standing(first, { sight: now, nowMs: START + 1, hasWord: false })).toBeNull();
  });

  it('is tried again at growing intervals though nothing is seen, and at last each hour', () => {
    let refusal = first;
    const intervals: number[] = [];
    for (let turn = 0; turn < 9; turn += 1) {
      let nowMs = Date.parse(refusal.at);
      while (standing(refusal, { sight: sight(), nowMs, hasWord: false })) nowMs += MINUTE;
      intervals.push((nowMs - Date.parse(refusal.at)) / MINUTE);
      refusal = remember(refused, { sight: sight(), before: refusal, nowMs });
    }
    expect(intervals).toEqual([1, 1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it('begins anew with another reason', () => {
    const nowMs = START + 10 * MINUTE;
    const later = remember({ ...refused, reason: 'another' }, { sight: sight(), before: first, nowMs });
    expect(later.since).toBe(later.at);
  });

  it('waits for nothing but a word, where a person has taken it out of a queue', () => {
    const out = remember(
      { reason: 'alice took it out', needs: 'word' },
      { sight: sight(), before: null, nowMs: START },
    );
    const later = { sight: sight({ pull: { checks: 'fail', review: 'approved' } }), nowMs: START + 1e9 };
    expect(standing(out, { ...later, hasWord: false })).toBe(out);
    expect(standing(out, { ...later, hasWord: true })).toBeNull();
  });
});
