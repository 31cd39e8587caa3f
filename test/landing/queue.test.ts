import { expect, it } from 'vitest';
import { leavingOf, type Parting, partingOf } from '../../src/landing/queue.ts';

it.each<[Parting, string, boolean]>([
  ['merged', 'merged', false],
  ['merged', 'already_merged', false],
  ['checks', 'failed_checks', false],
  ['checks', 'ci_failure', false],
  ['conflict', 'merge_conflict', false],
  ['person', 'manual', true],
  ['others', 'manual', false],
  ['others', 'checks_timed_out', false],
  ['others', 'queue_cleared', false],
  ['others', 'branch_protections', false],
  ['unknown', 'git_tree_invalid', false],
  ['unknown', '', true],
])('that a pull request left the queue means %s: %s', (parting, reason, isByPerson) => {
  expect(partingOf({ reason, isByPerson })).toBe(parting);
});

it('counts since the engine has put it in, and once', () => {
  const left = { id: '2', reason: 'manual', by: 'ann', isByPerson: true, commit: null };
  const out = { position: null, left };
  expect(leavingOf({ ...out, mark: null })).toBeNull();
  expect(leavingOf({ ...out, mark: { left: '2', gates: [] } })).toBeNull();
  expect(leavingOf({ ...out, mark: { left: '1', gates: [] } })).toBe(left);
  expect(leavingOf({ ...out, mark: { left: null, gates: [] }, position: 1 })).toBeNull();
});
