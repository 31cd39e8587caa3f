import type { Failure, GateVerdict, Usage } from '../core/contracts.ts';
import { HarnessError } from '../errors.ts';
import { appendToLease, givingBack, type Lease, type LeasePush, wipRef } from '../leases/lease.ts';
import type { BranchUpdate, Oid, RefUpdate, SessionPlan } from '../ports.ts';
import { type Checkpoint, handoffName, nameOfWork, saveWork } from './checkpoint.ts';
import type { Engine } from './engine.ts';
import { issueOf } from './observe.ts';
import { UNKNOWN_USAGE } from './usage.ts';

/** How an attempt ended, for its one receipt. */
export interface AttemptEnd {
  readonly failure: Failure | null;
  readonly landed: { readonly pull: number; readonly commit: Oid } | null;
  readonly base: Oid | null;
  /** The head that landed, or the work that the next attempt may continue on. */
  readonly head: Oid | null;
  readonly gates: readonly GateVerdict[];
  /** Output of the command that failed; the next attempt's prompt shows it. */
  readonly output: string | null;
  /** What its agent used; null when nothing is known of it. */
  readonly usage: Usage | null;
  /** Name of the session's log on this host; null where there is none. */
  readonly log: string | null;
  /** The same of its transcript; left out where none was kept. */
  readonly transcript?: string;
  /** What it found out that may help others; left out where there is nothing. */
  readonly discoveries?: readonly string[];
}

/** What moves together with an attempt's receipt. */
export interface EndingWith {
  /** The issue's branch; null leaves it alone. */
  readonly branch: string | null;
  /** The unfinished work; null when none is to be kept. */
  readonly checkpoint: Checkpoint | null;
  /** The train that it still holds, to be left; null, or left out, where there is none. */
  readonly train?: Lease | null;
}

/**
 * Writes the attempt's receipt and gives the lease back, in one push. Unfinished work goes with it; of a landed
 * attempt the branch and what was saved on the way. `lost` means that another fleet has taken over: it writes the
 * receipt, and nothing more is ours to do.
 */
export async function endAttempt(
  engine: Engine,
  lease: Lease,
  end: AttemptEnd,
  { branch, checkpoint, train }: EndingWith,
): Promise<LeasePush> {
  const { failure, landed, base, head, gates, output } = end;
  const seconds = Math.max(0, (engine.clock.now() - Date.parse(lease.claimedAt)) / 1000);
  const receipt = {
    op: 'receipt' as const,
    facts: {
      base,
      head,
      gates: checkpoint?.gates ?? gates,
      usage: { ...(end.usage ?? UNKNOWN_USAGE), seconds: Math.round(seconds) },
      ...(failure ? { failure } : {}),
      ...(landed ? { landed } : {}),
      ...(end.log ? { log: end.log } : {}),
      ...(end.transcript ? { transcript: end.transcript } : {}),
      ...(end.discoveries?.length ? { discoveries: end.discoveries } : {}),
    },
  };
  const attachments = {
    ...(output ? { 'verify.log': output } : {}),
    ...(checkpoint ? { [handoffName(lease.last.attempt)]: checkpoint.handoff } : {}),
  };
  const pushAll = (updates: readonly RefUpdate[]) =>
    appendToLease(engine, lease, [receipt, { op: 'release' }], { updates, attachments });
  const push = async (branches: readonly BranchUpdate[]) => {
    if (!train) return pushAll(branches);
    const left = await pushAll([...branches, givingBack(engine, train)]);
    // The train may be somebody's by now, as when a person has moved its ref: the attempt ends all the same.
    return left.kind === 'lost' ? pushAll(branches) : left;
  };
  const result = checkpoint?.push
    ? await pushWithWork(engine, lease, { push, work: checkpoint.push })
    : await push(landed ? await deletionsOf(engine, lease, { branch, head }) : []);
  engine.log.info(
    failure ? `attempt ${lease.last.attempt} failed: ${failure.message}` : 'attempt succeeded',
    {
      repo: lease.repo,
      ref: lease.ref,
      push: result.kind,
    },
  );
  return result;
}

/**
 * Some servers refuse what no gate here minds, a file that is too large, say, and somebody may have moved the saved
 * work by hand. The attempt must end all the same; its work stays in this host's clone.
 */
async function pushWithWork(
  { log }: Engine,
  { repo }: Lease,
  {
    push,
    work,
  }: {
    readonly push: (branches: readonly BranchUpdate[]) => Promise<LeasePush>;
    readonly work: BranchUpdate;
  },
): Promise<LeasePush> {
  try {
    const result = await push([work]);
    if (result.kind !== 'lost') return result;
    log.warn(`could not save unfinished work: ${result.reason}`, { repo, ref: work.ref });
  } catch (error) {
    if (!(error instanceof HarnessError) || error.code !== 'github-refused') throw error;
    log.warn(`could not save unfinished work: ${error.message}`, { repo, ref: work.ref });
  }
  return push([]);
}

async function deletionsOf(
  { repos }: Engine,
  { repo, ref }: Lease,
  { branch, head }: { readonly branch: string | null; readonly head: Oid | null },
): Promise<readonly BranchUpdate[]> {
  const issue = issueOf(ref);
  const wip = issue === null ? null : wipRef(issue);
  const [pushed, saved] = await Promise.all([
    branch && repos.remoteBranch(repo, branch),
    wip && repos.remoteBranch(repo, wip),
  ]);
  return [
    // GitHub may have deleted it already; a branch that somebody moved on is theirs.
    ...(branch && pushed && pushed === head ? [deletion(`refs/heads/${branch}`, pushed)] : []),
    ...(wip && saved ? [deletion(wip, saved)] : []),
  ];
}

const deletion = (ref: string, expected: Oid): BranchUpdate => ({
  kind: 'branch',
  ref,
  expected,
  target: null,
});

/** Takes away what a session leaves on this host, after its attempt is settled; what is not safe elsewhere stays. */
export async function clearAway(
  engine: Engine,
  plan: SessionPlan,
  { isSafe }: { readonly isSafe: boolean },
): Promise<void> {
  await engine.sessions.end(plan.name, 'cancelled');
  if (isSafe) await engine.repos.removeWorktree(plan.worktree);
  await engine.sessions.discard(plan.name);
}

/** The same where nothing was saved, since somebody else has settled its attempt, or it had hardly begun. */
export async function saveAndClearAway(engine: Engine, plan: SessionPlan): Promise<void> {
  await engine.sessions.end(plan.name, 'cancelled');
  const { head, isSafe } = await saveWork(engine, plan);
  if (head !== null) {
    const facts = { repo: plan.repo, commit: head };
    engine.log.warn(`what attempt ${plan.attempt} on ${nameOfWork(plan)} had is kept on this host`, facts);
  }
  await clearAway(engine, plan, { isSafe });
}
