import { describe, expect, it } from 'vitest';
import { foldJournal, notBefore } from '../../src/core/journal.ts';
import { aFailure, aJournal } from '../helpers/journal.ts';

describe('a journal', () => {
  it('says that an issue nobody took has no holder and no attempts', () => {
    expect(foldJournal([])).toMatchObject({ epoch: 0, holder: null, attempts: 0, open: null });
  });

  it('names the holder and the open attempt after a claim', () => {
    const state = foldJournal(aJournal(['claim', { fleet: 'there', attempt: 1 }]));
    expect(state).toMatchObject({ epoch: 1, holder: { fleet: 'there' }, attempts: 1 });
    expect(state.open?.session).toBe('s1');
  });

  it('has no holder and no open attempt after receipt and release', () => {
    const state = foldJournal(aJournal(['claim'], ['receipt'], ['release']));
    expect(state).toMatchObject({ epoch: 1, seq: 3, holder: null, open: null, attempts: 1 });
  });

  it('grows the epoch with every claim and takeover, never with other entries', () => {
    const entries = aJournal(['claim'], ['takeover'], ['receipt'], ['release'], ['claim', { attempt: 2 }]);
    expect(entries.map(entry => entry.epoch)).toEqual([1, 2, 2, 2, 3]);
    expect(entries.map(entry => entry.seq)).toEqual([1, 2, 3, 4, 5]);
  });

  it('keeps the landing that a takeover continues', () => {
    const state = foldJournal(
      aJournal(['claim'], ['landing', { head: 'abc' }], ['takeover', { fleet: 'there' }]),
    );
    expect(state.landing?.head).toBe('abc');
    expect(state.holder?.fleet).toBe('there');
  });

  it('forgets a landing when the next attempt is claimed', () => {
    const state = foldJournal(
      aJournal(['claim'], ['landing', { head: 'abc' }], ['receipt'], ['release'], ['claim']),
    );
    expect(state.landing).toBeNull();
  });

  it('counts failures in a row, and a success clears them', () => {
    const failing = aJournal(['claim'], ['receipt', { failure: aFailure() }], ['release']);
    const succeeding = aJournal(
      ['claim'],
      ['receipt', { failure: aFailure() }],
      ['release'],
      ['claim'],
      ['receipt'],
    );
    expect(foldJournal(failing).failures).toHaveLength(1);
    expect(foldJournal(succeeding).failures).toHaveLength(0);
  });

  it('does not count an attempt that was interrupted or cancelled', () => {
    const entries = aJournal(
      ['claim'],
      ['receipt', { failure: aFailure('interrupted'), nonce: '0000' }],
      ['claim'],
      ['receipt', { failure: aFailure('cancelled') }],
    );
    const state = foldJournal(entries);
    expect(state.failures).toHaveLength(0);
    expect(state.receipts).toHaveLength(2);
  });
});

describe('back-off', () => {
  const failing = (times: number) =>
    foldJournal(
      aJournal(
        ...Array.from({ length: times }, () => ['receipt', { failure: aFailure(), nonce: '0000x' }] as const),
      ),
    );

  it('delays nothing before the first failure, or when it is switched off', () => {
    expect(notBefore(foldJournal([]), 30)).toBeNull();
    expect(notBefore(failing(1), 0)).toBeNull();
  });

  it.each([
    [1, '2026-01-01T00:00:30.000Z'],
    [2, '2026-01-01T00:01:00.000Z'],
    [4, '2026-01-01T00:04:00.000Z'],
  ])('doubles: after %i failures the next attempt starts at %s', (times, expected) => {
    expect(notBefore(failing(times), 30)).toBe(expected);
  });

  it.each([
    [1, null],
    [2, '2026-01-01T00:00:30.000Z'],
    [4, '2026-01-01T00:02:00.000Z'],
  ])('forgives an interruption, but not %i in a row', (times, expected) => {
    const links = Array.from(
      { length: times },
      () => ['receipt', { failure: aFailure('interrupted'), nonce: '0000' }] as const,
    );
    expect(notBefore(foldJournal(aJournal(...links)), 30)).toBe(expected);
  });

  it('is spread by at most a fifth, alike for everybody who reads the same journal', () => {
    const state = foldJournal(aJournal(['receipt', { failure: aFailure(), nonce: 'zzzz' }]));
    const delay = Date.parse(notBefore(state, 100) ?? '') - Date.parse('2026-01-01T00:00:00Z');
    expect(delay).toBeGreaterThan(100_000);
    expect(delay).toBeLessThanOrEqual(120_000);
    expect(notBefore(state, 100)).toBe(notBefore(state, 100));
  });
});
