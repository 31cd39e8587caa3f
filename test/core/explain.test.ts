import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '../../src/core/decide.ts';
import { explain, standings } from '../../src/core/explain.ts';
import { anyWorld } from '../helpers/any-world.ts';
import {
  aBug,
  aLease,
  aMultiWorld,
  anIssue,
  aPrd,
  aRepo,
  aTarget,
  aWorld,
  blockedBy,
  childOf,
  closed,
  section,
} from '../helpers/world.ts';

const closedGates = (world: Parameters<typeof explain>[0], name: string) =>
  explain(world, name)
    .gates.filter(({ verdict }) => verdict === 'closed')
    .map(({ gate }) => gate);

describe('explain', () => {
  test('goes through every gate in the order in which they hold', () => {
    const { gates, actions, hold, wanted } = explain(aWorld({ issues: [anIssue(5)] }), '5');
    expect(gates.map(({ gate }) => gate)).toEqual([
      'open',
      'author',
      'label',
      'untrusted-edit',
      'blocked',
      'prd-blocked',
      'prd-cancelled',
      'reopened',
      'working',
      'leased',
      'agent-blocked',
      'needs-capability',
      'scope-busy',
      'backoff',
      'attempts',
      'budget',
      'breaker',
      'deps',
      'paused',
      'stale',
      'ci-red',
      'workflow',
      'no-slot',
      'waiting-for-children',
    ]);
    expect(gates.every(({ verdict }) => verdict === 'open')).toBe(true);
    expect([wanted, actions[0]?.kind, hold]).toEqual(['IMPL', 'IMPL', null]);
  });

  test('names every gate that is closed, with what would open it', () => {
    const world = aWorld({
      issues: [
        anIssue(5, { ...blockedBy(9), labels: ['ready-for-agent', 'needs:gpu'] }),
        anIssue(9, { createdAt: '2025-12-29T00:00:00Z' }),
      ],
      host: { paused: true },
    });
    const { gates, hold, references } = explain(world, '#5');
    const shut = gates.filter(({ verdict }) => verdict === 'closed');
    expect(shut.map(({ gate }) => gate)).toEqual(['blocked', 'needs-capability', 'paused']);
    expect(shut[0]).toMatchObject({
      reason: 'waits for acme/widget#9 (open)',
      until: 'acme/widget#9 closes',
    });
    expect(hold?.code).toBe('blocked');
    expect(references).toEqual([{ name: 'acme/widget#9', state: 'open', openSince: '2025-12-29T00:00:00Z' }]);
  });

  test('says at every open gate what it has seen, and at a closed one only its reason', () => {
    const world = aWorld({
      config: { HARNESS_MODE: 'prd', HARNESS_MAX_COST_USD: '5' },
      issues: [
        aPrd(7),
        anIssue(8, {
          body: childOf(7).body + blockedBy(9, 'acme/lib#1').body + section('Scope', ['src/api']),
        }),
        anIssue(9, closed()),
      ],
      references: { 'acme/lib#1': 'merged' },
      leases: [aLease(8, { holder: '', live: false, failures: ['tests failed'], spend: 1.5, minutes: 12.4 })],
      host: { paused: true },
      repo: { ci: 'pass' },
    });
    const { gates } = explain(world, '8');
    const seen = Object.fromEntries(gates.map(({ gate, evidence }) => [gate, evidence]));
    expect(seen).toMatchObject({
      author: 'me',
      label: 'ready-for-agent',
      blocked: 'acme/widget#9 (closed), acme/lib#1 (merged)',
      'prd-blocked': 'acme/widget#7',
      'prd-cancelled': 'it is open',
      'scope-busy': 'src/api',
      attempts: '1 failed, of 5',
      budget: '$1.50 of 5, 12 minutes of 480',
      paused: null,
      stale: 'fresh',
      'ci-red': 'its checks: pass',
      'no-slot': '3 of 3 were free',
    });
    expect(gates.find(({ gate }) => gate === 'paused')).toMatchObject({
      verdict: 'closed',
      reason: 'the fleet is paused',
      until: '`harness resume`',
    });
  });

  test.each([
    ['a closed issue', anIssue(5, closed()), 'open'],
    ["a stranger's issue", anIssue(5, { author: 'eve' }), 'author'],
    ['an issue without a label', anIssue(5, { labels: [] }), 'label'],
  ])('stops at what keeps %s out altogether', (_what, issue, gate) => {
    const { gates } = explain(aWorld({ issues: [issue] }), '5');
    expect(gates.filter(({ verdict }) => verdict === 'closed').map(one => one.gate)).toEqual([gate]);
    expect(gates.filter(({ verdict }) => verdict === 'moot')).toHaveLength(21);
  });

  test("tells a stranger's child from what nobody asked the fleet for", () => {
    const issues = [anIssue(5, { author: 'eve' }), anIssue(6, { author: 'eve', labels: [] })];
    const world = aWorld({ issues });
    expect([explain(world, '5').kind, closedGates(world, '5')]).toEqual(['child', ['author']]);
    expect([explain(world, '6').kind, closedGates(world, '6')]).toEqual(['plain', ['author', 'label']]);
  });

  test('says what only the whole decision knows: slots, and scopes taken in the same tick', () => {
    const scope = { body: section('Scope', ['src']) };
    const world = aWorld({
      issues: [anIssue(5, scope), anIssue(6, scope), anIssue(7)],
      config: { HARNESS_CAP: '1' },
    });
    expect(closedGates(world, '6')).toEqual(['scope-busy']);
    expect(closedGates(world, '7')).toEqual(['no-slot']);
    const prds = aWorld({ config: { HARNESS_MODE: 'prd' }, issues: [aPrd(7), anIssue(8, childOf(7))] });
    expect(closedGates(prds, '7')).toEqual(['waiting-for-children']);
  });

  test('looks at a bug as the bug lane does', () => {
    const { actions } = explain(aWorld({ issues: [aBug(5)], config: { HARNESS_CAP: '1' } }), '5');
    expect(actions.map(({ kind }) => kind)).toEqual(['TRIAGE']);
  });

  test.each(['5', '#5', 'acme/a#5', 'ACME/A#5', 'https://github.com/acme/a/issues/5'])(
    'finds an issue by %s',
    name => {
      const world = aMultiWorld([aTarget('a'), aTarget('b')], {
        'acme/a': aRepo([anIssue(5)]),
        'acme/b': aRepo([anIssue(6)]),
      });
      expect(explain(world, name).name).toBe('acme/a#5');
    },
  );

  test.each([
    ['6', 'no unit has an issue 6.'],
    ['other/repo#5', 'no unit has an issue other/repo#5.'],
    ['nonsense', 'no unit has an issue nonsense.'],
    ['5', '5 could be acme/a#5 or acme/b#5.'],
  ])('refuses %s', (name, message) => {
    const world = aMultiWorld([aTarget('a'), aTarget('b')], {
      'acme/a': aRepo([anIssue(5)]),
      'acme/b': aRepo([anIssue(5)]),
    });
    expect(() => explain(world, name)).toThrow(expect.objectContaining({ code: 'usage-invalid', message }));
  });

  test('never disagrees with the decision', () => {
    fc.assert(
      fc.property(anyWorld, world => {
        for (const lane of ['pool', 'bugs'] as const) {
          const decision = decide({ ...world, lane });
          for (const hold of decision.holds) {
            if (hold.issue === null) continue;
            const name = `${hold.repo}#${hold.issue}`;
            const explanation = explain({ ...world, lane }, name);
            if (explanation.kind === 'bug' || lane === 'pool') {
              expect(explanation.hold).toEqual(hold);
              expect(explanation.gates.find(({ verdict }) => verdict === 'closed')?.gate).toBe(hold.code);
            }
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('standings', () => {
  test('tell every open child, PRD and bug, each as its own lane sees it', () => {
    const world = aWorld({
      config: { HARNESS_MODE: 'prd' },
      issues: [anIssue(5), aPrd(6, blockedBy(9)), aBug(7), anIssue(8, closed()), anIssue(9, { labels: [] })],
    });
    expect(standings(world).map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
      'acme/widget#5 IMPL',
      'acme/widget#6 blocked',
      'acme/widget#7 TRIAGE',
    ]);
  });
});
