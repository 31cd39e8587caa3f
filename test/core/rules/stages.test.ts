import { describe, expect, test } from 'vitest';
import type { PlanState } from '../../../src/core/world.ts';
import { complete, dispatches, holds, repairs } from '../../helpers/decided.ts';
import {
  aBug,
  aLease,
  anIssue,
  aPrd,
  aSession,
  aWorld,
  closed,
  type WorldFacts,
} from '../../helpers/world.ts';

const planned = (plan: Partial<PlanState>, { config, repo, ...facts }: WorldFacts = {}) =>
  aWorld({
    specHash: 'now',
    ...facts,
    config: { HARNESS_MODE: 'planned', HARNESS_SPEC: 'SPEC.md', ...config },
    repo: { ...repo, plan: { exists: false, markerHash: null, prds: [], ...plan } },
  });

const donePrd = aPrd(7, closed());

describe('the review of a change', () => {
  const waiting = aLease(5, { landing: 'abc', waits: 'the review of an agent', review: true });
  const withChange = (facts: WorldFacts) =>
    planned(
      { exists: true },
      { issues: [anIssue(5)], config: { HARNESS_CAP: '1' }, leases: [waiting], ...facts },
    );

  test('does not begin beside PLAN or PRD, which are alone', () => {
    expect(dispatches(withChange({}))).toEqual(['PRD']);
    expect(repairs(withChange({}))).toEqual(['LAND 5']);
    const atWork = withChange({ host: { sessions: [aSession(null, { kind: 'PRD' })] } });
    expect(repairs(atWork)).not.toContain('CODE_REVIEW 5');
  });

  test('begins while they wait for the session that made the change', () => {
    const draining = withChange({ host: { sessions: [aSession(5, { outcome: 'done' })] } });
    expect(dispatches(draining)).toEqual([]);
    expect(repairs(draining)).toContain('CODE_REVIEW 5');
  });
});

describe('PLAN', () => {
  test.each([
    ['nothing is there yet', {}, [], ['PLAN']],
    ['there is a bug only', {}, [aBug(3)], ['PLAN']],
    ['there is a closed child only', {}, [anIssue(3, closed())], ['PLAN']],
    ['the specification has changed since', { markerHash: 'old' }, [], ['PLAN']],
    ['it has changed since, and the PRDs are closed', { markerHash: 'old' }, [donePrd], ['PLAN']],
    ['the specification is finished', { markerHash: 'now' }, [], []],
    ['its PRDs are closed, without a marker', {}, [donePrd], []],
    ['a PRD is open', { markerHash: 'old' }, [aPrd(8, { ...closed(), state: 'open' })], ['DECOMPOSE 8']],
    ['a child is open', {}, [anIssue(3)], ['IMPL 3']],
    ["a stranger's PRD is open", {}, [aPrd(3, { author: 'eve' })], ['PLAN']],
  ] as const)('when %s', (_when, plan, issues, expected) => {
    expect(dispatches(planned(plan, { issues }))).toEqual(expected);
  });

  test('is a matter of the mode planned', () => {
    expect(dispatches(planned({}, { config: { HARNESS_MODE: 'prd' } }))).toEqual([]);
  });

  test('is held without a specification, which matches no marker', () => {
    for (const markerHash of [null, 'old']) {
      const world = planned({ markerHash }, { specHash: null });
      expect(dispatches(world)).toEqual([]);
      expect(holds(world)).toEqual({ unit: 'no-spec' });
    }
  });

  test.each([
    ['a session of the unit lives', { host: { sessions: [aSession(900, { kind: 'FIX' })] } }, 'working'],
    ['one has its outcome', { host: { sessions: [aSession(900, { outcome: 'done' })] } }, 'working'],
    [
      'another fleet works on a stage',
      { leases: [aLease(null, { scope: 'stage', holder: 'other' })] },
      'leased',
    ],
    [
      'its last attempt failed',
      { leases: [aLease(null, { scope: 'stage', holder: '', breaker: 'open' })] },
      'breaker',
    ],
    ['the fleet is paused', { host: { paused: true } }, 'paused'],
    ['the default branch is red', { repo: { ci: 'fail' } }, 'ci-red'],
    ['WORKFLOW.md is invalid', { repo: { workflow: 'What?' } }, 'workflow'],
  ] as const)('waits while %s', (_when, facts, code) => {
    const world = planned({}, facts);
    expect(dispatches(world)).toEqual([]);
    expect(holds(world)).toEqual({ unit: code });
  });

  test('is not due in a repository that was not read', () => {
    for (const read of ['missing', 'stale', 'failed'] as const)
      expect(dispatches(planned({}, { repo: { read } }))).toEqual([]);
  });

  test('gives an interrupted attempt back first', () => {
    const own = planned({}, { leases: [aLease(null, { scope: 'stage' })] });
    expect([dispatches(own), repairs(own)]).toEqual([[], ['RELEASE']]);
    const dead = planned({}, { leases: [aLease(null, { scope: 'stage', holder: 'other', live: false })] });
    expect([dispatches(dead), repairs(dead)]).toEqual([[], ['TAKE_OVER']]);
  });
});

