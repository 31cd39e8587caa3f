import type { Failure, FailureClass, GateVerdict, JournalEntry } from '../core/contracts.ts';
import { messageOf } from '../errors.ts';
import { type Lease, wipRef } from '../leases/lease.ts';
import type { BranchUpdate, Oid, Session, SessionPlan } from '../ports.ts';
import type { Engine } from './engine.ts';
import { handoffText } from './handoff.ts';
import { issueOf } from './observe.ts';
import { wasAsked } from './put-down.ts';
import { askSecrets } from './secrets.ts';
import type { AttemptEnd } from './settle.ts';

export { wipRef } from '../leases/lease.ts';

/** Unfinished work, as the push that ends its attempt leaves it for the next one on whatever host. */
export interface Checkpoint {
  /** Moves `refs/harness/wip/<n>`; null: it stays in this host's clone, for the reason that a gate gives. */
  readonly push: BranchUpdate | null;
  /** Every verdict on it so far, that of the secrets gate included. */
  readonly gates: readonly GateVerdict[];
  /** How far the attempt came, in Markdown. */
  readonly handoff: string;
}

/** Name of the attachment with an attempt's handoff. */
export const handoffName = (attempt: number) => `handoff-${attempt}.md`;

/** What an attempt that ended so has committed must not come back with the next one. */
export const STARTS_AFRESH: ReadonlySet<FailureClass> = new Set([
  'conflict',
  'gave-up',
  'cancelled',
  'substance',
  'scope',
  'secrets',
]);

/** Whether a session ended since it was to make room: the engine ended it for that, or it did as it was asked to. */
export function isPutDown(engine: Engine, session: Session | null): boolean {
  if (session?.exit?.reason === 'stopped') return true;
  if (!session || session.handoff === null || session.outcome.kind !== 'missing') return false;
  const { exit } = session;
  return (exit?.reason === 'finished' || exit?.code === 0) && wasAsked(engine, session);
}

/** How the attempt of such a session ended: it is nobody's fault. */
export const PUT_DOWN: Failure = {
  class: 'interrupted',
  signature: 'interrupted: put down',
  message: 'the fleet was paused or stopped while it worked',
};

/** What a session works on, for people: `#7`, or the kind of a stage that has no issue. */
export const nameOfWork = ({ issue, kind }: Pick<SessionPlan, 'issue' | 'kind'>) =>
  issue === null ? kind : `#${issue}`;

/** What became of the files of a session. */
export interface SavedWork {
  /** The commit with all of it, in the engine's own clone; null when the base has all of it. */
  readonly head: Oid | null;
  /** false: they could not be read, and are still where they were. */
  readonly isSafe: boolean;
}

/**
 * Commits whatever a worktree holds, untracked files too, in the engine's own clone, where it stays. An agent that
 * broke its branch loses its commits by that, and no file. Never throws: an attempt must come to its end.
 */
export async function saveWork({ repos, log }: Engine, plan: SessionPlan): Promise<SavedWork> {
  const { repo, branch, worktree: path, base } = plan;
  try {
    const head = (await repos.collect({ repo, path, branch })) ?? plan.start;
    const message = `Checkpoint of attempt ${plan.attempt} on ${nameOfWork(plan)}`;
    const saved = (await repos.saveWorktree({ repo, path, head, message })) ?? head;
    return { head: saved === base ? null : saved, isSafe: true };
  } catch (error) {
    log.warn(`could not save what is in ${path}: ${messageOf(error)}`, { repo });
    return { head: null, isSafe: false };
  }
}

/**
 * What was saved last while an attempt was at work, fetched from where it is; null when nothing was. Of a landing the
 * journal names the head that was pushed, which this is not.
 */
export async function savedAtWork(
  { repos }: Engine,
  { lease: { repo, ref, last }, landing }: { readonly lease: Lease; readonly landing: JournalEntry | null },
): Promise<Oid | null> {
  const issue = issueOf(ref);
  if (landing !== null || last.head === null || issue === null) return null;
  await repos.remoteBranch(repo, wipRef(issue));
  const isHere = await repos.isAncestor(repo, { ancestor: last.head, commit: last.head }).catch(() => false);
  return isHere ? last.head : null;
}

/** Prepares the checkpoint of an attempt that failed with work in hand; null when nothing of it is to be kept. */
export async function makeCheckpoint(
  engine: Engine,
  attempt: {
    readonly repo: string;
    readonly issue: number;
    readonly attempt: number;
    readonly session: Session | null;
  },
  { failure, base, head, gates }: AttemptEnd,
): Promise<Checkpoint | null> {
  if (!failure || !base || !head || STARTS_AFRESH.has(failure.class)) return null;
  const { repos } = engine;
  const { repo, issue, session } = attempt;
  const ref = wipRef(issue);
  // Of a landing that another host began they may be missing here.
  const isHere = await repos.isAncestor(repo, { ancestor: base, commit: head }).catch(() => false);
  if (!isHere) return null;
  const [{ verdict: gate }, { commits, files }, wip] = await Promise.all([
    askSecrets(engine, { repo, base, head, outcome: null }),
    repos.change(repo, { base, head }),
    repos.remoteBranch(repo, ref),
  ]);
  const push: BranchUpdate | null =
    gate.verdict === 'pass' ? { kind: 'branch', ref, expected: wip, target: head } : null;
  const verdicts = [...gates.filter(verdict => verdict.gate !== gate.gate), gate];
  const handoff = handoffText({
    attempt: attempt.attempt,
    failure,
    saved: { head, commits, paths: files.map(({ path }) => path), ref: push ? ref : null },
    gates: verdicts,
    handoff: session?.handoff ?? null,
    lastWords: session?.lastWords ?? null,
  });
  return { push, gates: verdicts, handoff };
}
