import type { Failure, FailureClass, GateVerdict, Outcome, ReviewPoint } from '../core/contracts.ts';
import { NOTHING_TO_DO } from '../core/rules/attempts.ts';
import type { Change, CommandResult, Oid, OutcomeFile } from '../ports.ts';

/** A gate's verdict, and the failure that it means for the attempt when it does not hold. */
export interface GateResult {
  readonly verdict: GateVerdict;
  readonly failure: Failure | null;
}

/** The outcome is valid, says that the work is done, and answers what a reviewer has found. */
export function outcomeGate(file: OutcomeFile, points: readonly ReviewPoint[]): GateResult {
  if (file.kind === 'missing') return fail('outcome', 'no-outcome', 'the agent left no outcome');
  if (file.kind === 'invalid') return fail('outcome', 'outcome-invalid', file.problems.join('; '));
  const { status, summary, question, blockers } = file.outcome;
  switch (status) {
    case 'done':
      if (blockers.length === 0) return answersGate(file.outcome, points);
      return fail('outcome', 'blocked', `says done, but names blockers: ${blockers.join(', ')}`);
    case 'blocked':
      return fail('outcome', 'blocked', question ?? summary);
    case 'nothing-to-do':
      return toBeConfirmed(`says nothing is to be done: ${summary}`);
    case 'failed':
      return fail('outcome', 'gave-up', `says it failed: ${summary}`);
    default:
      return status satisfies never;
  }
}

/** That there is nothing to do may be so: a person closes the issue then, or says what is. */
function toBeConfirmed(reason: string): GateResult {
  const { verdict, failure } = fail('outcome', 'blocked', reason);
  return {
    verdict,
    failure: failure && { ...failure, signature: `${NOTHING_TO_DO}${reason}`.slice(0, 200) },
  };
}

function answersGate({ answers = [] }: Outcome, points: readonly ReviewPoint[]): GateResult {
  const open = points.filter(({ id }) => !answers.some(answer => answer.id === id));
  if (open.length === 0) return pass('outcome', 'says done');
  const ids = someOf(open.map(({ id }) => id));
  return fail('outcome', 'outcome-invalid', `says done, and does not answer what the review found: ${ids}`);
}

/** What the engine found in the worktree and in the commits, with its own git. */
export interface Work {
  /** The branch's head; null when the branch is gone or broken. */
  readonly head: Oid | null;
  /** What the head adds to the commit that the attempt started from; null without a head. */
  readonly change: Change | null;
  readonly dirty: readonly string[];
}

/** The head descends from the recorded base with commits of its own, and nothing was left uncommitted. */
export function substanceGate({ head, change, dirty }: Work): GateResult {
  if (!head || !change)
    return fail('substance', 'substance', 'the branch is gone, or its objects are broken');
  if (!change.descends) {
    return fail(
      'substance',
      'substance',
      'the branch does not descend from the commit it started from alone',
    );
  }
  if (change.commits === 0) return fail('substance', 'substance', 'no commit was made');
  if (change.files.length === 0) return fail('substance', 'substance', 'the commits change no file');
  if (dirty.length > 0) {
    return fail('substance', 'substance', `left uncommitted: ${someOf(dirty)}`);
  }
  return pass('substance', `${change.commits} commits, ${change.files.length} files`);
}

/** Head and base merge without a conflict. */
export function conflictFailure(files: readonly string[]): GateResult {
  return fail('merge', 'conflict', `conflicts with the base in ${someOf(files)}`);
}

/** The configured command succeeded in a clean checkout of the merge. */
export function verifyGate(step: 'setup' | 'verify', command: string, result: CommandResult): GateResult {
  const said = `\`${command}\``;
  if (result.exit === 0) return pass(step, `${said} succeeded in ${Math.round(result.seconds)} s`);
  const how = result.timedOut ? 'took too long' : `ended with exit status ${result.exit ?? 'by a signal'}`;
  const hint = result.exit === 127 ? ' (command not found)' : '';
  return fail(step, step === 'setup' ? 'engine' : 'verify', `${said} ${how}${hint}`);
}

/** Nothing proves the change: landing then rests on the other gates alone. */
export const unverified: GateVerdict = {
  gate: 'verify',
  verdict: 'skipped',
  reason: 'HARNESS_VERIFY is not set: nothing was run',
};

/** The gate holds. */
export const pass = (gate: string, reason: string): GateResult => ({
  verdict: { gate, verdict: 'pass', reason },
  failure: null,
});

/** The gate does not hold, and the attempt fails with it. */
export const fail = (gate: string, failure: FailureClass, reason: string): GateResult => ({
  verdict: { gate, verdict: 'fail', reason },
  failure: { class: failure, signature: `${failure}: ${reason}`.slice(0, 200), message: reason },
});

/** The gate could not be asked, which blocks as a refusal does. */
export const undecided = (gate: string, failure: FailureClass, reason: string): GateResult => ({
  ...fail(gate, failure, reason),
  verdict: { gate, verdict: 'unknown', reason },
});

/** A few of a list, and how many more there are. */
export const someOf = (paths: readonly string[]) =>
  paths.length > 3 ? `${paths.slice(0, 3).join(', ')} and ${paths.length - 3} more` : paths.join(', ');
