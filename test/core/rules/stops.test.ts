import { describe, expect, test } from 'vitest';
import { decide } from '../../../src/core/decide.ts';
import { dispatches, holds, repairs } from '../../helpers/decided.ts';
import {
  aBug,
  aLease,
  aMultiWorld,
  anIssue,
  aPrd,
  aRepo,
  aSession,
  aTarget,
  aWorld,
  childOf,
  closed,
  REPO,
} from '../../helpers/world.ts';

const config = { HARNESS_MODE: 'prd' };
const issues = [
  anIssue(1),
  aPrd(2),
  aPrd(3, { labels: ['prd', 'reviewed'] }),
  anIssue(4, { ...childOf(3), ...closed() }),
  aBug(5),
];

describe('a stop', () => {
  test.each([
    ['pause', { host: { paused: true } }, [], { 1: 'paused', 2: 'paused', 3: 'paused' }],
    ['a stale read', { repo: { read: 'stale' } }, [], { 1: 'stale', 2: 'stale', 3: 'stale' }],
    ['a failed read', { repo: { read: 'failed' } }, [], { 1: 'stale', 2: 'stale', 3: 'stale' }],
    ['a red default branch', { repo: { ci: 'fail' } }, ['CLOSE_PRD 3'], { 1: 'ci-red', 2: 'ci-red' }],
    [
      'an invalid WORKFLOW.md',
      { repo: { workflow: 'WORKFLOW.md, line 2: what?' } },
      ['CLOSE_PRD 3'],
      { 1: 'workflow', 2: 'workflow' },
    ],
  ] as const)('by %s', (_what, facts, expected, held) => {
    const world = aWorld({ config, issues, ...facts });
    expect(dispatches(world)).toEqual(expected);
    expect(holds(world)).toEqual(held);
  });

  test.each([
    ['pause', { host: { paused: true } }, [], 'paused'],
    ['a stale read', { repo: { read: 'stale' } }, [], 'stale'],
    ['a red default branch', { repo: { ci: 'fail' } }, ['TRIAGE 5'], undefined],
    ['an invalid WORKFLOW.md', { repo: { workflow: 'What?' } }, [], 'workflow'],
  ] as const)('of the bug lane by %s', (_what, facts, expected, code) => {
    const world = aWorld({ config, issues, lane: 'bugs', ...facts });
    expect(dispatches(world)).toEqual(expected);
    expect(holds(world)[5]).toBe(code);
  });

  test('by a red default branch can be switched off', () => {
    const world = aWorld({ issues: [anIssue(1)], config: { HARNESS_CI_GATE: '0' }, repo: { ci: 'fail' } });
    expect(dispatches(world)).toEqual(['IMPL 1']);
  });

  test('does not stop what clears away or puts down running work', () => {
    const running = {
      issues: [anIssue(1), anIssue(2), anIssue(3), anIssue(4), anIssue(5, closed())],
      leases: [
        aLease(1),
        aLease(2),
        aLease(3, { holder: 'other', live: false }),
        aLease(4, { holder: 'other' }),
      ],
      host: { sessions: [aSession(1, { outcome: 'done' }), aSession(4), aSession(5)] },
    };
    const paused = aWorld({ ...running, host: { ...running.host, paused: true } });
    expect(repairs(paused)).toEqual(['LAND 1', 'REAP 4', 'REAP 5', 'RELEASE 2', 'TAKE_OVER 3']);
    const stale = aWorld({ ...running, repo: { read: 'stale' } });
    expect(repairs(stale)).toEqual(['REAP 4', 'RELEASE 2']);
  });
});

describe('deps', () => {
  const targets = [aTarget('a'), aTarget('b', { deps: ['a'] })];
  const repos = { 'acme/a': aRepo([anIssue(1)]), 'acme/b': aRepo([anIssue(1), aBug(2)]) };

  test('hold a unit until they are complete', () => {
    const world = aMultiWorld(targets, repos);
    expect(dispatches(world)).toEqual(['IMPL acme/a#1']);
    expect(decide(world).holds).toMatchObject([
      { repo: 'acme/b', issue: 1, code: 'deps', reason: 'the unit waits for a' },
    ]);
    const done = aMultiWorld(targets, { ...repos, 'acme/a': aRepo([anIssue(1, closed())]) });
    expect(dispatches(done)).toEqual(['IMPL acme/b#1']);
  });

  test('hold none that a live worker has', () => {
    const world = aMultiWorld(targets, repos, { host: { claims: ['b'] } });
    expect(dispatches(world)).toEqual(['IMPL acme/a#1', 'IMPL acme/b#1']);
  });

  test('do not hold bugs', () => {
    expect(dispatches(aMultiWorld(targets, repos, { lane: 'bugs' }))).toEqual(['TRIAGE acme/b#2']);
  });
});

describe('attempts', () => {
  test.each([
    ['before its time', { notBefore: '2026-01-01T00:00:01Z' }, 'backoff'],
    ['with too many failures', { failures: ['a', 'b', 'c', 'd', 'e'] }, 'attempts'],
    [
      'with a conflict that its next attempt met again',
      { failures: ['a', 'conflict: x', 'conflict: y'] },
      'attempts',
    ],
    ['with far too many sessions', { attempts: 50 }, 'attempts'],
    ['that cost too much', { spend: 10 }, 'budget'],
    ['with an open breaker', { breaker: 'open' }, 'breaker'],
    [
      'before its time, with an open breaker',
      { notBefore: '2026-01-02T00:00:00Z', breaker: 'open' },
      'backoff',
    ],
  ] as const)('an issue %s is held', (_what, facts, code) => {
    const world = aWorld({
      config: { HARNESS_MAX_COST_USD: '10' },
      issues: [anIssue(1)],
      leases: [aLease(1, { holder: '', live: false, ...facts })],
    });
    expect(dispatches(world)).toEqual([]);
    expect(holds(world)).toEqual({ 1: code });
  });

  test.each([
    ['its time has come', { notBefore: '2026-01-01T00:00:00Z' }],
    ['no limit of cost is set', { spend: 1000 }],
    ['it failed before', { failures: ['a', 'b', 'c', 'd'] }],
    ['it was interrupted before', { attempts: 49 }],
    ['it had conflicts, and not one after the other', { failures: ['conflict: x', 'a', 'conflict: y'] }],
    ['its breaker lets a probe through', { breaker: 'half-open' }],
  ] as const)('an issue is tried again when %s', (_when, facts) => {
    const world = aWorld({
      issues: [anIssue(1)],
      leases: [aLease(1, { holder: '', live: false, ...facts })],
    });
    expect(dispatches(world)).toEqual(['IMPL 1']);
  });

  test('count for PRDs and bugs, but not for closing a PRD', () => {
    const leases = [2, 3, 5].map(issue => aLease(issue, { holder: '', breaker: 'open' }));
    const world = aWorld({ config, issues, leases });
    expect(dispatches(world)).toEqual(['IMPL 1', 'CLOSE_PRD 3']);
    expect(holds(world)).toEqual({ 2: 'breaker' });
    expect(holds({ ...world, lane: 'bugs' })[5]).toBe('breaker');
  });

  test('are bounded by HARNESS_MAX_ATTEMPTS', () => {
    const world = aWorld({
      config: { HARNESS_MAX_ATTEMPTS: '1' },
      issues: [anIssue(1)],
      leases: [aLease(1, { repo: REPO.toUpperCase(), holder: '', failures: ['a'] })],
    });
    expect(holds(world)).toEqual({ 1: 'attempts' });
  });
});
