import { describe, expect, test } from 'vitest';
import { decide } from '../../../src/core/decide.ts';
import { blockersOf, dispatches, holds, repairs } from '../../helpers/decided.ts';
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
  section,
  type WorldFacts,
} from '../../helpers/world.ts';

const withPrds = ({ config, ...facts }: WorldFacts) =>
  aWorld({ ...facts, config: { HARNESS_MODE: 'prd', ...config } });

const reviewed = { labels: ['prd', 'reviewed'] };
const doneChildOf = (prd: number) => ({ ...childOf(prd), ...closed() });

describe('DECOMPOSE', () => {
  test('takes every eligible PRD without issues, by ascending number, beside the children of others', () => {
    const issues = [aPrd(30), aPrd(20, blockedBy(30)), aPrd(10), aPrd(5), anIssue(6, childOf(5))];
    expect(dispatches(withPrds({ issues }))).toEqual(['DECOMPOSE 10', 'DECOMPOSE 30', 'IMPL 6']);
    expect(holds(withPrds({ issues }))).toEqual({ 5: 'waiting-for-children', 20: 'blocked' });
  });

  test.each([
    ['a closed issue', anIssue(8, doneChildOf(7)), ['REVIEW 7']],
    ['a parked issue', anIssue(8, { ...childOf(7), labels: [] }), []],
    ['a bug', aBug(8, childOf(7)), []],
    ["a stranger's issue", anIssue(8, { ...childOf(7), author: 'eve' }), ['DECOMPOSE 7']],
    ['an issue of the other repository', anIssue(8, childOf('acme/other#7')), ['DECOMPOSE 7', 'IMPL 8']],
    ["GitHub's own child", anIssue(8, { parent: 'acme/widget#7' }), ['IMPL 8']],
  ] as const)('looks at whatever names the PRD: %s', (_what, issue, expected) => {
    expect(dispatches(withPrds({ issues: [aPrd(7), issue] }))).toEqual(expected);
  });

  test('is not a matter of the mode issue-only', () => {
    const world = aWorld({ issues: [aPrd(7)] });
    expect(dispatches(world)).toEqual([]);
    expect(holds(world)).toEqual({ 7: 'waiting-for-children' });
  });
});

describe('IMPL', () => {
  test('goes by priority, then without a PRD, then PRD by PRD, then by number', () => {
    const priority = (level: number) => ({ labels: ['ready-for-agent', `Priority:${level}`] });
    const issues = [
      aPrd(10),
      aPrd(20),
      anIssue(21, childOf(20)),
      anIssue(31, childOf(10)),
      anIssue(40),
      anIssue(39),
      anIssue(50, priority(4)),
      anIssue(51, { ...childOf(20), ...priority(0) }),
      anIssue(52, { labels: ['ready-for-agent', 'priority:9'] }),
      anIssue(53, { labels: ['ready-for-agent', 'priority:4', 'priority:1'] }),
    ];
    const order = ['IMPL 51', 'IMPL 53', 'IMPL 39', 'IMPL 40', 'IMPL 52', 'IMPL 31', 'IMPL 21', 'IMPL 50'];
    expect(dispatches(withPrds({ issues, config: { HARNESS_CAP: '20' } }))).toEqual(order);
  });

  test('waits for its PRD, and names what the PRD waits for', () => {
    const world = withPrds({
      issues: [aPrd(7, blockedBy(9, 'acme/lib#1')), anIssue(8, childOf(7)), anIssue(9)],
    });
    expect(dispatches(world)).toEqual(['IMPL 9']);
    expect(holds(world)).toMatchObject({ 8: 'prd-blocked' });
    expect(blockersOf(world, 8)).toEqual(['acme/widget#9', 'acme/lib#1']);
  });

  test("does not care about a closed PRD's blockers", () => {
    const world = withPrds({
      issues: [aPrd(7, { ...blockedBy(9), ...closed() }), anIssue(8, childOf(7)), anIssue(9)],
    });
    expect(dispatches(world)).toEqual(['IMPL 9', 'IMPL 8']);
  });

  test.each(['not_planned', 'duplicate'] as const)('is held when its PRD was closed as %s', reason => {
    const world = withPrds({ issues: [aPrd(7, closed(reason)), anIssue(8, childOf(7))] });
    expect(holds(world)).toEqual({ 8: 'prd-cancelled' });
  });

  test('resumes what was paused', () => {
    const world = aWorld({ issues: [anIssue(5, { labels: ['ready-for-agent', 'agent-paused'] })] });
    expect(dispatches(world)).toEqual(['IMPL 5']);
    expect(decide(world).actions[0]?.reason).toContain('resumes');
  });

  test('asks for the capabilities that it needs, in any case', () => {
    const issues = [
      anIssue(5, { labels: ['ready-for-agent', 'needs:GPU'] }),
      anIssue(6, { labels: ['ready-for-agent', 'needs:gpu', 'needs:macos'] }),
    ];
    const world = aWorld({ issues, host: { capabilities: ['Gpu'] } });
    expect(dispatches(world)).toEqual(['IMPL 5']);
    expect(holds(world)).toEqual({ 6: 'needs-capability' });
  });
});

