import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type AgentReader, type HookEvent, UNKNOWN_USAGE } from '../../../src/adapters/agents/agent.ts';
import { claudeReader } from '../../../src/adapters/agents/claude/reader.ts';
import { codexReader } from '../../../src/adapters/agents/codex/reader.ts';
import { parseRow } from '../../../src/adapters/agents/rows.ts';

const NOW = Date.parse('2026-11-21T03:00:00Z');

/** Reads a stream that was captured from the real program; `lines` is what people see of it. */
function readSample(name: string, reader: AgentReader): { readonly lines: readonly string[] } {
  const text = readFileSync(new URL(`samples/${name}.jsonl`, import.meta.url), 'utf8');
  const rows = text
    .split('\n')
    .map(parseRow)
    .filter(row => row !== null);
  return { lines: rows.flatMap(row => reader.readRow(row)) };
}

const event = (name: string, payload = {}, verdict: HookEvent['verdict'] = null): HookEvent => ({
  at: '2026-11-21T03:00:00Z',
  name,
  payload,
  verdict,
});

/** What an earlier session with the same conversation had used. */
const EARLIER = {
  ...UNKNOWN_USAGE,
  tokens: [{ model: 'm', input: 1_000, output: 10, cacheRead: 0, cacheWrite: 0 }],
  costUsd: 5,
};

