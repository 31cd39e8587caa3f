import { describe, expect, test } from 'vitest';
import { decide } from '../../../src/core/decide.ts';
import { repairs } from '../../helpers/decided.ts';
import { aLease, anIssue, aPrd, aSession, aWorld, childOf, closed } from '../../helpers/world.ts';

describe('engine actions', () => {
  test('come before everything that starts something, in a fixed order', () => {
    const world = aWorld({
      config: { HARNESS_MODE: 'prd' },
      issues: [
        anIssue(1),
        anIssue(2),
        anIssue(3),
        anIssue(4, { labels: ['ready-for-agent', 'agent-working'] }),
        aPrd(5, { labels: ['prd', 'reviewed'] }),
        anIssue(6, childOf(5)),
        anIssue(7, closed()),
      ],
      leases: [aLease(1), aLease(3, { holder: 'other', live: false })],
      host: { sessions: [aSession(7), aSession(2, { outcome: 'blocked' })] },
    });
    expect(decide(world).actions.map(({ kind, issue }) => `${kind} ${issue}`)).toEqual([
      'LAND 2',
      'REAP 7',
      'RELEASE 1',
      'TAKE_OVER 3',
      'MIRROR 4',
      'UNREVIEW 5',
      'IMPL 6',
    ]);
  });

  test.each([
    [
      'a session whose issue is closed',
      { issues: [anIssue(5, closed())], host: { sessions: [aSession(5)] } },
      ['REAP 5'],
    ],
    [
      'a session whose lease another fleet took',
      {
        issues: [anIssue(5)],
        host: { sessions: [aSession(5)] },
        leases: [aLease(5, { holder: 'other', live: false })],
      },
      ['REAP 5'],
    ],
    ['a session of an issue that is not there', { host: { sessions: [aSession(900)] } }, []],
    [
      'a finished session of a closed issue',
      { issues: [anIssue(5, closed())], host: { sessions: [aSession(5, { outcome: 'done' })] } },
      ['LAND 5'],
    ],
    ['a lease of a closed issue', { issues: [anIssue(5, closed())], leases: [aLease(5)] }, ['RELEASE 5']],
    ['a lease of an issue that is not there', { leases: [aLease(900)] }, ['RELEASE 900']],
    [
      'a landing of a closed issue',
      { issues: [anIssue(5, closed())], leases: [aLease(5, { landing: 'abc' })] },
      ['LAND 5'],
    ],
    [
      "a stranger's issue that a dead fleet holds",
      { issues: [anIssue(5, { author: 'eve' })], leases: [aLease(5, { holder: 'other', live: false })] },
      [],
    ],
    [
      "a stranger's issue that this fleet holds",
      { issues: [anIssue(5, { author: 'eve' })], leases: [aLease(5)] },
      ['RELEASE 5'],
    ],
    [
      'a closed issue with the label',
      { issues: [anIssue(5, { labels: ['agent-working'], ...closed() })] },
      ['MIRROR 5'],
    ],
    ['a released lease', { issues: [anIssue(5)], leases: [aLease(5, { holder: '', landing: 'abc' })] }, []],
    ['a landing lease', { leases: [aLease(null, { scope: 'landing' })] }, []],
    ['an issue lease without an issue', { leases: [aLease(null)] }, []],
  ] as const)('put %s right', (_what, facts, expected) => {
    expect(repairs(aWorld(facts))).toEqual(expected);
  });
});
