import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../src/core/parse-settings.ts';
import { type AgentUsage, costOf, type ModelTokens, sumOf, sumTokens } from '../../src/core/usage.ts';

const tokens = (model: string, facts: Partial<ModelTokens> = {}): ModelTokens => ({
  model,
  input: 1_000_000,
  output: 100_000,
  cacheRead: 2_000_000,
  cacheWrite: 0,
  ...facts,
});

const used = (facts: Partial<AgentUsage>): AgentUsage => ({
  requests: 3,
  tokens: null,
  costUsd: null,
  activeSeconds: null,
  ...facts,
});

describe('the cost of what an agent used', () => {
  const prices = 'gpt-small=1/4/0.5, opus=5/25';

  it('is what the program reports, whatever a table says', () => {
    expect(costOf(used({ costUsd: 0.12, tokens: [tokens('opus')] }), prices)).toBe(0.12);
  });

  it('comes from the table where the program does not tell', () => {
    expect(costOf(used({ tokens: [tokens('gpt-small')] }), prices)).toBeCloseTo(1 + 0.4 + 1);
    expect(costOf(used({ tokens: [tokens('opus')] }), prices)).toBeCloseTo(5 + 2.5 + 10);
  });

  it('is unknown when the price of one model is, or nothing is known of the tokens', () => {
    expect(costOf(used({ tokens: [tokens('opus'), tokens('other')] }), prices)).toBeNull();
    expect(costOf(used({}), prices)).toBeNull();
  });
});

describe('sums', () => {
  it('keep unknown apart from nothing', () => {
    expect(sumOf([])).toBeNull();
    expect(sumOf([null, null])).toBeNull();
    expect(sumOf([null, 1, 2])).toBe(3);
    expect(sumTokens([null])).toBeNull();
    expect(sumTokens([null, [tokens('a')], [tokens('a', { output: 1 }), tokens('b')]])).toEqual([
      tokens('a', { input: 2_000_000, output: 100_001, cacheRead: 4_000_000 }),
      tokens('b'),
    ]);
  });
});

describe('limits', () => {
  it('are numbers, or unlimited where somebody says so', () => {
    const settings = parseSettings({ HARNESS_MAX_COST_USD: '0.5', HARNESS_MAX_ATTEMPTS: 'unlimited' });
    expect(settings).toMatchObject({ HARNESS_MAX_COST_USD: 0.5, HARNESS_MAX_MINUTES: 480 });
    expect(settings.HARNESS_MAX_ATTEMPTS).toBe(Number.POSITIVE_INFINITY);
  });

  it.each(['0', '-1', 'none', '1e3', ''])('refuse %j or take the default', value => {
    const parse = () => parseSettings({ HARNESS_MAX_MINUTES: value });
    if (value === '') expect(parse().HARNESS_MAX_MINUTES).toBe(480);
    else expect(parse).toThrow('or unlimited');
  });

  it('refuse prices that nobody could read', () => {
    expect(() => parseSettings({ HARNESS_PRICES: 'opus' })).toThrow('HARNESS_PRICES');
    expect(parseSettings({ HARNESS_PRICES: 'opus=5/25, gpt-5=1.25/10/0.1' }).HARNESS_PRICES).toContain(
      'opus',
    );
  });
});
