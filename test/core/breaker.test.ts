import { describe, expect, it } from 'vitest';
import { agentBreakers, breakerOfIssue, type States } from '../../src/core/breaker.ts';
import type { Failure } from '../../src/core/contracts.ts';
import { foldJournal } from '../../src/core/journal.ts';
import { aFailure, aJournal } from '../helpers/journal.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
const cooling = (minute: number) => ({ nowMs: Date.parse(at(minute)), minutes: 60 });

/** A journal with one attempt for each failure; null is a success. They end in the minutes given. */
function attempts(...ends: readonly (readonly [minute: number, failure: Failure | null])[]) {
  const links = ends.flatMap(
    ([minute, failure]) =>
      [
        ['claim', { profile: 'claude' }],
        ['receipt', { at: at(minute), profile: 'claude', ...(failure ? { failure } : {}) }],
        ['release'],
      ] as const,
  );
  return foldJournal(aJournal(...links));
}

const wrong = aFailure('verify', 'two tests fail');

describe("an issue's breaker", () => {
  it('opens when the same failure came three times, whatever came in between', () => {
    const other = aFailure('no-outcome');
    expect(breakerOfIssue(attempts([1, wrong], [2, wrong]), cooling(3)).breaker).toBe('closed');
    expect(breakerOfIssue(attempts([1, wrong], [2, other], [3, wrong], [4, wrong]), cooling(5))).toEqual({
      breaker: 'open',
      until: at(64),
    });
  });

  it('lets a probe through after its cool-down, and opens again when that fails alike', () => {
    const failing = [1, 2, 3].map(minute => [minute, wrong] as const);
    expect(breakerOfIssue(attempts(...failing), cooling(63)).breaker).toBe('half-open');
    expect(breakerOfIssue(attempts(...failing, [70, wrong]), cooling(71)).breaker).toBe('open');
  });

  it('closes with a success, or with the word of a person', () => {
    const failing = [1, 2, 3].map(minute => [minute, wrong] as const);
    expect(breakerOfIssue(attempts(...failing, [4, null]), cooling(5)).breaker).toBe('closed');
    const links = [1, 2, 3].map(minute => ['receipt', { at: at(minute), failure: wrong }] as const);
    expect(breakerOfIssue(foldJournal(aJournal(...links, ['retry'])), cooling(5)).breaker).toBe('closed');
  });
});

describe.each<[what: string, ends: readonly (readonly [number, Failure | null])[], states: string]>([
  ['one failure', [[1, wrong]], 'closed closed closed'],
  [
    'two alike',
    [
      [1, wrong],
      [2, wrong],
    ],
    'closed closed closed',
  ],
  [
    'three alike',
    [
      [1, wrong],
      [2, wrong],
      [3, wrong],
    ],
    'open open half-open',
  ],
  [
    'three of different kinds',
    [
      [1, wrong],
      [2, aFailure('no-outcome')],
      [3, aFailure('timeout')],
    ],
    'closed closed closed',
  ],
  [
    'three alike, then another',
    [
      [1, wrong],
      [2, wrong],
      [3, wrong],
      [4, aFailure('no-outcome')],
    ],
    'closed closed closed',
  ],
  [
    'a success between',
    [
      [1, wrong],
      [2, wrong],
      [2, null],
      [3, wrong],
    ],
    'closed closed closed',
  ],
  [
    "three that were nobody's fault",
    [1, 2, 3].map(at => [at, aFailure('interrupted')] as const),
    'closed closed closed',
  ],
  [
    'a probe that was interrupted',
    [
      [1, wrong],
      [2, wrong],
      [3, wrong],
      [64, aFailure('interrupted')],
    ],
    'open open half-open',
  ],
  [
    'a probe that failed alike',
    [
      [1, wrong],
      [2, wrong],
      [3, wrong],
      [64, wrong],
    ],
    'open open open',
  ],
  [
    'a probe that succeeded',
    [
      [1, wrong],
      [2, wrong],
      [3, wrong],
      [64, null],
    ],
    'closed closed closed',
  ],
])("an issue's breaker after %s", (_what, ends, states) => {
  it(`is ${states} in minutes 5, 62 and 65`, () => {
    const state = attempts(...ends);
    expect([5, 62, 65].map(minute => breakerOfIssue(state, cooling(minute)).breaker).join(' ')).toBe(states);
  });
});

