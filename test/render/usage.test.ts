import { describe, expect, it } from 'vitest';
import { agentLine, spentSoFar, usedLines } from '../../src/render/usage.ts';

const nothing = {
  attempts: 0,
  priced: 0,
  costUsd: null,
  agentSeconds: null,
  requests: null,
  tokens: null,
  todayUsd: null,
};

it('says what a running session has used, as far as that is known', () => {
  const tokens = [
    { model: 'a', input: 10_000, output: 500, cacheRead: 30_000, cacheWrite: 0 },
    { model: 'b', input: 20, output: 1, cacheRead: 0, cacheWrite: 0 },
  ];
  expect(spentSoFar({ costUsd: 0.126, tokens })).toBe('$0.13, 41k tokens');
  expect(spentSoFar({ costUsd: null, tokens })).toBe('41k tokens');
  expect(spentSoFar({ costUsd: null, tokens: null })).toBe('');
});

describe('what was used', () => {
  it('is not told when nothing was', () => {
    expect(usedLines(nothing)).toBe('');
  });

  it('says unknown, and at least, where attempts do not tell', () => {
    expect(usedLines({ ...nothing, attempts: 2 })).toContain('2 attempts, cost unknown');
    expect(usedLines({ ...nothing, attempts: 2, priced: 1, costUsd: 1.5 })).toContain('at least $1.50');
    expect(usedLines({ ...nothing, attempts: 2, priced: 2, costUsd: 1.5, todayUsd: 0.25 })).toBe(
      '  2 attempts, $1.50, $0.25 today',
    );
  });

  it('tells tokens by model and kind', () => {
    const tokens = [{ model: 'opus', input: 900, output: 12_345, cacheRead: 3_210_000, cacheWrite: 0 }];
    expect(usedLines({ ...nothing, attempts: 1, agentSeconds: 60, tokens })).toContain(
      'opus  900 in, 12k out, 3.2M read from the cache, 0 written to it',
    );
  });
});

it('says until when an agent can not work, and why', () => {
  const agent = {
    profile: 'claude',
    breaker: 'open',
    until: '2026-01-01T05:00:00Z',
    reason: 'limit',
  } as const;
  expect(agentLine(agent)).toBe("  claude  can't work before 2026-01-01T05:00:00Z (limit)");
  expect(agentLine({ ...agent, breaker: 'half-open' })).toContain('one session tries');
});
