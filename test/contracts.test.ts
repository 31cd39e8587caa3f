import { describe, expect, it } from 'vitest';
import { OUTCOME_MAX_BYTES, parseHostRecord, parseJournalEntry, parseOutcome } from '../src/contracts.ts';
import type { Outcome } from '../src/core/contracts.ts';
import { entry, hostBody } from './adapters/git/records.ts';

const outcome: Outcome = {
  version: 1,
  nonce: 'n1',
  repo: 'acme/app',
  issue: 7,
  status: 'done',
  summary: 'Adds the thing.',
  criteria: [{ id: '1', evidence: 'npm test' }],
  blockers: [],
  discoveries: [],
};

const problemsOf = (value: unknown) => {
  const parsed = parseOutcome(typeof value === 'string' ? value : JSON.stringify(value));
  return parsed.kind === 'invalid' ? parsed.problems : [];
};

describe('an outcome', () => {
  it('is read, with everything that may be left out', () => {
    expect(parseOutcome(JSON.stringify(outcome))).toEqual({ kind: 'valid', outcome });
    const full = { ...outcome, question: 'Which?', proposal: { any: ['thing'] } };
    expect(parseOutcome(JSON.stringify(full))).toEqual({ kind: 'valid', outcome: full });
  });

  it.each([
    ['is not JSON', '{"version": 1,', 'not valid JSON'],
    ['has a status that does not exist', { ...outcome, status: 'finished' }, 'status: '],
    ['lacks a field', { ...outcome, summary: undefined }, 'summary: '],
    ['has an empty summary', { ...outcome, summary: '' }, 'summary: '],
    ['has a criterion without evidence', { ...outcome, criteria: [{ id: '1' }] }, 'criteria.0.evidence: '],
    ['misspells a field', { ...outcome, blocker: [] }, 'blocker'],
    ['is a list', [outcome], 'expected object'],
    ['is of a newer version', { ...outcome, version: 2 }, 'newer version'],
  ])('says what is wrong when it %s', (_what, value, problem) => {
    expect(problemsOf(value)).toEqual([expect.stringContaining(problem)]);
  });

  it('names every problem at once', () => {
    expect(problemsOf({ ...outcome, issue: '7', nonce: '' })).toHaveLength(2);
  });

  it('may be so large and no larger', () => {
    const summary = (length: number) => ({ ...outcome, discoveries: Array(8).fill('x'.repeat(length)) });
    expect(problemsOf(summary(OUTCOME_MAX_BYTES / 8 - 100))).toEqual([]);
    expect(problemsOf(summary(OUTCOME_MAX_BYTES / 8))).toEqual(['the file is larger than 256 KB']);
  });
});

describe('the records of a lease', () => {
  it('are the same after they were written and read', () => {
    const receipt = entry({
      op: 'receipt',
      base: 'a'.repeat(40),
      gates: [{ gate: 'verify', verdict: 'pass', reason: 'it said "ok"\n' }],
      usage: {
        seconds: 1.5,
        costUsd: null,
        agentSeconds: 1,
        activeSeconds: null,
        requests: 3,
        tokens: [{ model: 'opus', input: 1, output: 2, cacheRead: 3, cacheWrite: 4 }],
      },
      failure: { class: 'interrupted', signature: 's', message: 'm' },
      landed: { pull: 3, commit: 'b'.repeat(40) },
    });
    expect(parseJournalEntry(JSON.stringify(receipt))).toEqual({ kind: 'valid', value: receipt });
    const body = hostBody({ leases: [{ ref: 'refs/harness/issues/7', epoch: 2, worker: 'w1:1:1' }] });
    expect(parseHostRecord(JSON.stringify(body))).toEqual({ kind: 'valid', value: body });
  });

  it('are refused when they are of a newer version, or carry what this one does not know', () => {
    const problem = (value: object) => parseJournalEntry(JSON.stringify(value));
    expect(problem({ ...entry(), v: 2, extra: 1 })).toMatchObject({
      problems: ['written by a newer version of harness'],
    });
    expect(problem({ ...entry(), op: 'steal' })).toMatchObject({ kind: 'invalid' });
    expect(problem({ ...entry(), head: '--all' })).toMatchObject({ kind: 'invalid' });
    expect(parseHostRecord(JSON.stringify({ ...hostBody(), v: 2 }))).toMatchObject({ kind: 'invalid' });
  });
});