describe("an agent's breaker", () => {
  const refused = aFailure('authentication', '401');
  const limited = aFailure('quota', 'limit reached');
  const breakers = (states: States, minute: number, fleet = 'here') =>
    agentBreakers(states, fleet, cooling(minute)).map(({ breaker, until }) => [breaker, until]);

  it('opens when two issues could not log in, and lets a probe go after the cool-down', () => {
    const states: States = [
      ['1', attempts([1, refused])],
      ['2', attempts([2, refused])],
    ];
    expect(breakers(states, 3)).toEqual([['open', at(62)]]);
    expect(breakers(states, 62)).toEqual([['half-open', at(62)]]);
    expect(breakers([['1', attempts([1, refused])]], 3)).toEqual([]);
  });

  it('opens at once for a usage limit whose end is known, until then', () => {
    const until = at(300);
    const states: States = [['1', attempts([1, { ...limited, resetsAt: until }])]];
    expect(breakers(states, 2)).toEqual([['open', until]]);
    expect(breakers(states, 300)).toEqual([['half-open', until]]);
  });

  it('opens for its cool-down when the limit still holds at its end', () => {
    const stale = { ...limited, resetsAt: at(300) };
    const states: States = [['1', attempts([1, stale], [300, stale])]];
    expect(breakers(states, 301)).toEqual([['open', at(360)]]);
    expect(breakers(states, 360)).toEqual([['half-open', at(360)]]);
    expect(breakers([['1', attempts([1, stale], [310, limited])]], 311)).toEqual([['open', at(370)]]);
    expect(breakers([['1', attempts([301, stale])]], 302)).toEqual([['open', at(361)]]);
  });

  it('opens for the third failure of one issue in a row', () => {
    const failing = [1, 2, 3].map(minute => [minute, limited] as const);
    expect(breakers([['1', attempts(...failing)]], 4)).toEqual([['open', at(63)]]);
  });

  it('is closed by whatever shows that the agent works', () => {
    const failed: States = [
      ['1', attempts([1, refused])],
      ['2', attempts([2, refused])],
    ];
    expect(breakers([...failed, ['3', attempts([3, wrong])]], 4)).toEqual([]);
    expect(breakers([...failed, ['3', attempts([3, null])]], 4)).toEqual([]);
    expect(breakers([...failed, ['3', attempts([3, aFailure('interrupted')])]], 4)).toHaveLength(1);
  });

  it('lets a probe go at once when a person says so', () => {
    const entries = aJournal(
      ['receipt', { at: at(2), profile: 'claude', failure: refused }],
      ['release'],
      ['retry', { at: at(5) }],
    );
    const states: States = [
      ['1', attempts([1, refused])],
      ['2', foldJournal(entries)],
    ];
    expect(breakers(states, 6)).toEqual([['half-open', at(5)]]);
  });

  it('opens for what reviewers met, too, and is closed by a review', () => {
    const review = (by: string, verdict: 'pass' | 'none') =>
      ({ nonce: 'n', by, verdict, reason: '', points: [], accepts: [] }) as const;
    const until = at(300);
    const failure = { ...limited, resetsAt: until };
    const met = ['review', { at: at(1), review: review('codex', 'none'), failure }] as const;
    const ended: States = [['1', foldJournal(aJournal(['claim'], met))]];
    expect(agentBreakers(ended, 'here', cooling(2))).toMatchObject([
      { profile: 'codex', breaker: 'open', until },
    ]);
    const after = ['review', { at: at(2), review: review('codex', 'pass') }] as const;
    const reviewed: States = [['1', foldJournal(aJournal(['claim'], met, after))]];
    expect(breakers(reviewed, 3)).toEqual([]);
  });

  it("is each fleet's own", () => {
    const states: States = [
      ['1', attempts([1, refused])],
      ['2', attempts([2, refused])],
    ];
    expect(breakers(states, 3, 'elsewhere')).toEqual([]);
  });
});
