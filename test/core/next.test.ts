import { describe, expect, test } from 'vitest';
import { explainUnit, unitStandings } from '../../src/core/explain-unit.ts';
import { nextSteps } from '../../src/core/next.ts';
import { aLease, anIssue, aPrd, aSession, aWorld, blockedBy, childOf, closed } from '../helpers/world.ts';

const plain = (number: number, facts = {}) => anIssue(number, { labels: [], ...facts });
const DAY = 24 * 60 * 60 * 1000;

describe('next', () => {
  test('names the decision that frees most work first, with everything that waits for it', () => {
    const world = aWorld({
      config: { HARNESS_MODE: 'prd' },
      issues: [
        plain(1, { createdAt: '2025-12-29T00:00:00Z' }),
        plain(2),
        anIssue(3, blockedBy(2)),
        aPrd(4, blockedBy(1)),
        anIssue(5, childOf(4)),
        anIssue(6, { body: childOf(4).body + blockedBy(5).body }),
        anIssue(7),
      ],
    });
    expect(nextSteps(world)).toEqual([
      {
        about: 'acme/widget#1',
        question: 'the fleet does not work on it: is it done?',
        command: 'gh issue close 1 -R acme/widget',
        frees: ['acme/widget#4', 'acme/widget#5', 'acme/widget#6'],
        ageMs: 3 * DAY,
      },
      expect.objectContaining({ about: 'acme/widget#2', frees: ['acme/widget#3'] }),
    ]);
  });

  test('takes the older one of two that free as much', () => {
    const world = aWorld({
      issues: [
        plain(1, { createdAt: '2025-12-29T00:00:00Z' }),
        plain(2, { createdAt: '2025-12-28T00:00:00Z' }),
        anIssue(3, blockedBy(1)),
        anIssue(4, blockedBy(2)),
      ],
    });
    expect(nextSteps(world).map(({ about }) => about)).toEqual(['acme/widget#2', 'acme/widget#1']);
  });

  test.each([
    [
      'a reference that does not exist',
      { issues: [anIssue(5, blockedBy(404))] },
      'gh issue edit 5 -R acme/widget',
    ],
    [
      'an issue elsewhere',
      { issues: [anIssue(5, blockedBy('acme/lib#3'))], references: { 'acme/lib#3': 'open' } },
      'gh issue close 3 -R acme/lib',
    ],
    [
      'a circle',
      { issues: [anIssue(5, blockedBy(6)), anIssue(6, blockedBy(5))] },
      'gh issue edit 5 -R acme/widget',
    ],
    [
      'a body that a stranger edited',
      { issues: [anIssue(5, { lastEditor: 'eve' })] },
      'gh issue edit 5 -R acme/widget',
    ],
    [
      'a PRD that was given up',
      { issues: [aPrd(7, closed('not_planned')), anIssue(5, childOf(7))] },
      'gh issue edit 5 -R acme/widget',
    ],
    [
      'a PRD that was reopened',
      { issues: [aPrd(7, { labels: ['prd', 'reviewed'], stateReason: 'reopened' })] },
      'gh issue edit 7 -R acme/widget --remove-label reviewed',
    ],
    [
      'an open breaker',
      { issues: [anIssue(5)], leases: [aLease(5, { holder: '', breaker: 'open' })] },
      'harness retry acme/widget#5',
    ],
    [
      'an agent that can not log in',
      {
        config: { HARNESS_AGENT: 'claude' },
        issues: [anIssue(5), anIssue(6)],
        host: { agents: [{ profile: 'claude', breaker: 'open', until: null, reason: '401' }] },
      },
      'harness doctor',
    ],
    [
      'a question of a live agent',
      { issues: [anIssue(5)], leases: [aLease(5)], host: { sessions: [aSession(5, { question: 'Red?' })] } },
      'harness answer acme/widget#5 "…"',
    ],
    [
      'a question of an attempt that is over',
      {
        config: { HARNESS_AUTONOMOUS: 'false' },
        issues: [anIssue(5, { labels: ['ready-for-agent', 'agent-blocked'] })],
        leases: [aLease(5, { holder: '', question: 'Red?' })],
      },
      'harness answer acme/widget#5 "…"',
    ],
    ['a capability', { issues: [anIssue(5, { labels: ['ready-for-agent', 'needs:gpu'] })] }, 'harness start'],
    ['a pause', { issues: [anIssue(5)], host: { paused: true } }, 'harness resume'],
    ['a red branch', { issues: [anIssue(5)], repo: { ci: 'fail' } }, 'gh run list -R acme/widget --limit 5'],
  ] as const)('offers one command for %s', (_what, facts, command) => {
    expect(nextSteps(aWorld(facts)).map(step => step.command)).toEqual([command]);
  });

  test('quotes a label for the shell', () => {
    const world = aWorld({
      config: { HARNESS_AUTONOMOUS: 'false', HARNESS_LABEL_BLOCKED: "needs $you's word" },
      issues: [anIssue(5, { labels: ['ready-for-agent', "needs $you's word"] })],
    });
    expect(nextSteps(world)[0]?.command).toBe(
      "gh issue edit 5 -R acme/widget --remove-label 'needs $you'\\''s word'",
    );
  });

  test('asks once for what holds many', () => {
    const world = aWorld({ issues: [anIssue(5), anIssue(6)], host: { paused: true } });
    expect(nextSteps(world)).toMatchObject([
      { about: 'the fleet', frees: ['acme/widget#5', 'acme/widget#6'] },
    ]);
  });

  test('asks once about a closed PRD whose text nobody trusted wrote, for all its issues', () => {
    const prd = aPrd(7, { ...closed(), lastEditor: 'eve' });
    const world = aWorld({
      config: { HARNESS_MODE: 'prd' },
      issues: [prd, anIssue(8, childOf(7)), anIssue(9, childOf(7))],
    });
    expect(nextSteps(world)).toMatchObject([
      {
        about: 'acme/widget#7',
        question: expect.stringContaining('edited last by eve'),
        command: 'gh issue edit 7 -R acme/widget',
        frees: ['acme/widget#8', 'acme/widget#9'],
      },
    ]);
  });

  test('has nothing to ask on a healthy board', () => {
    expect(nextSteps(aWorld({ issues: [anIssue(5), anIssue(6, blockedBy(5))] }))).toEqual([]);
  });
});