describe('scopes', () => {
  const scope = (...paths: string[]) => ({ body: section('Scope', paths) });

  test.each([
    ['the same path', ['src/api'], ['src/api/'], false],
    ['a part of it', ['src'], ['src/api/routes.ts'], false],
    ['what it is a part of', ['src/api/*.ts'], ['src'], false],
    ['everything', ['**'], ['docs'], false],
    ['a sibling', ['src/api'], ['src/lib'], true],
    ['a name that only begins alike', ['src/api'], ['src/api2'], true],
    ['nothing', ['src/api'], [], true],
  ] as const)('of %s', (_what, one, other, areFree) => {
    const issues = [anIssue(5, scope(...one)), anIssue(6, other.length === 0 ? {} : scope(...other))];
    expect(dispatches(aWorld({ issues }))).toEqual(areFree ? ['IMPL 5', 'IMPL 6'] : ['IMPL 5']);
    expect(holds(aWorld({ issues }))).toEqual(areFree ? {} : { 6: 'scope-busy' });
  });

  test.each([
    ['a session', { host: { sessions: [aSession(5)] } }],
    ["somebody else's lease", { leases: [aLease(5, { holder: 'other' })] }],
  ])('are taken by %s', (_what, facts) => {
    const world = aWorld({ issues: [anIssue(5, scope('src')), anIssue(6, scope('src/api'))], ...facts });
    expect(holds(world)[6]).toBe('scope-busy');
  });

  test('do not matter for what is neither in flight nor started', () => {
    const issues = [anIssue(5, { body: scope('src').body + blockedBy(99).body }), anIssue(6, scope('src'))];
    expect(dispatches(aWorld({ issues }))).toEqual(['IMPL 6']);
  });
});

