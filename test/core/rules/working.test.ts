import { describe, expect, test } from 'vitest';
import { dispatches, holds, repairs } from '../../helpers/decided.ts';
import {
  aBug,
  aLease,
  anIssue,
  aPrd,
  aSession,
  aWorld,
  blockedBy,
  childOf,
  closed,
} from '../../helpers/world.ts';

const working = { labels: ['ready-for-agent', 'agent-working'] };

describe('an issue that is worked on', () => {
  test.each([
    ['a session at work', { host: { sessions: [aSession(5)] } }, 'working', []],
    [
      'a session with its outcome',
      { host: { sessions: [aSession(5, { outcome: 'done' })] } },
      'working',
      ['LAND 5'],
    ],
    ["somebody else's live lease", { leases: [aLease(5, { holder: 'other' })] }, 'leased', []],
    [
      "somebody else's dead lease",
      { leases: [aLease(5, { holder: 'other', live: false })] },
      'leased',
      ['TAKE_OVER 5'],
    ],
    ['a lease of this fleet without a session', { leases: [aLease(5)] }, 'working', ['RELEASE 5']],
    ['one that is no longer live', { leases: [aLease(5, { live: false })] }, 'working', ['RELEASE 5']],
    ['an interrupted landing', { leases: [aLease(5, { landing: 'abc' })] }, 'working', ['LAND 5']],
    ['a lease and its session', { leases: [aLease(5)], host: { sessions: [aSession(5)] } }, 'working', []],
  ] as const)('%s holds it', (_what, facts, code, engine) => {
    const world = aWorld({ issues: [anIssue(5), anIssue(6)], ...facts });
    expect(dispatches(world)).toEqual(['IMPL 6']);
    expect(holds(world)).toEqual({ 5: code });
    expect(repairs(world)).toEqual(engine);
  });

  test('a released lease, one of another repository and the landing lease hold nothing', () => {
    const leases = [
      aLease(5, { holder: '', live: true }),
      aLease(5, { repo: 'acme/other', holder: 'other' }),
      aLease(null, { scope: 'landing', holder: 'other' }),
    ];
    expect(dispatches(aWorld({ issues: [anIssue(5)], leases }))).toEqual(['IMPL 5']);
  });

  test('compares repositories without case', () => {
    const world = aWorld({
      issues: [anIssue(5)],
      host: { sessions: [aSession(5, { repo: 'ACME/Widget' })] },
    });
    expect(holds(world)).toEqual({ 5: 'working' });
  });

  test('a label that is left over is taken off first', () => {
    const world = aWorld({ issues: [anIssue(5, working)] });
    expect(repairs(world)).toEqual(['MIRROR 5']);
    expect(holds(world)).toEqual({ 5: 'working' });
  });

  test.each([
    ['a session', { host: { sessions: [aSession(5)] } }],
    ['a live lease', { leases: [aLease(5, { holder: 'other' })] }],
  ])('the label is not left over beside %s', (_what, facts) => {
    expect(repairs(aWorld({ issues: [anIssue(5, working)], ...facts }))).toEqual([]);
  });

  test("a stranger's issue keeps its label", () => {
    expect(repairs(aWorld({ issues: [anIssue(5, { ...working, author: 'eve' })] }))).toEqual([]);
  });

  test('agent-blocked holds children, PRDs and bugs of a fleet that is not autonomous', () => {
    const issues = [
      anIssue(5, { labels: ['ready-for-agent', 'agent-blocked'] }),
      aPrd(6, { labels: ['prd', 'agent-blocked'] }),
      aBug(7, { labels: ['bug', 'agent-blocked'] }),
    ];
    const waits = { HARNESS_MODE: 'prd', HARNESS_AUTONOMOUS: 'false' };
    expect(holds(aWorld({ issues, config: waits }))).toEqual({ 5: 'agent-blocked', 6: 'agent-blocked' });
    expect(holds(aWorld({ issues, config: waits, lane: 'bugs' }))[7]).toBe('agent-blocked');
    const goesOn = { HARNESS_MODE: 'prd' };
    expect(dispatches(aWorld({ issues, config: goesOn }))).toEqual(['DECOMPOSE 6', 'IMPL 5']);
    expect(dispatches(aWorld({ issues, config: goesOn, lane: 'bugs' }))).toEqual(['TRIAGE 7']);
  });

  test('a PRD with a session of its own is neither decomposed, reviewed nor closed', () => {
    const done = anIssue(8, { ...childOf(7), ...closed() });
    const sessions = [aSession(7, { kind: 'REVIEW' })];
    for (const issues of [[aPrd(7)], [aPrd(7), done], [aPrd(7, { labels: ['prd', 'reviewed'] }), done]]) {
      const world = aWorld({ config: { HARNESS_MODE: 'prd' }, issues, host: { sessions } });
      expect(dispatches(world)).toEqual([]);
      expect(holds(world)).toEqual({ 7: 'working' });
    }
  });
});

describe('holds', () => {
  test('name the first code that applies', () => {
    const world = aWorld({
      config: { HARNESS_MODE: 'prd', HARNESS_AUTONOMOUS: 'false' },
      issues: [
        anIssue(1, { ...blockedBy(99), lastEditor: 'eve' }),
        anIssue(2, { body: `${blockedBy(99).body}${childOf(7).body}` }),
        anIssue(3, { ...childOf(7), labels: ['ready-for-agent', 'agent-blocked'] }),
        anIssue(4, { ...childOf(6), labels: ['ready-for-agent', 'agent-blocked'] }),
        anIssue(5, { labels: ['ready-for-agent', 'agent-working', 'agent-blocked', 'needs:gpu'] }),
        aPrd(6, closed('not_planned')),
        aPrd(7, blockedBy(99)),
        anIssue(8, { labels: ['ready-for-agent', 'agent-blocked', 'needs:gpu'] }),
        anIssue(9, { labels: ['ready-for-agent', 'needs:gpu'] }),
        anIssue(10),
      ],
      leases: [aLease(9, { holder: '', notBefore: '2027-01-01T00:00:00Z' })],
      host: { paused: true },
      repo: { ci: 'fail' },
    });
    expect(holds(world)).toEqual({
      1: 'untrusted-edit',
      2: 'blocked',
      3: 'prd-blocked',
      4: 'prd-cancelled',
      5: 'working',
      7: 'blocked',
      8: 'agent-blocked',
      9: 'needs-capability',
      10: 'paused',
    });
  });
});
