import { describe, expect, it } from 'vitest';
import { type Answer, limitOf } from '../../../src/adapters/github/limits.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');

function answer(status: number, headers: Record<string, string> = {}, body = '', isGraphQL = false): Answer {
  return { receivedAt: NOW, status, headers: new Headers(headers), body, isGraphQL };
}

const resetIn = (seconds: number) => ({
  'x-ratelimit-remaining': '0',
  'x-ratelimit-reset': String(NOW / 1000 + seconds),
});

describe('limitOf', () => {
  it('waits until the reset when the last point is spent', () => {
    expect(limitOf(answer(403, resetIn(120)))).toEqual({ budget: 'core', waitMs: 121_000, isRefusal: true });
    expect(limitOf(answer(429, resetIn(120)))).toEqual({ budget: 'core', waitMs: 121_000, isRefusal: true });
  });

  it('sees the last point go with a success', () => {
    expect(limitOf(answer(200, resetIn(60)))).toEqual({ budget: 'core', waitMs: 61_000, isRefusal: false });
  });

  it('measures the reset on the clock of the server', () => {
    const date = new Date(NOW + 3_000_000).toUTCString();
    expect(limitOf(answer(403, { ...resetIn(3_060), date }))).toEqual({
      budget: 'core',
      waitMs: 61_000,
      isRefusal: true,
    });
  });

  it('stops everything for as long as retry-after says, in seconds or as a date', () => {
    expect(limitOf(answer(403, { 'retry-after': '30' }))).toEqual({
      budget: 'all',
      waitMs: 30_000,
      isRefusal: true,
    });
    const date = new Date(NOW).toUTCString();
    const until = new Date(NOW + 90_000).toUTCString();
    expect(limitOf(answer(429, { 'retry-after': until, date }))).toEqual({
      budget: 'all',
      waitMs: 90_000,
      isRefusal: true,
    });
  });

  it('knows a secondary limit by its words when no header names a time', () => {
    const body = '{"message":"You have exceeded a secondary rate limit."}';
    expect(limitOf(answer(403, {}, body))).toEqual({ budget: 'all', waitMs: null, isRefusal: true });
    expect(limitOf(answer(429))).toEqual({ budget: 'all', waitMs: null, isRefusal: true });
  });

  it('does not take a missing permission for a limit', () => {
    const body = '{"message":"Resource not accessible by personal access token"}';
    expect(limitOf(answer(403, { 'x-ratelimit-remaining': '4000' }, body))).toBeNull();
  });

  it('finds the limit in a GraphQL answer with status 200, and leaves REST alone', () => {
    const body = '{"errors":[{"type":"RATE_LIMIT","message":"API rate limit exceeded"}]}';
    expect(limitOf(answer(200, resetIn(10), body, true))).toEqual({
      budget: 'graphql',
      waitMs: 11_000,
      isRefusal: true,
    });
  });

  it('does not mistake the words of an issue for a limit', () => {
    const body = '{"data":{"title":"handle the rate limit"}}';
    expect(limitOf(answer(200, {}, body, true))).toBeNull();
  });

  it('waits at most a little over an hour, whatever a header claims', () => {
    expect(limitOf(answer(403, resetIn(10 ** 9)))?.waitMs).toBe(3_660_000);
    expect(limitOf(answer(403, { 'retry-after': '99999999' }))?.waitMs).toBe(3_660_000);
    expect(limitOf(answer(403, resetIn(-500)))?.waitMs).toBe(1000);
  });
});
