import { describe, expect, test } from 'vitest';
import { decide } from '../../../src/core/decide.ts';
import type { Issue, World } from '../../../src/core/world.ts';
import { claimable, complete, dispatches } from '../../helpers/decided.ts';
import {
  aBug,
  aMultiWorld,
  anIssue,
  aPrd,
  aRepo,
  aTarget,
  aWorld,
  childOf,
  closed,
} from '../../helpers/world.ts';

const donePrd = aPrd(7, closed());
const doneChild = anIssue(8, closed());

describe('complete', () => {
  const cases: readonly (readonly [string, string, readonly Issue[], boolean])[] = [
    ['issue-only', 'with nothing', [], false],
    ['issue-only', 'with a closed child', [doneChild], true],
    ['issue-only', 'with an open child', [doneChild, anIssue(9)], false],
    ['issue-only', "with a stranger's open child", [doneChild, anIssue(9, { author: 'eve' })], true],
    ['issue-only', 'with an open PRD and bug', [doneChild, aPrd(9), aBug(10)], true],
    ['prd', 'with nothing', [], false],
    ['prd', 'with a closed child only', [doneChild], false],
    ['prd', 'with a closed PRD', [donePrd], true],
    ['prd', 'with a PRD closed as not planned', [aPrd(7, closed('not_planned'))], true],
    ['prd', 'with an open PRD', [donePrd, aPrd(9)], false],
    ['prd', 'with an open child', [donePrd, anIssue(9, childOf(7))], false],
    ['prd', 'with an open bug', [donePrd, aBug(9)], true],
    ['prd', 'with a parked issue', [donePrd, anIssue(9, { ...childOf(7), labels: [] })], true],
  ];

  test.each(cases)('in the mode %s %s', (mode, _what, issues, isDone) => {
    const world = aWorld({ config: { HARNESS_MODE: mode }, issues });
    expect(complete(world)).toEqual(isDone ? ['main'] : []);
    expect(claimable(world)).toEqual(isDone ? [] : ['main']);
  });

  test.each([
    [null, 'now', true],
    ['now', 'now', true],
    ['old', 'now', false],
    ['old', null, false],
    [null, null, true],
  ])('in the mode planned with the marker %s and the specification %s', (markerHash, specHash, isDone) => {
    const plan = { exists: false, markerHash, prds: [] };
    const world = aWorld({
      config: { HARNESS_MODE: 'planned' },
      issues: [donePrd],
      repo: { plan },
      specHash,
    });
    expect(complete(world)).toEqual(isDone ? ['main'] : []);
  });

  test("in the mode planned goes by each repository's own specification", () => {
    const planned = (markerHash: string, specHash: string | null) =>
      aRepo([donePrd], { plan: { exists: false, markerHash, prds: [] }, specHash });
    const world = aWorld({
      config: { HARNESS_MODE: 'planned', HARNESS_TOPOLOGY: 'multi' },
      targets: [aTarget('lib'), aTarget('app'), aTarget('web')],
      specHash: 'of lib',
      repos: {
        'acme/lib': planned('of lib', 'of lib'),
        'acme/app': planned('of app', 'of app'),
        'acme/web': planned('of lib', null),
      },
    });
    expect(complete(world)).toEqual(['lib', 'app']);
  });

  test.each(['stale', 'missing', 'failed'] as const)('is nothing that can not be read (%s)', read => {
    const world = aWorld({ issues: [doneChild], repo: { read } });
    expect([complete(world), claimable(world)]).toEqual([[], []]);
  });

  test('is no repository that the world lacks', () => {
    const world = aWorld({ repos: {} });
    expect(decide(world)).toEqual({
      actions: [],
      holds: [],
      units: [{ id: 'main', repo: 'acme/widget', stage: 'IDLE', complete: false, claimable: false }],
      findings: [],
    });
  });
});