describe('PRD', () => {
  test.each([
    ['there is a PLAN.md and no PRD', { exists: true }, [], ['PRD']],
    ['only an injected child is there', { exists: true }, [anIssue(3)], ['PRD']],
    ['the PRDs are of an earlier plan', { exists: true, markerHash: 'old' }, [donePrd], ['PRD']],
    ['one of them is still open', { exists: true, markerHash: 'old' }, [aPrd(7)], ['PRD']],
    ['a PRD is there, and no earlier plan', { exists: true }, [aPrd(7)], ['DECOMPOSE 7']],
    ['its PRDs are there', { exists: true, markerHash: 'old', prds: [7] }, [aPrd(7)], ['DECOMPOSE 7']],
    ['the plan is finished', { exists: true, markerHash: 'now' }, [donePrd], []],
  ] as const)('when %s', (_when, plan, issues, expected) => {
    expect(dispatches(planned(plan, { issues }))).toEqual(expected);
  });

  test('comes before everything else and alone', () => {
    const issues = [anIssue(3), anIssue(4)];
    expect(holds(planned({ exists: true }, { issues }))).toEqual({ 3: 'no-slot', 4: 'no-slot' });
    const draining = planned({ exists: true }, { issues, host: { sessions: [aSession(3)] } });
    expect(dispatches(draining)).toEqual([]);
    expect(holds(draining)).toEqual({ unit: 'working', 3: 'working', 4: 'no-slot' });
  });

  test('lets other work go on while its own attempts are held', () => {
    const leases = [aLease(null, { scope: 'stage', holder: '', notBefore: '2026-01-01T01:00:00Z' })];
    const world = planned({ exists: true }, { issues: [anIssue(3)], leases });
    expect(dispatches(world)).toEqual(['IMPL 3']);
    expect(holds(world)).toEqual({ unit: 'backoff' });
  });

  test.each([
    ['here', { host: { sessions: [aSession(null, { kind: 'PRD' })] } }],
    ['at its end here', { host: { sessions: [aSession(null, { kind: 'PLAN', outcome: 'done' })] } }],
    ['elsewhere', { leases: [aLease(null, { scope: 'stage', holder: 'other' })] }],
  ] as const)('while a stage is at work %s nothing else starts in the unit', (_where, facts) => {
    const issues = [anIssue(3), aPrd(7), aBug(9)];
    const world = planned({ exists: true, prds: [7] }, { issues, ...facts });
    expect(dispatches(world)).toEqual([]);
    expect(dispatches({ ...world, lane: 'bugs' })).toEqual([]);
  });
});

describe('ARCHIVE', () => {
  const finished = { exists: true, prds: [7] };

  test('is due when the unit is complete and PLAN.md is still there', () => {
    const world = planned(finished, { issues: [donePrd] });
    expect(complete(world)).toEqual(['main']);
    expect(repairs(world)).toEqual(['ARCHIVE']);
  });

  test.each([
    ['a PRD is open', { issues: [aPrd(7)] }],
    ['a session lives', { issues: [donePrd], host: { sessions: [aSession(9, { kind: 'FIX' })] } }],
    ['the fleet is paused', { issues: [donePrd], host: { paused: true } }],
    [
      'another fleet does it',
      { issues: [donePrd], leases: [aLease(null, { scope: 'stage', holder: 'other' })] },
    ],
    ['the read is stale', { issues: [donePrd], repo: { read: 'stale' } }],
  ] as const)('waits while %s', (_when, facts) => {
    expect(repairs(planned(finished, facts))).toEqual([]);
  });
});
