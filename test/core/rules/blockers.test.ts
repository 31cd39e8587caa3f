import { describe, expect, test } from 'vitest';
import { decide } from '../../../src/core/decide.ts';
import type { Issue, Pull } from '../../../src/core/world.ts';
import { blockersOf, dispatches, findings, holds } from '../../helpers/decided.ts';
import {
  aMultiWorld,
  anIssue,
  aPrd,
  aRepo,
  aTarget,
  aWorld,
  blockedBy,
  childOf,
  closed,
} from '../../helpers/world.ts';

const aPull = (number: number, facts: Partial<Pull> = {}): Pull => ({
  number,
  head: 'x',
  headSha: '',
  base: 'main',
  state: 'open',
  merged: false,
  checks: 'unknown',
  review: 'none',
  closes: [],
  ...facts,
});

const plain = (number: number, facts: Partial<Issue> = {}) => anIssue(number, { labels: [], ...facts });

describe('blockers', () => {
  test.each([
    ['open', {}, 'open'],
    ['closed as completed', closed(), null],
    ['closed without a reason', closed(null), null],
    ['closed as not planned', closed('not_planned'), 'closed as not planned'],
    ['closed as a duplicate', closed('duplicate'), 'closed as a duplicate'],
    ['closed, and reopened at once', closed('reopened'), 'unknown'],
  ])('an issue that is %s', (_state, facts, said) => {
    const {
      actions,
      holds: [hold],
    } = decide(aWorld({ issues: [anIssue(5, blockedBy(9)), plain(9, facts)] }));
    expect(actions.length).toBe(said === null ? 1 : 0);
    expect(hold?.reason).toBe(said === null ? undefined : `waits for acme/widget#9 (${said})`);
  });

  test.each([
    ['open', aPull(9), false],
    ['merged', aPull(9, { state: 'closed', merged: true }), true],
    ['closed unmerged', aPull(9, { state: 'closed' }), false],
  ])('a pull request that is %s', (_state, pull, isSatisfied) => {
    const world = aWorld({ issues: [anIssue(5, blockedBy(9))], repo: { pulls: [pull] } });
    expect(dispatches(world)).toEqual(isSatisfied ? ['IMPL 5'] : []);
  });

  test.each([
    ['open', false],
    ['closed', true],
    ['merged', true],
    ['not_planned', false],
    ['duplicate', false],
    ['missing', false],
    ['unknown', false],
  ] as const)('a reference elsewhere that is %s', (state, isSatisfied) => {
    const world = aWorld({
      issues: [anIssue(5, blockedBy('Other/Repo#42'))],
      references: { 'other/repo#42': state },
    });
    expect(dispatches(world)).toEqual(isSatisfied ? ['IMPL 5'] : []);
    expect(blockersOf(world, 5)).toEqual(isSatisfied ? null : ['other/repo#42']);
  });

  test('looks in the repositories before the references', () => {
    const world = aWorld({
      issues: [anIssue(5, blockedBy(9)), plain(9, closed())],
      references: { 'acme/widget#9': 'open' },
    });
    expect(dispatches(world)).toEqual(['IMPL 5']);
  });

  test('is missing in a repository that was read, and unknown anywhere else', () => {
    const world = aWorld({ issues: [anIssue(5, blockedBy(404, 'acme/lib#3'))] });
    expect(decide(world).holds[0]?.reason).toBe(
      'waits for acme/widget#404 (does not exist), acme/lib#3 (unknown)',
    );
    const stale = aWorld({ issues: [anIssue(5, blockedBy(404))], repo: { read: 'stale' } });
    expect(decide(stale).holds[0]?.reason).toBe('waits for acme/widget#404 (unknown)');
  });

  test('names a repository as the world spells it', () => {
    const world = aWorld({
      issues: [anIssue(5, blockedBy('ACME/Widget#9', 'New/Lib#1', 'new/lib#1')), plain(9)],
    });
    expect(blockersOf(world, 5)).toEqual(['acme/widget#9', 'New/Lib#1']);
  });

  test("adds GitHub's own dependencies, also to a section that says None", () => {
    const world = aWorld({
      issues: [
        anIssue(5, { ...blockedBy(9), blockedBy: ['acme/widget#9', 'acme/lib#3'] }),
        anIssue(6, { body: '## Blocked by\nNone', blockedBy: ['acme/lib#3'] }),
        plain(9),
      ],
    });
    expect(blockersOf(world, 5)).toEqual(['acme/widget#9', 'acme/lib#3']);
    expect(blockersOf(world, 6)).toEqual(['acme/lib#3']);
  });

  test('names each blocker once, where it is named first', () => {
    const many = Array.from({ length: 20 }, (_none, index) => `acme/lib#${index + 1}`);
    const world = aWorld({
      issues: [
        anIssue(5, blockedBy(8, 6, 8, 7)),
        anIssue(9, { ...blockedBy(6, 7), blockedBy: ['acme/widget#6'] }),
        anIssue(10, blockedBy(...many, 'acme/lib#1')),
        ...[6, 7, 8].map(number => plain(number)),
      ],
    });
    expect(blockersOf(world, 5)).toEqual(['acme/widget#8', 'acme/widget#6', 'acme/widget#7']);
    expect(blockersOf(world, 9)).toEqual(['acme/widget#6', 'acme/widget#7']);
    expect(blockersOf(world, 10)).toEqual(many);
  });

  test('says so when a short reference names a repository that nobody knows', () => {
    const world = aWorld({ issues: [anIssue(5, { body: '## Blocked by\nsee lib#4' })] });
    expect(decide(world).holds[0]?.reason).toBe(
      'waits for acme/lib#4 (unknown: no such repository is known)',
    );
    expect(findings(world)).toContain('unknown-repository 5');
  });

  test('tells a guess from a reference in full, whichever comes first', () => {
    const guess = { body: '## Blocked by\nlib#4' };
    const full = blockedBy('acme/lib#4');
    for (const [one, other] of [
      [guess, full],
      [full, guess],
    ]) {
      const world = aWorld({
        issues: [anIssue(5, one), anIssue(6, other), anIssue(7, { body: '## Blocked by\nlib#4 acme/lib#4' })],
      });
      const unknown = findings(world).filter(finding => finding.startsWith('unknown-repository'));
      expect(unknown).toEqual([`unknown-repository ${one === guess ? 5 : 6}`, 'unknown-repository 7']);
      expect(blockersOf(world, 7)).toEqual(['acme/lib#4']);
    }
  });

  test('does not let a child wait for its own PRD', () => {
    const config = { HARNESS_MODE: 'prd' };
    const own = aWorld({
      config,
      issues: [aPrd(7), aPrd(9), anIssue(8, { body: `${childOf(7).body}${blockedBy(7).body}` })],
    });
    expect(dispatches(own)).toContain('IMPL 8');
    const only = aWorld({ config, issues: [aPrd(7), anIssue(8, blockedBy(7))] });
    expect(dispatches(only)).toContain('IMPL 8');
    const other = aWorld({
      config,
      issues: [aPrd(7), aPrd(9), anIssue(8, { body: `${childOf(7).body}${blockedBy(9).body}` })],
    });
    expect(blockersOf(other, 8)).toEqual(['acme/widget#9']);
    const oneOfTwo = aWorld({ config, issues: [aPrd(7), aPrd(9, closed()), anIssue(8, blockedBy(7))] });
    expect(blockersOf(oneOfTwo, 8)).toEqual(['acme/widget#7']);
  });

  test('blocks across the repositories of a fleet, both ways', () => {
    const world = aMultiWorld([aTarget('a'), aTarget('b')], {
      'acme/a': aRepo([anIssue(1, blockedBy('acme/b#1')), anIssue(2, blockedBy('b#2'))]),
      'acme/b': aRepo([
        anIssue(1),
        anIssue(2, { labels: [], ...closed() }),
        anIssue(3, blockedBy('acme/a#1')),
      ]),
    });
    expect(dispatches(world)).toEqual(['IMPL acme/a#2', 'IMPL acme/b#1']);
  });

  test.each([
    ['a reference that does not exist', blockedBy(404), 'missing-blocker 5'],
    ['a reference that will not be done', blockedBy(9), 'cancelled-blocker 5'],
    ['itself', blockedBy(5), 'self-block 5'],
    ['an open issue, after None', { body: '## Blocked by\nNone, see #8' }, 'denied-blocker 5'],
    ['a line outside the section', { body: 'Blocked by #8' }, 'loose-blocker 5'],
  ])('reports %s', (_what, facts, finding) => {
    const world = aWorld({ issues: [anIssue(5, facts), plain(8), plain(9, closed('not_planned'))] });
    expect(findings(world)).toContain(finding);
  });

  test('reports nothing on a healthy board', () => {
    const world = aWorld({
      config: { HARNESS_MODE: 'prd', HARNESS_CAP: '1' },
      issues: [
        aPrd(1),
        anIssue(2, childOf(1)),
        anIssue(3, { body: `${childOf(1).body}${blockedBy(2).body}` }),
        anIssue(4, { body: '## Blocked by\nNone, #9 is merged' }),
        plain(8, { body: 'Blocked by #2' }),
        plain(9, closed()),
      ],
    });
    expect(decide(world).findings).toEqual([]);
  });
});

