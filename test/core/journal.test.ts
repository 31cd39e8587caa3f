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

describe('what nobody could help', () => {
  const limited = { ...aFailure('quota'), resetsAt: '2026-01-01T05:00:00.000Z' };
  const ends = (...failures: readonly ReturnType<typeof aFailure>[]) =>
    foldJournal(aJournal(...failures.map(failure => ['receipt', { failure }] as const)));

  it.each(['quota', 'authentication', 'billing', 'budget', 'interrupted'] as const)(
    'uses up no attempt: %s',
    kind => {
      expect(ends(aFailure(kind)).failures).toEqual([]);
    },
  );

  it('is not tried again before a usage limit is lifted', () => {
    expect(notBefore(ends(limited), 30)).toBe('2026-01-01T05:00:00.000Z');
    expect(notBefore(ends(limited), 0)).toBe('2026-01-01T05:00:00.000Z');
  });

  it('is delayed from the first time on when nobody knows how long a limit lasts', () => {
    expect(notBefore(ends(aFailure('quota')), 30)).not.toBeNull();
  });

  it('is tried at once when a person says so', () => {
    const state = foldJournal(aJournal(['receipt', { failure: limited }], ['retry']));
    expect(notBefore(state, 30)).toBeNull();
  });
});

describe('questions and answers', () => {
  const asked = aFailure('question', 'Red or blue?');

  it('keeps what a live agent asks until it asks no more', () => {
    const links = [['claim'], ['question', { question: 'Red?' }]] as const;
    expect(foldJournal(aJournal(...links))).toMatchObject({ question: 'Red?', open: { op: 'question' } });
    expect(foldJournal(aJournal(...links, ['question'])).question).toBeNull();
  });

  it('keeps what an attempt asked until it is answered, and the answer until a success', () => {
    const links = [['receipt', { failure: asked }], ['release']] as const;
    expect(foldJournal(aJournal(...links)).question).toBe('Red or blue?');
    const answered = [...links, ['answer', { question: 'Red or blue?', answer: 'Blue.' }]] as const;
    const answers = [{ question: 'Red or blue?', answer: 'Blue.' }];
    expect(foldJournal(aJournal(...answered))).toMatchObject({ question: null, answers, failures: [] });
    expect(foldJournal(aJournal(...answered, ['claim'], ['receipt'])).answers).toEqual([]);
  });
});

describe('what an issue has used', () => {
  const usage = (costUsd: number | null, agentSeconds: number | null) => ({
    seconds: 1,
    costUsd,
    agentSeconds,
    activeSeconds: null,
    requests: null,
    tokens: null,
  });
  const failure = aFailure();

  it('is the sum of what is known since the last success or the word of a person', () => {
    const links = [
      ['receipt', { failure, usage: usage(1.5, 60) }],
      ['receipt', { failure, usage: usage(null, 30) }],
    ] as const;
    expect(foldJournal(aJournal(...links))).toMatchObject({ spentUsd: 1.5, spentSeconds: 90 });
    expect(foldJournal(aJournal(...links, ['retry']))).toMatchObject({ spentUsd: null, spentSeconds: null });
    expect(foldJournal(aJournal(...links, ['receipt', { usage: usage(1, 1) }])).spentUsd).toBeNull();
  });
});