describe('claimable', () => {
  const targets = [
    aTarget('a'),
    aTarget('b', { deps: ['a'] }),
    aTarget('c', { deps: ['a', 'b'] }),
    aTarget('d'),
  ];
  const world = (open: readonly string[], claims: readonly string[]): World =>
    aMultiWorld(
      targets,
      Object.fromEntries(
        targets.map(({ id, repo }) => [repo, aRepo([anIssue(1, open.includes(id) ? {} : closed())])]),
      ),
      { host: { claims } },
    );

  test.each([
    ['abcd', '', 'a d'],
    ['bcd', '', 'b d'],
    ['bcd', 'b', 'd'],
    ['c', '', 'c'],
    ['ac', '', 'a'],
    ['', '', ''],
  ])('when %j are open and %j claimed', (open, claims, expected) => {
    expect(claimable(world([...open], [...claims])).join(' ')).toBe(expected);
  });
});

describe('units', () => {
  test.each([
    ['an unknown dep', [aTarget('a', { deps: ['ghost'] })], {}, 'there is no unit "ghost"'],
    ['a duplicate id', [aTarget('a'), aTarget('a', { repo: 'acme/b' })], {}, 'the id is used twice'],
    [
      'a repository twice',
      [aTarget('a'), aTarget('b', { repo: 'ACME/A' })],
      {},
      'is already the repository of a',
    ],
    [
      'one twice by its owner',
      [aTarget('a'), aTarget('b', { repo: 'a' })],
      { HARNESS_OWNER: 'acme' },
      'is already the repository of a',
    ],
    ['a bare repository', [aTarget('a', { repo: 'a' })], {}, 'has no owner, and HARNESS_OWNER is not set'],
    ['a path', [aTarget('a', { repo: 'a/b/c' })], {}, 'expected owner/name'],
    ['a unit that depends on itself', [aTarget('a', { deps: ['a'] })], {}, 'in a circle'],
    [
      'units in a circle',
      [aTarget('a', { deps: ['b'] }), aTarget('b', { deps: ['a'] })],
      {},
      'a, b depend on each other',
    ],
  ])('refuse %s', (_what, targets, config, message) => {
    expect(() => decide(aMultiWorld(targets, {}, { config }))).toThrow(
      expect.objectContaining({ code: 'config-invalid', exit: 2, message: expect.stringContaining(message) }),
    );
  });

  test.each([
    ['', '', 'the repository is not named'],
    ['widget', '', 'has no owner'],
    ['a/b/c', '', 'expected owner/name'],
  ])('refuse the single repository %j', (repo, owner, message) => {
    const world = aWorld({ config: { HARNESS_REPO: repo, HARNESS_OWNER: owner } });
    expect(() => decide(world)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(message) }),
    );
  });

  test('give a bare repository its owner', () => {
    const world = aWorld({ config: { HARNESS_REPO: 'widget', HARNESS_OWNER: 'acme' }, issues: [anIssue(1)] });
    expect(dispatches(world)).toEqual(['IMPL 1']);
    expect(decide(world).units[0]?.repo).toBe('acme/widget');
  });

  test('find their repository without case', () => {
    expect(dispatches(aWorld({ config: { HARNESS_REPO: 'Acme/Widget' }, issues: [anIssue(1)] }))).toEqual([
      'IMPL Acme/Widget#1',
    ]);
  });

  test('refuse a world for a unit that there is not', () => {
    expect(() => decide(aWorld({ unit: 'b' }))).toThrow(
      expect.objectContaining({
        code: 'world-invalid',
        message: 'unit: there is no unit "b"; the units are main.',
      }),
    );
  });

  test.each([
    ['issue-only', [anIssue(1)], 'IMPL'],
    ['issue-only', [aPrd(1)], 'IDLE'],
    ['issue-only', [doneChild], 'COMPLETE'],
    ['prd', [aPrd(7)], 'DECOMPOSE'],
    ['prd', [aPrd(7), anIssue(1, childOf(7))], 'IMPL'],
    ['prd', [aPrd(7), anIssue(1, { ...childOf(7), ...closed() })], 'REVIEW'],
    ['planned', [], 'PLAN'],
  ])('of the mode %s with %j are in a stage', (mode, issues, stage) => {
    expect(decide(aWorld({ config: { HARNESS_MODE: mode }, issues })).units[0]?.stage).toBe(stage);
  });
});
