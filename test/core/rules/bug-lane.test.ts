import { describe, expect, test } from 'vitest';
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
  blockedBy,
  childOf,
  closed,
} from '../../helpers/world.ts';

const aTriagedBug = (number: number) => aBug(number, { labels: ['bug', 'bug-triaged', 'priority:0'] });

describe('the bug lane', () => {
  test('lists every FIX before every TRIAGE over all units, then by unit and number', () => {
    const world = aMultiWorld(
      [aTarget('b'), aTarget('a')],
      {
        'acme/a': aRepo([aBug(3), aTriagedBug(9), aTriagedBug(4)]),
        'acme/b': aRepo([aTriagedBug(8), aBug(7, { labels: ['bug', 'priority:0'] }), aBug(5)]),
      },
      { lane: 'bugs', config: { HARNESS_CAP: '1' } },
    );
    expect(dispatches(world)).toEqual([
      'FIX acme/b#8',
      'FIX acme/a#4',
      'FIX acme/a#9',
      'TRIAGE acme/b#5',
      'TRIAGE acme/b#7',
      'TRIAGE acme/a#3',
    ]);
    expect(dispatches({ ...world, unit: 'a' })).toEqual(['FIX acme/a#4', 'FIX acme/a#9', 'TRIAGE acme/a#3']);
  });

  test('holds what is blocked or worked on', () => {
    const world = aWorld({
      lane: 'bugs',
      issues: [aBug(5, blockedBy(99)), aBug(6), aBug(7, closed()), aBug(8)],
      leases: [aLease(6, { holder: 'other' })],
    });
    expect(dispatches(world)).toEqual(['TRIAGE 8']);
    expect(holds(world)).toEqual({ 5: 'blocked', 6: 'leased' });
  });

  test.each([
    ['at work', aSession(900, { kind: 'TRIAGE', repo: 'acme/elsewhere' })],
    ['with its outcome', aSession(900, { kind: 'FIX', outcome: 'done' })],
  ])('starts nothing beside a session of its own %s', (_what, session) => {
    const world = aWorld({ lane: 'bugs', issues: [aBug(5)], host: { sessions: [session] } });
    expect(dispatches(world)).toEqual([]);
    expect(holds(world)).toEqual({ 5: 'no-slot' });
  });

  test('does not mind the sessions of the pool', () => {
    const sessions = [aSession(900), aSession(901), aSession(902)];
    expect(dispatches(aWorld({ lane: 'bugs', issues: [aBug(5)], host: { sessions } }))).toEqual(['TRIAGE 5']);
  });

  test('starts no work of the pool, and the pool none of its', () => {
    const issues = [anIssue(4), aBug(5), aPrd(6)];
    const config = { HARNESS_MODE: 'prd' };
    const lane = aWorld({ lane: 'bugs', issues, config });
    expect(dispatches(lane)).toEqual(['TRIAGE 5']);
    expect(holds(lane)).toEqual({ 4: 'no-slot', 6: 'no-slot' });
    const pool = aWorld({ issues, config });
    expect(dispatches(pool)).toEqual(['DECOMPOSE 6', 'IMPL 4']);
    expect(holds(pool)).toEqual({});
  });

  test('does not ask a PRD', () => {
    const issues = [
      aPrd(7, blockedBy(99)),
      aBug(5, childOf(7)),
      aPrd(8, closed('not_planned')),
      aBug(6, childOf(8)),
    ];
    expect(dispatches(aWorld({ lane: 'bugs', issues }))).toEqual(['TRIAGE 5', 'TRIAGE 6']);
  });

  test('repairs what is its own', () => {
    const facts = {
      issues: [anIssue(4), aBug(5), aBug(6, { labels: ['bug', 'agent-working'] }), aBug(7)],
      leases: [aLease(4), aLease(5)],
      host: { sessions: [aSession(7, { kind: 'FIX', outcome: 'done' })] },
    };
    expect(repairs(aWorld(facts))).toEqual(['RELEASE 4']);
    expect(repairs(aWorld({ ...facts, lane: 'bugs' }))).toEqual(['LAND 7', 'RELEASE 5', 'MIRROR 6']);
  });
});
