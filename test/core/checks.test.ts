import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CheckVerdict, joinChecks, verdictOfRun, verdictOfState } from '../../src/core/checks.ts';

describe('a check run', () => {
  it.each<[string, string | null, CheckVerdict]>([
    ['completed', 'success', 'pass'],
    ['completed', 'neutral', 'pass'],
    ['completed', 'skipped', 'pass'],
    ['completed', 'failure', 'fail'],
    ['completed', 'timed_out', 'fail'],
    ['completed', 'cancelled', 'fail'],
    ['completed', 'startup_failure', 'fail'],
    ['completed', 'action_required', 'pending'],
    ['completed', 'stale', 'pending'],
    ['completed', 'something_new', 'pending'],
    ['completed', 'constructor', 'pending'],
    ['completed', null, 'pending'],
    ['queued', null, 'pending'],
    ['in_progress', null, 'pending'],
    ['waiting', null, 'pending'],
    ['requested', null, 'pending'],
    ['pending', null, 'pending'],
    ['something_new', 'success', 'pending'],
  ])('that is %s with %s: %s', (status, conclusion, expected) => {
    expect(verdictOfRun(status, conclusion)).toBe(expected);
  });

  it('passes only with the three conclusions that GitHub lets pass', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (status, conclusion) => {
        const passes = status === 'completed' && ['success', 'neutral', 'skipped'].includes(conclusion);
        expect(verdictOfRun(status, conclusion) === 'pass').toBe(passes);
      }),
    );
  });
});

it.each<[string, CheckVerdict]>([
  ['success', 'pass'],
  ['failure', 'fail'],
  ['error', 'fail'],
  ['pending', 'pending'],
  ['something_new', 'pending'],
])('a commit status %s: %s', (state, expected) => {
  expect(verdictOfState(state)).toBe(expected);
});

it.each<[readonly CheckVerdict[], CheckVerdict]>([
  [[], 'unknown'],
  [['unknown', 'unknown'], 'unknown'],
  [['pass', 'unknown'], 'pass'],
  [['pass', 'pending'], 'pending'],
  [['pass', 'pending', 'fail'], 'fail'],
])('%s together: %s', (verdicts, expected) => {
  expect(joinChecks(verdicts)).toBe(expected);
});