describe('the stream of Claude Code 2.1.197', () => {
  it('is shown in words', () => {
    expect(
      readSample(
        'claude-finished',
        claudeReader(() => NOW, UNKNOWN_USAGE),
      ).lines,
    ).toEqual([
      '* Claude Code 2.1.197, model claude-opus-4-8[1m]',
      '» Bash echo hi > f.txt && git add f.txt && git commit -qm x',
      '  (Bash completed with no output)',
      'Done.',
      '* The turn is over',
    ]);
  });

  it('tells of a turn that is over, and of what it used', () => {
    const reader = claudeReader(() => NOW, UNKNOWN_USAGE);
    readSample('claude-finished', reader);
    expect(reader.report()).toMatchObject({
      version: '2.1.197',
      isDone: true,
      isInTool: false,
      problem: null,
      usage: {
        requests: 2,
        tokens: [{ model: 'claude-opus-4-8', input: 200, output: 40, cacheRead: 10, cacheWrite: 14 }],
        costUsd: expect.closeTo(0.00209, 4),
      },
    });
  });

  it.each([
    ['overloaded', 'api', 529],
    ['throttled', 'quota', 429],
    ['limited', 'quota', 429],
    ['refused', 'authentication', 401],
    ['broke', 'billing', 400],
  ])('tells of a failure: %s', (sample, kind, status) => {
    const reader = claudeReader(() => NOW, UNKNOWN_USAGE);
    readSample(`claude-${sample}`, reader);
    expect(reader.report()).toMatchObject({ isDone: true, problem: { kind, status } });
    expect(reader.report().usage.requests).toBe(0);
  });

  it('tells when a usage limit is lifted', () => {
    const reader = claudeReader(() => NOW, UNKNOWN_USAGE);
    readSample('claude-limited', reader);
    expect(reader.report().problem?.resetsAt).toMatch(/^2026-11-21T\d\d:\d\d:\d\d\.000Z$/);
  });

  it('forgets a failure that was overcome', () => {
    const reader = claudeReader(() => NOW, UNKNOWN_USAGE);
    readSample('claude-throttled-once', reader);
    expect(reader.report()).toMatchObject({ isDone: true, problem: null });
  });

  it('is not over at a result while a task runs in the background', () => {
    const reader = claudeReader(() => NOW, UNKNOWN_USAGE);
    const seen: boolean[] = [];
    const watching: AgentReader = {
      ...reader,
      readRow: row => {
        const lines = reader.readRow(row);
        if (row.type === 'result') seen.push(reader.report().isDone);
        return lines;
      },
    };
    readSample('claude-background', watching);
    expect(seen).toEqual([false, true]);
    // Usage counts for the whole run: the second result includes the first.
    expect(reader.report().usage.tokens).toMatchObject([{ input: 300, output: 60 }]);
  });

  it.each([
    ['for its own run', 300, 2],
    ['for the whole conversation', 1_300, 7],
  ])(
    'does not count an earlier session again, whether a result is %s',
    (_what, inputTokens, total_cost_usd) => {
      const reader = claudeReader(() => NOW, EARLIER);
      const usage = { input_tokens: 300, output_tokens: 1 };
      reader.readRow({ type: 'assistant', message: { id: 'msg_1', model: 'm', content: [], usage } });
      reader.readRow({
        type: 'result',
        total_cost_usd,
        modelUsage: { m: { inputTokens, outputTokens: 20 } },
      });
      const used = reader.report().usage;
      expect(used).toMatchObject({ costUsd: 2, tokens: [{ model: 'm', input: 300 }] });
    },
  );

  const LEFT = {
    lastSessionId: 's',
    lastCost: 7,
    lastModelUsage: { 'm[1m]': { inputTokens: 1_300, outputTokens: 20 } },
  };

  it.each([
    ['has begun', UNKNOWN_USAGE, 0, { costUsd: 2 }, { costUsd: 7, tokens: [{ model: 'm', input: 1_300 }] }],
    ['goes on', EARLIER, 5, { costUsd: 2 }, { costUsd: 2, tokens: [{ model: 'm', input: 300 }] }],
    ['is counted anew', EARLIER, 0, { costUsd: 2 }, { costUsd: 7 }],
  ])('knows in a terminal what a conversation costs that %s', (_what, before, first, during, after) => {
    const reader = claudeReader(() => NOW, before);
    const cost = (usd: number) => reader.readCount({ cost: { total_cost_usd: usd } });
    reader.readEvent(event('SessionStart', { session_id: 's' }));
    expect(reader.report().usage.costUsd).toBeNull();
    cost(first);
    expect(reader.report().usage.costUsd).toBe(0);
    cost(first + 2);
    expect(reader.report().usage).toMatchObject(during);
    const usage = { input_tokens: 300, output_tokens: 1 };
    reader.readRow({ type: 'assistant', message: { id: 'msg_1', model: 'm', content: [], usage } });
    // What another session has left says nothing of this one.
    reader.readCount({ projects: { '/w': { ...LEFT, lastSessionId: 'another', lastCost: 99 } } });
    expect(reader.report().usage).toMatchObject(during);
    const lastModelUsage =
      first === 0 && before === EARLIER ? { m: { inputTokens: 300 } } : LEFT.lastModelUsage;
    reader.readCount({ projects: { '/w': { ...LEFT, lastModelUsage } } });
    expect(reader.report().usage).toMatchObject(after);
  });

  it('counts the time of its turns in a terminal, but not what it waits for a person', () => {
    let now = NOW;
    const reader = claudeReader(() => now, UNKNOWN_USAGE);
    const tell = (name: string, payload = {}, verdict: HookEvent['verdict'] = null) =>
      reader.readEvent({ at: new Date(now).toISOString(), name, payload, verdict });
    tell('SessionStart');
    expect(reader.report().usage.activeSeconds).toBeNull();
    tell('UserPromptSubmit');
    now += 10_000;
    expect(reader.report().usage.activeSeconds).toBe(10);
    tell('PermissionRequest', { tool_name: 'Bash' });
    now += 600_000;
    reader.readRow({ type: 'user', message: { content: [{ type: 'tool_result', tool_use_id: 't' }] } });
    now += 5_000;
    tell('Stop', {}, 'end');
    now += 60_000;
    expect(reader.report().usage.activeSeconds).toBe(15);
  });

  it('counts an answer once that comes as several rows, in which its size grows', () => {
    const reader = claudeReader(() => NOW, UNKNOWN_USAGE);
    const usage = { input_tokens: 10, output_tokens: 1, cache_read_input_tokens: 5 };
    const message = { id: 'msg_1', model: 'm', content: [], usage };
    for (const output_tokens of [1, 1, 8]) {
      reader.readRow({ type: 'assistant', message: { ...message, usage: { ...usage, output_tokens } } });
    }
    reader.readRow({ type: 'assistant', message: { ...message, id: 'msg_2' } });
    expect(reader.report().usage).toMatchObject({
      requests: 2,
      tokens: [{ model: 'm', input: 20, output: 9, cacheRead: 10, cacheWrite: 0 }],
      costUsd: null,
    });
  });

  it('can hold anything: what has another shape is passed over', () => {
    const reader = claudeReader(() => NOW, UNKNOWN_USAGE);
    const rows = [{}, { type: 'assistant' }, { type: 'result', usage: 7 }, { type: 'user', message: [] }];
    expect(rows.flatMap(row => reader.readRow(row))).toEqual(['* The turn is over']);
  });
});

