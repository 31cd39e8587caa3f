import { describe, expect, test } from 'vitest';
import { findings } from '../../helpers/decided.ts';
import {
  aLease,
  anIssue,
  aPrd,
  aSession,
  aWorld,
  blockedBy,
  childOf,
  closed,
  type WorldFacts,
} from '../../helpers/world.ts';

const withPrds = (facts: WorldFacts) => aWorld({ ...facts, config: { HARNESS_MODE: 'prd' } });

describe('a PRD that can never be closed', () => {
  test.each([
    [
      'a child that waits for what does not exist',
      [anIssue(8, { body: childOf(7).body + blockedBy(404).body })],
      '8',
    ],
    [
      'a child that waits for such a child',
      [
        anIssue(8, { body: childOf(7).body + blockedBy(404).body }),
        anIssue(9, { body: childOf(7).body + blockedBy(8).body }),
        anIssue(10, childOf(7)),
      ],
      '8 9',
    ],
    [
      'a child in a cycle',
      [anIssue(8, { body: childOf(7).body + blockedBy(9).body }), anIssue(9, blockedBy(8))],
      '8',
    ],
    ['a child that was parked', [anIssue(8, { ...childOf(7), labels: [] })], '8'],
  ])('has %s', (_what, issues, members) => {
    expect(findings(withPrds({ issues: [aPrd(7), ...issues] }))).toContain(`stuck-prd 7 ${members}`);
  });

  test.each([
    ['an open child', [anIssue(8, childOf(7))]],
    [
      'a child that waits for an open issue',
      [anIssue(8, { body: childOf(7).body + blockedBy(9).body }), anIssue(9)],
    ],
    [
      'a parked child beside an open one',
      [anIssue(8, { ...childOf(7), labels: [] }), anIssue(9, childOf(7))],
    ],
    ['closed children', [anIssue(8, { ...childOf(7), ...closed() })]],
  ])('is none with %s', (_what, issues) => {
    expect(findings(withPrds({ issues: [aPrd(7), ...issues] }))).toEqual([]);
  });
});

describe('a stalled unit', () => {
  const waits = anIssue(5, blockedBy(9));
  const person = anIssue(9, { labels: [] });

  test('has open work of which nothing can start and nothing is in flight', () => {
    expect(findings(aWorld({ issues: [waits, person] }))).toEqual(['stalled-unit 5']);
  });

  test.each([
    ['has something to start', { issues: [waits, person, anIssue(6)] }],
    ['has a session', { issues: [waits, person, anIssue(6)], host: { sessions: [aSession(6)] } }],
    [
      'is worked on elsewhere',
      { issues: [waits, person, anIssue(6)], leases: [aLease(6, { holder: 'other' })] },
    ],
    ['is paused', { issues: [anIssue(6)], host: { paused: true } }],
    ['waits for its checks', { issues: [waits, person, anIssue(6)], repo: { ci: 'fail' } }],
    ['has nothing open', { issues: [person] }],
    ['is looked at by the bug lane', { issues: [waits, person], lane: 'bugs' }],
  ] as const)('is none that %s', (_what, facts) => {
    expect(findings(aWorld(facts))).toEqual([]);
  });
});