describe('cycles', () => {
  test('two issues that wait for each other stay blocked, and are reported once', () => {
    const world = aWorld({ issues: [anIssue(6, blockedBy(5)), anIssue(5, blockedBy(6)), anIssue(7)] });
    expect(dispatches(world)).toEqual(['IMPL 7']);
    expect(holds(world)).toEqual({ 5: 'blocked', 6: 'blocked' });
    expect(findings(world)).toEqual(['dependency-cycle 5 6']);
  });

  test('fifty issues in a ring are one finding', () => {
    const issues = Array.from({ length: 50 }, (_none, index) =>
      anIssue(index + 1, blockedBy(((index + 1) % 50) + 1)),
    );
    expect(
      findings(aWorld({ issues })).filter(finding => finding.startsWith('dependency-cycle')),
    ).toHaveLength(1);
  });

  test('a PRD that waits for its own child is one', () => {
    const world = aWorld({
      config: { HARNESS_MODE: 'prd' },
      issues: [aPrd(7, blockedBy(8)), anIssue(8, childOf(7))],
    });
    expect(holds(world)).toEqual({ 7: 'blocked', 8: 'prd-blocked' });
    expect(findings(world)).toContain('dependency-cycle 7 8');
  });

  test('two PRDs are one when a child of the first waits for the second, which waits for the first', () => {
    const world = aWorld({
      config: { HARNESS_MODE: 'prd' },
      issues: [
        aPrd(7),
        anIssue(8, { body: `${childOf(7).body}${blockedBy(9).body}` }),
        aPrd(9, blockedBy(7)),
      ],
    });
    expect(dispatches(world)).toEqual([]);
    expect(findings(world)).toContain('dependency-cycle 7 8 9');
  });

  test('children that only share a PRD are none', () => {
    const world = aWorld({
      config: { HARNESS_MODE: 'prd' },
      issues: [
        aPrd(1),
        aPrd(2, blockedBy(1)),
        anIssue(3, childOf(1)),
        anIssue(4, childOf(2)),
        anIssue(5, childOf(2)),
      ],
    });
    expect(findings(world)).toEqual([]);
  });

  test('they are found through repositories, strangers and unlabelled issues', () => {
    const world = aMultiWorld([aTarget('a'), aTarget('b')], {
      'acme/a': aRepo([anIssue(1, blockedBy('acme/b#1'))]),
      'acme/b': aRepo([plain(1, { author: 'eve', ...blockedBy('acme/c#1') })]),
      'acme/c': aRepo([plain(1, blockedBy('acme/a#1'))]),
    });
    expect(findings(world)).toContain('dependency-cycle 1');
  });

  test('one that was broken by closing an issue is none', () => {
    const world = aWorld({
      issues: [anIssue(5, blockedBy(6)), anIssue(6, { ...blockedBy(5), ...closed() })],
    });
    expect(findings(world)).toEqual([]);
    expect(dispatches(world)).toEqual(['IMPL 5']);
  });
});