describe("the events of Claude Code's hooks", () => {
  it('end a turn when nothing is missing', () => {
    const reader = claudeReader(() => NOW, UNKNOWN_USAGE);
    reader.readEvent(event('SessionStart', { session_id: 's', transcript_path: '/t.jsonl' }));
    for (const [verdict, isDone] of [
      ['wait', false],
      ['go-on', false],
      ['end', true],
    ] as const) {
      reader.readEvent(event('Stop', {}, verdict));
      expect(reader.report().isDone).toBe(isDone);
    }
    expect(reader.report()).toMatchObject({ conversation: 's', transcript: '/t.jsonl' });
  });

  it('tell of a failure in the terminal, where no row does', () => {
    const reader = claudeReader(() => NOW, UNKNOWN_USAGE);
    const message = "You've hit your session limit · resets 4:29am (UTC)";
    reader.readEvent(event('StopFailure', { error: 'rate_limit', last_assistant_message: message }));
    expect(reader.report()).toMatchObject({
      isDone: true,
      problem: { kind: 'quota', status: null, resetsAt: '2026-11-21T04:29:00.000Z' },
    });
    reader.readEvent(event('UserPromptSubmit'));
    expect(reader.report()).toMatchObject({ isDone: false, problem: null });
  });

  it('keep the status that the stream told, whichever comes first', () => {
    const reader = claudeReader(() => NOW, UNKNOWN_USAGE);
    readSample('claude-throttled', reader);
    reader.readEvent(event('StopFailure', { error: 'rate_limit', last_assistant_message: 'Limit' }));
    expect(reader.report().problem).toMatchObject({ kind: 'quota', status: 429 });
  });

  it.each([
    [{ tool_name: 'Bash', tool_input: { command: 'rm -rf  /' } }, 'May it use Bash? rm -rf /'],
    [
      { tool_name: 'ExitPlanMode', tool_input: { plan: 'First\nthis' } },
      'May it use ExitPlanMode? First this',
    ],
    [
      {
        tool_name: 'AskUserQuestion',
        tool_input: { questions: [{ question: 'Which?', options: [{ label: 'A' }, { label: 'B' }] }] },
      },
      'Which? (A, B)',
    ],
  ])('lift a question out of the pane, until a tool has its answer', (payload, question) => {
    const reader = claudeReader(() => NOW, UNKNOWN_USAGE);
    reader.readEvent(event('PermissionRequest', payload));
    expect(reader.report().question).toBe(question);
    const answer = { type: 'tool_result', tool_use_id: 't', content: 'yes' };
    reader.readRow({ type: 'user', message: { content: [answer] } });
    expect(reader.report().question).toBeNull();
  });
});

describe('the stream of Codex 0.169.0', () => {
  it('is shown in words', () => {
    expect(
      readSample(
        'codex-finished',
        codexReader(() => NOW, UNKNOWN_USAGE),
      ).lines,
    ).toEqual([
      expect.stringContaining('* Model metadata'),
      expect.stringContaining("» run /bin/bash -lc 'echo hi > f.txt"),
      '  HARNESS_X=1',
      'Done. 2',
      '* The turn is over',
    ]);
  });

  it('tells of what it used, without what an earlier session did', () => {
    const earlier = { model: 'm', input: 60, output: 20, cacheRead: 40, cacheWrite: 0 };
    for (const [before, tokens] of [
      [UNKNOWN_USAGE, { input: 120, output: 40, cacheRead: 80 }],
      [
        { ...UNKNOWN_USAGE, tokens: [earlier] },
        { input: 60, output: 20, cacheRead: 40 },
      ],
    ] as const) {
      const reader = codexReader(() => NOW, before);
      readSample('codex-finished', reader);
      expect(reader.report().usage).toMatchObject({ requests: null, costUsd: null, tokens: [tokens] });
    }
  });

  it('counts the time since its program began', () => {
    let now = NOW;
    const reader = codexReader(() => now, UNKNOWN_USAGE);
    expect(reader.report().usage.activeSeconds).toBeNull();
    now += 2_000;
    reader.readRow({ type: 'turn.started' });
    reader.readRow({ type: 'turn.completed' });
    now += 60_000;
    expect(reader.report().usage.activeSeconds).toBe(2);
  });

  it.each([
    ['overloaded', 'api', null],
    ['throttled', 'quota', 429],
    ['limited', 'quota', null],
    ['refused', 'authentication', 401],
    ['broke', 'billing', null],
  ])('tells of a failure: %s', (sample, kind, status) => {
    const reader = codexReader(() => NOW, UNKNOWN_USAGE);
    readSample(`codex-${sample}`, reader);
    expect(reader.report()).toMatchObject({ isDone: true, problem: { kind, status } });
  });

  it('tells when a usage limit is lifted', () => {
    const reader = codexReader(() => NOW, UNKNOWN_USAGE);
    readSample('codex-limited', reader);
    expect(Date.parse(reader.report().problem?.resetsAt ?? '')).toBeGreaterThan(NOW);
  });
});

describe('the transcript of Codex 0.169.0 in a terminal', () => {
  const reading = (sample: string) => {
    const reader = codexReader(() => NOW, UNKNOWN_USAGE);
    return { ...readSample(`codex-terminal-${sample}`, reader), report: reader.report() };
  };

  it('is shown in the words of its stream', () => {
    expect(reading('finished').lines).toEqual([
      expect.stringMatching(/^» run mkdir -p work && .*git commit/),
      expect.stringMatching(/^» run printf/),
      'Done.',
      '* The turn is over',
    ]);
  });

  it('tells of its version, its end and what it used', () => {
    expect(reading('finished').report).toMatchObject({
      version: '0.169.0',
      conversation: expect.stringMatching(/^[0-9a-f-]{36}$/),
      isDone: true,
      isInTool: false,
      problem: null,
      // However late its rows are read, and all at once.
      usage: { tokens: [{ input: 180, output: 60, cacheRead: 120, cacheWrite: 0 }], activeSeconds: 1.223 },
    });
  });

  it.each([
    ['refused', 'authentication', 401],
    ['limited', 'quota', null],
  ])('tells of a failure: %s', (sample, kind, status) => {
    expect(reading(sample).report).toMatchObject({ isDone: true, problem: { kind, status } });
  });
});
