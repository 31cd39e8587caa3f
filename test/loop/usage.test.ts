import { describe, expect, it } from 'vitest';
import type { Engine } from '../../src/loop/engine.ts';
import type { AgentUsage, Session } from '../../src/ports.ts';
import { isoOf } from '../../src/simulate/github/history.ts';
import { aStage } from '../helpers/ports.ts';

const USED: AgentUsage = {
  requests: 4,
  tokens: [{ model: 'sonnet', input: 1_000_000, output: 0, cacheRead: 0, cacheWrite: 0 }],
  costUsd: null,
  activeSeconds: 12.4,
};

/** An engine whose sessions tell what they were said to. */
const telling =
  (facts: (session: Session) => Partial<Session>) =>
  (engine: Engine): Engine => ({
    ...engine,
    sessions: {
      ...engine.sessions,
      list: async () => (await engine.sessions.list()).map(session => ({ ...session, ...facts(session) })),
    },
  });

const using = (usage: AgentUsage) => telling(() => ({ usage }));

const ended = (kind: 'quota' | 'authentication', resetsAt: string | null = null) =>
  telling(({ end }) =>
    end?.failure
      ? { end: { failure: { class: kind, signature: `${kind}: 429`, message: 'no more today' }, resetsAt } }
      : {},
  );

describe('what an attempt used', () => {
  it('is in its receipt, with the cost that the table of prices gives', async () => {
    const stage = aStage({ config: { HARNESS_PRICES: 'sonnet=3/15' } });
    await stage.fleet('h1', using(USED)).finish();
    const receipt = stage.github.journal().entries.find(({ op }) => op === 'receipt');
    expect(receipt?.usage).toMatchObject({ costUsd: 3, requests: 4, activeSeconds: 12, tokens: USED.tokens });
    expect(receipt?.usage?.agentSeconds).toBeGreaterThan(0);
    // The name alone: paths of a host are nobody else's business.
    expect(receipt?.log).toMatch(/^[\w-]+-i1$/);
  });

  it('stays unknown where nobody tells', async () => {
    const stage = aStage();
    await stage.fleet().finish();
    const receipt = stage.github.journal().entries.find(({ op }) => op === 'receipt');
    expect(receipt?.usage).toMatchObject({ costUsd: null, requests: null, tokens: null });
  });

  it('ends the session that reaches the budget of its issue, and holds that with the sum', async () => {
    const stage = aStage({ agents: ['endless'], config: { HARNESS_MAX_COST_USD: '2' } });
    const here = stage.fleet('h1', using({ ...USED, costUsd: 2.5 }));
    await here.untilAgentsStop();
    await here.tick();
    const { holds } = await here.tick();
    expect(stage.github.story()).toEqual(['claim', 'receipt:budget', 'release']);
    expect(holds).toMatchObject([{ code: 'budget', reason: 'its attempts cost $2.50, of $2' }]);
  });

  it('of all fleets in a day is what the limit of the day is about', async () => {
    const config = { HARNESS_MAX_COST_USD_PER_DAY: '4' };
    const stage = aStage({ hosts: 2, issues: [{}, {}], config });
    const one = stage.fleet('h1', using({ ...USED, costUsd: 5 }));
    await one.finish().catch(() => {});
    const { holds } = await stage.fleet('h2').tick();
    const reason = 'all fleets spent $10.00 today, of $4';
    expect(holds).toMatchObject([
      { code: 'budget', reason },
      { code: 'budget', reason },
    ]);
  });
});

describe('a usage limit', () => {
  it('is no failed attempt, and its end is kept and waited for', async () => {
    const stage = aStage({ agents: ['silent'], issues: [{}, {}] });
    const resetsAt = isoOf(5 * 3_600_000);
    const here = stage.fleet('h1', ended('quota', resetsAt));
    await here.untilAgentsStop();
    await here.tick();
    const { entries } = stage.github.journal();
    expect(entries.find(({ op }) => op === 'receipt')?.failure).toMatchObject({ class: 'quota', resetsAt });
    const { holds, actions } = await here.tick();
    expect(actions.filter(({ kind }) => kind === 'IMPL')).toEqual([]);
    expect(holds.find(({ issue }) => issue === 1)).toMatchObject({ code: 'backoff' });
  });
});

describe('an agent that can not log in', () => {
  it('keeps every issue from being tried, until its cool-down is over', async () => {
    const agents = { 1: ['silent', 'silent', 'silent'], 2: ['silent'] } as const;
    const stage = aStage({ agents, issues: [{}, {}], config: { HARNESS_CAP: '1' } });
    const here = stage.fleet('h1', ended('authentication'));
    for (const _ of [1, 2, 3]) {
      await here.untilAgentsStop();
      await here.tick();
    }
    const { holds } = await here.tick();
    expect(holds.map(({ code }) => code)).toEqual(['breaker', 'breaker']);
    expect(holds[0]?.reason).toContain("claude can't work (authentication: no more today)");
    await stage.wait(3_700);
    const { actions } = await here.tick();
    expect(actions.map(({ kind }) => kind)).toEqual(['IMPL']);
  });
});

describe('the agent of an attempt', () => {
  it('is chosen by the size of the work, and named in the journal', async () => {
    const stage = aStage({
      issues: [{ labels: ['ready-for-agent', 'size:small'] }],
      config: { HARNESS_AGENT: 'claude', HARNESS_MODEL_SIZE_SMALL: 'haiku' },
    });
    await stage.fleet().finish();
    expect(new Set(stage.github.journal().entries.map(({ profile }) => profile))).toEqual(
      new Set(['claude/haiku']),
    );
  });
});
