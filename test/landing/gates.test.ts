import { describe, expect, it } from 'vitest';
import { outcomeGate, substanceGate, verifyGate, type Work } from '../../src/landing/gates.ts';
import type { OutcomeFile } from '../../src/ports.ts';

const anOutcome = (over: object = {}): OutcomeFile => ({
  kind: 'valid',
  outcome: {
    version: 1,
    nonce: 'n',
    repo: 'acme/app',
    issue: 7,
    status: 'done',
    summary: 'Did it.',
    criteria: [],
    blockers: [],
    discoveries: [],
    ...over,
  },
});

const asks = (file: OutcomeFile) => outcomeGate(file, []);

describe('the outcome gate', () => {
  it('fails for one that leaves what a review found unanswered', () => {
    const points = [
      { id: 'criterion 1', text: 'no test shows it' },
      { id: 'finding f1', text: 'wrong' },
    ];
    const answers = [{ id: 'criterion 1', answer: 'skip', reason: 'a test does' }];
    const { failure } = outcomeGate(anOutcome({ answers }), points);
    expect(failure).toMatchObject({
      class: 'outcome-invalid',
      message: expect.stringContaining('finding f1'),
    });
    const all = [...answers, { id: 'finding f1', answer: 'fix', reason: 'mended' }];
    expect(outcomeGate(anOutcome({ answers: all }), points).failure).toBeNull();
  });

  it('holds for an outcome that says done and names no blocker', () => {
    expect(asks(anOutcome()).failure).toBeNull();
  });

  it.each<[string, OutcomeFile, string]>([
    ['a missing file', { kind: 'missing' }, 'no-outcome'],
    ['an invalid file', { kind: 'invalid', problems: ['status: missing'] }, 'outcome-invalid'],
    ['done with blockers', anOutcome({ blockers: ['#9'] }), 'blocked'],
    ['a question', anOutcome({ status: 'blocked', question: 'Which one?' }), 'blocked'],
    ['nothing to do', anOutcome({ status: 'nothing-to-do' }), 'blocked'],
    ['failed', anOutcome({ status: 'failed' }), 'gave-up'],
  ])('fails for %s', (_title, file, expected) => {
    expect(asks(file)).toMatchObject({ verdict: { verdict: 'fail' }, failure: { class: expected } });
  });

  it('reads the status field, not the prose', () => {
    expect(asks(anOutcome({ summary: 'There were no blockers; nothing failed.' })).failure).toBeNull();
  });

  it('asks the question in the failure', () => {
    expect(asks(anOutcome({ status: 'blocked', question: 'Which one?' })).failure?.message).toBe(
      'Which one?',
    );
  });
});

describe('the substance gate', () => {
  const work = (over: Partial<Work> = {}, change: object = {}): Work => ({
    head: 'abc',
    change: { descends: true, commits: 1, files: [{ path: 'a.js', status: 'A' }], ...change },
    dirty: [],
    ...over,
  });

  it('holds for commits of its own and a clean worktree', () => {
    expect(substanceGate(work()).failure).toBeNull();
  });

  it.each<[string, Work, RegExp]>([
    ['a branch that is gone', work({ head: null, change: null }), /gone/],
    ['unrelated history', work({}, { descends: false }), /does not descend/],
    ['no commit', work({}, { commits: 0, files: [] }), /no commit/],
    ['commits that change nothing', work({}, { files: [] }), /change no file/],
    ['uncommitted files', work({ dirty: ['b.js'] }), /uncommitted: b\.js/],
  ])('fails for %s', (_title, found, message) => {
    expect(substanceGate(found).failure?.message).toMatch(message);
  });
});

describe('the verify gate', () => {
  const result = (over: object) => ({ exit: 0, timedOut: false, seconds: 1.4, tail: '', ...over });

  it('holds only for exit status 0', () => {
    expect(verifyGate('verify', 'npm test', result({})).failure).toBeNull();
    expect(verifyGate('verify', 'npm test', result({ exit: 1 })).failure?.class).toBe('verify');
  });

  it('does not take an end by a signal or by the time limit for success', () => {
    expect(verifyGate('verify', 'x', result({ exit: null })).failure).not.toBeNull();
    expect(verifyGate('verify', 'x', result({ exit: null, timedOut: true })).failure?.message).toMatch(
      /too long/,
    );
  });

  it('says when the command does not exist', () => {
    expect(verifyGate('verify', 'nope', result({ exit: 127 })).failure?.message).toMatch(/not found/);
  });

  it('blames the set-up, not the agent, when HARNESS_SETUP fails', () => {
    expect(verifyGate('setup', 'npm ci', result({ exit: 1 })).failure?.class).toBe('engine');
  });
});