describe('next, of a unit’s own stage', () => {
  const refused = {
    scope: 'stage',
    holder: '',
    live: false,
    failures: ['proposal: two PRDs are called "Reports"', 'proposal: nothing can start'],
  } as const;
  const held = aWorld({
    config: { HARNESS_MODE: 'planned' },
    issues: [],
    specHash: 'a'.repeat(64),
    leases: [aLease(null, refused)],
  });

  test('names the reason why its plan was refused, and the word that lets it be tried again', () => {
    expect(nextSteps(held)).toEqual([
      {
        about: 'acme/widget (main)',
        question: 'PLAN: its proposal was refused 2 times, at last since nothing can start',
        command: 'harness retry main',
        frees: ['acme/widget PLAN'],
        ageMs: null,
      },
    ]);
  });

  test('is explained by the name of the unit, or of its repository', () => {
    for (const name of ['main', 'acme/widget']) {
      const { title, gates, hold } = explainUnit(held, name) ?? {};
      expect([title, hold?.code]).toEqual(['PLAN', 'attempts']);
      expect(gates?.filter(({ verdict }) => verdict === 'closed')).toEqual([
        expect.objectContaining({
          gate: 'attempts',
          reason: 'its proposal was refused 2 times, at last since nothing can start',
          until: 'a person has mended the text, and says `harness retry main`',
        }),
      ]);
    }
    expect(explainUnit(held, 'other')).toBeNull();
  });

  test('is explained with what its open gates have seen', () => {
    const world = {
      ...held,
      config: { ...held.config, HARNESS_SPEC: 'docs/spec.md' },
      leases: [aLease(null, { ...refused, failures: [] })],
    };
    const { gates } = explainUnit(world, 'main') ?? {};
    expect(Object.fromEntries(gates?.map(({ gate, evidence }) => [gate, evidence]) ?? [])).toMatchObject({
      working: 'no session, no lease',
      leased: 'nobody holds its lease',
      attempts: '0 failed, of 5',
      budget: 'an unknown cost of unlimited, an unknown time of 480',
      deps: 'it waits for none',
      'ci-red': 'its checks: unknown',
      'no-spec': 'docs/spec.md',
    });
  });

  test('asks nothing while it can go on by itself', () => {
    const once = aLease(null, { ...refused, failures: refused.failures.slice(1) });
    expect(nextSteps({ ...held, leases: [once] })).toEqual([]);
    expect(unitStandings({ ...held, leases: [once] })).toMatchObject([{ title: 'PLAN', verdict: 'PLAN' }]);
  });
});
