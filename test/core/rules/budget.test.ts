import { describe, expect, test } from 'vitest';
import { decide } from '../../../src/core/decide.ts';
import { dispatches, holds, repairs } from '../../helpers/decided.ts';
import { aLease, anIssue, aSession, aWorld, type WorldFacts } from '../../helpers/world.ts';

const held = (issue: number, world: ReturnType<typeof aWorld>) =>
  decide(world).holds.find(hold => hold.issue === issue);

const free = { holder: '', live: false };

describe('a budget', () => {
  test('of minutes holds an issue with the sum', () => {
    const facts = { issues: [anIssue(1)], leases: [aLease(1, { ...free, minutes: 480.5 })] };
    expect(held(1, aWorld(facts))).toMatchObject({
      code: 'budget',
      reason: 'agents worked 480 minutes on it, of 480',
    });
    expect(holds(aWorld({ ...facts, config: { HARNESS_MAX_MINUTES: 'unlimited' } }))).toEqual({});
  });

  test('of the day holds what was never tried, until midnight', () => {
    const config = { HARNESS_MAX_COST_USD_PER_DAY: '20' };
    const world = aWorld({ config, issues: [anIssue(1)], spentToday: 20.5 });
    expect(held(1, world)).toMatchObject({
      code: 'budget',
      reason: 'all fleets spent $20.50 today, of $20',
      until: expect.stringContaining('2026-01-02T00:00:00.000Z has passed'),
    });
    expect(dispatches({ ...world, spentToday: 19.99 })).toEqual(['IMPL 1']);
    expect(dispatches({ ...world, spentToday: null })).toEqual(['IMPL 1']);
  });

  test.each<[string, WorldFacts]>([
    ['cost, with what earlier attempts cost', { config: { HARNESS_MAX_COST_USD: '5' } }],
    ['time, with that of earlier attempts', { config: { HARNESS_MAX_MINUTES: '120' } }],
    ['cost of the day', { config: { HARNESS_MAX_COST_USD_PER_DAY: '9' }, spentToday: 9 }],
  ])('ends a session that reaches its limit of %s', (_what, facts) => {
    const world = aWorld({
      ...facts,
      issues: [anIssue(1)],
      leases: [aLease(1, { spend: 3, minutes: 60 })],
      host: { sessions: [aSession(1, { spend: 2, startedAt: '2025-12-31T23:00:00Z' })] },
    });
    expect(repairs(world)).toEqual(['CUT_OFF 1']);
  });

  test('lets a session that has its outcome land', () => {
    const world = aWorld({
      config: { HARNESS_MAX_COST_USD: '5' },
      issues: [anIssue(1)],
      leases: [aLease(1)],
      host: { sessions: [aSession(1, { spend: 6, outcome: 'done' })] },
    });
    expect(repairs(world)).toEqual(['LAND 1']);
  });
});

describe('questions', () => {
  test('are told while a session waits for the answer', () => {
    const sessions = [aSession(1, { question: 'Red\nor blue?' })];
    const world = aWorld({ issues: [anIssue(1)], leases: [aLease(1)], host: { sessions } });
    expect(held(1, world)).toMatchObject({
      code: 'working',
      reason: 'its IMPL session asks: Red or blue?',
      until: expect.stringContaining('harness answer 1'),
    });
  });

  test('are told when the attempt is over, where people settle them', () => {
    const world = aWorld({
      config: { HARNESS_AUTONOMOUS: 'false' },
      issues: [anIssue(1, { labels: ['ready-for-agent', 'agent-blocked'] })],
      leases: [aLease(1, { ...free, question: 'Red?' })],
    });
    expect(held(1, world)).toMatchObject({ code: 'agent-blocked', reason: 'its last attempt asks: Red?' });
  });
});

describe("an agent's breaker", () => {
  const open = { profile: 'claude', breaker: 'open', until: null, reason: 'quota: limit' } as const;
  const half = { ...open, breaker: 'half-open' } as const;
  const issues = [1, 2, 3].map(number => anIssue(number));

  test('holds all that the agent would do, and nothing else', () => {
    const config = { HARNESS_AGENT: 'claude', HARNESS_AGENT_SIZE_LARGE: 'codex' };
    const large = anIssue(4, { labels: ['ready-for-agent', 'size:large'] });
    const world = aWorld({ config, issues: [...issues, large], host: { agents: [open] } });
    expect(dispatches(world)).toEqual(['IMPL 4']);
    expect(holds(world)).toEqual({ 1: 'breaker', 2: 'breaker', 3: 'breaker' });
  });

  test('lets one session try when it is half open', () => {
    const config = { HARNESS_AGENT: 'claude' };
    expect(dispatches(aWorld({ config, issues, host: { agents: [half] } }))).toEqual(['IMPL 1']);
    const sessions = [aSession(1)];
    const probing = aWorld({ config, issues, leases: [aLease(1)], host: { agents: [half], sessions } });
    expect(dispatches(probing)).toEqual([]);
    expect(holds(probing)).toMatchObject({ 2: 'breaker', 3: 'breaker' });
  });
});