describe('REVIEW and CLOSE_PRD', () => {
  test('review what is finished and close what is reviewed', () => {
    const issues = [
      aPrd(7),
      anIssue(8, doneChildOf(7)),
      aPrd(9, reviewed),
      anIssue(10, doneChildOf(9)),
      aPrd(11),
      anIssue(12),
    ];
    const world = withPrds({ issues, config: { HARNESS_CAP: '9' } });
    expect(dispatches(world)).toEqual(['DECOMPOSE 11', 'IMPL 12', 'REVIEW 7', 'CLOSE_PRD 9']);
  });

  test('wait for every issue of the PRD, whatever its labels', () => {
    const parked = anIssue(9, { ...childOf(7), labels: [] });
    const world = withPrds({ issues: [aPrd(7), anIssue(8, doneChildOf(7)), parked] });
    expect(dispatches(world)).toEqual([]);
    expect(holds(world)).toEqual({ 7: 'waiting-for-children' });
  });

  test('need an eligible PRD', () => {
    const prd = aPrd(7, { ...reviewed, ...blockedBy('acme/lib#1') });
    const world = withPrds({ issues: [prd, anIssue(8, doneChildOf(7))] });
    expect(holds(world)).toEqual({ 7: 'blocked' });
  });

  test('a reviewed PRD with an open issue loses the label first', () => {
    const world = withPrds({ issues: [aPrd(7, reviewed), anIssue(8, childOf(7))] });
    expect(repairs(world)).toEqual(['UNREVIEW 7']);
    expect(dispatches(world)).toEqual(['IMPL 8']);
    expect(holds(world)).toEqual({ 7: 'waiting-for-children' });
  });

  test.each([
    ['its review is still at work', { host: { sessions: [aSession(7, { kind: 'REVIEW' })] } }],
    ['the fleet is paused', { host: { paused: true } }],
    ['the read is stale', { repo: { read: 'stale' } }],
  ] as const)('it keeps the label while %s', (_when, facts) => {
    expect(repairs(withPrds({ issues: [aPrd(7, reviewed), anIssue(8, childOf(7))], ...facts }))).toEqual([]);
  });

  test('a reviewed PRD that a person reopened is left to that person', () => {
    const prd = aPrd(7, { ...reviewed, stateReason: 'reopened' });
    for (const child of [doneChildOf(7), childOf(7)]) {
      const world = withPrds({ issues: [prd, anIssue(8, { ...child, labels: [] })] });
      expect([dispatches(world), repairs(world)]).toEqual([[], []]);
      expect(holds(world)).toEqual({ 7: 'reopened' });
    }
    const unlabelled = aPrd(7, { stateReason: 'reopened' });
    expect(dispatches(withPrds({ issues: [unlabelled, anIssue(8, doneChildOf(7))] }))).toEqual(['REVIEW 7']);
  });
});

describe('slots', () => {
  const issues = [
    aPrd(1),
    aPrd(2),
    anIssue(3),
    aPrd(4),
    anIssue(5, doneChildOf(4)),
    aPrd(6, reviewed),
    anIssue(7, doneChildOf(6)),
  ];

  test.each([
    [1, ['DECOMPOSE 1', 'CLOSE_PRD 6'], { 2: 'no-slot', 3: 'no-slot', 4: 'no-slot' }],
    [3, ['DECOMPOSE 1', 'DECOMPOSE 2', 'IMPL 3', 'CLOSE_PRD 6'], { 4: 'no-slot' }],
    [4, ['DECOMPOSE 1', 'DECOMPOSE 2', 'IMPL 3', 'REVIEW 4', 'CLOSE_PRD 6'], {}],
  ])('%i are filled by DECOMPOSE, then IMPL, then REVIEW', (cap, expected, held) => {
    const world = withPrds({ issues, config: { HARNESS_CAP: String(cap) } });
    expect(dispatches(world)).toEqual(expected);
    expect(holds(world)).toEqual(held);
  });

  test.each([
    ['a session at work', aSession(900), 1],
    ['a stage session', aSession(900, { kind: 'REVIEW' }), 1],
    ['a session with its outcome', aSession(900, { outcome: 'done' }), 2],
    ["the bug lane's session", aSession(900, { kind: 'FIX' }), 2],
    ['a session in another repository', aSession(900, { repo: 'acme/other' }), 2],
  ])('are fewer by %s', (_what, session, free) => {
    const world = aWorld({
      issues: [anIssue(1), anIssue(2)],
      config: { HARNESS_CAP: '2' },
      host: { sessions: [session] },
    });
    expect(dispatches(world)).toHaveLength(free);
  });

  test('are never less than none', () => {
    const sessions = [aSession(900), aSession(901)];
    const world = aWorld({ issues: [anIssue(1)], config: { HARNESS_CAP: '1' }, host: { sessions } });
    expect(holds(world)).toEqual({ 1: 'no-slot' });
  });

  test('are per unit', () => {
    const world = aMultiWorld(
      [aTarget('a'), aTarget('b')],
      { 'acme/a': aRepo([anIssue(1), anIssue(2)]), 'acme/b': aRepo([anIssue(1)]) },
      { config: { HARNESS_CAP: '1' } },
    );
    expect(dispatches(world)).toEqual(['IMPL acme/a#1', 'IMPL acme/b#1']);
    expect(dispatches({ ...world, unit: 'b' })).toEqual(['IMPL acme/b#1']);
  });
});
