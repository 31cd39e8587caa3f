import type { Failure, GateVerdict } from '../core/contracts.ts';
import { HarnessError, messageOf } from '../errors.ts';
import { appendToLease, type Lease, type LeasePush } from '../leases/lease.ts';
import type { Oid, RefUpdate, SessionPlan } from '../ports.ts';
import { STATUS_KEY, type Status, statusComment } from './comment.ts';
import type { Engine } from './engine.ts';

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
}

/**
 * Writes the attempt's receipt and gives the lease back, in one push. A landed attempt's branch goes with it.
 * `lost` means that another fleet has taken over: it writes the receipt, and nothing more is ours to do.
 */
export async function endAttempt(
  engine: Engine,
  lease: Lease,
  end: AttemptEnd,
  branch: string | null,
): Promise<LeasePush> {
  const { failure, landed, base, head, gates, output } = end;
  const seconds = Math.max(0, (engine.clock.now() - Date.parse(lease.claimedAt)) / 1000);
  const receipt = {
    op: 'receipt' as const,
    facts: {
      base,
      head,
      gates,
      usage: { seconds: Math.round(seconds), costUsd: null },
      ...(failure ? { failure } : {}),
      ...(landed ? { landed } : {}),
    },
  };
  const branches = branch && landed ? await deletionOf(engine, lease.repo, branch, head) : [];
  const result = await appendToLease(engine, lease, [receipt, { op: 'release' }], {
    branches,
    ...(output ? { attachments: { 'verify.log': output } } : {}),
  });
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

type BranchUpdate = Extract<RefUpdate, { kind: 'branch' }>;

// GitHub may have deleted it already; a branch that somebody moved on is theirs.
async function deletionOf(
  engine: Engine,
  repo: string,
  branch: string,
  head: Oid | null,
): Promise<readonly BranchUpdate[]> {
  const there = await engine.repos.remoteBranch(repo, branch);
  if (!there || there !== head) return [];
  return [{ kind: 'branch', ref: `refs/heads/${branch}`, expected: there, target: null }];
}

/** Labels that an issue should carry besides those that are none of the engine's business. */
export interface LabelWish {
  readonly working: boolean;
  readonly paused?: boolean;
  readonly blocked?: boolean;
}

/**
 * Makes an issue's labels say what its lease says, in one call. A failure is logged, not thrown: a later tick
 * repairs what a decision depends on.
 */
export async function mirror(engine: Engine, lease: Lease, issue: number, wish: LabelWish): Promise<void> {
  await attempting(engine, lease, issue, () => putLabels(engine, lease.repo, issue, wish));
}

/** Sets labels on the issue as it is now: people change them, too. */
export async function putLabels(
  engine: Engine,
  repo: string,
  number: number,
  wish: LabelWish,
): Promise<void> {
  const labels = labelsWith(engine, (await engine.board.issue(repo, number)).labels, wish);
  if (labels) await engine.board.updateIssue(repo, number, { labels });
}

/**
 * Closes an issue whose work has landed, with its labels, in one call. Throws when GitHub does not take it:
 * the lease is kept until it does, so that nobody works on it again.
 */
export async function closeIssue(engine: Engine, lease: Lease, number: number): Promise<void> {
  const { repo } = lease;
  const issue = await engine.board.issue(repo, number);
  const labels = labelsWith(engine, issue.labels, { working: false, paused: false, blocked: false });
  requireProof(engine, lease);
  await engine.board.updateIssue(repo, number, {
    ...(labels ? { labels } : {}),
    state: 'closed',
    stateReason: 'completed',
  });
}

/** Edits the issue's one status comment. It is for people only: a failure is logged. */
export async function say(engine: Engine, lease: Lease, issue: number, status: Status): Promise<void> {
  await attempting(engine, lease, issue, () =>
    engine.board.putComment(lease.repo, issue, { key: STATUS_KEY, body: statusComment(status) }),
  );
}

async function attempting(
  engine: Engine,
  lease: Lease,
  issue: number,
  write: () => Promise<unknown>,
): Promise<void> {
  try {
    requireProof(engine, lease);
    await write();
  } catch (error) {
    engine.log.warn(`could not update #${issue}: ${messageOf(error)}`, { repo: lease.repo });
  }
}

function requireProof({ proofs }: Engine, { repo, ref }: Lease): void {
  if (proofs.holds(repo, ref)) return;
  throw new HarnessError('fenced-off', `The lease ${ref} of ${repo} was not proven for too long.`);
}

/** The full new label set, or null when nothing changes. Label names compare without case. */
function labelsWith(
  { settings }: Engine,
  labels: readonly string[],
  wish: LabelWish,
): readonly string[] | null {
  const wishes: readonly (readonly [string, boolean | undefined])[] = [
    [settings.HARNESS_LABEL_WORKING, wish.working],
    [settings.HARNESS_LABEL_PAUSED, wish.working ? false : wish.paused],
    [settings.HARNESS_LABEL_BLOCKED, wish.blocked],
  ];
  let changed = labels;
  for (const [name, wanted] of wishes) {
    const has = changed.some(label => label.toLowerCase() === name.toLowerCase());
    if (wanted === undefined || wanted === has) continue;
    changed = wanted
      ? [...changed, name]
      : changed.filter(label => label.toLowerCase() !== name.toLowerCase());
  }
  return changed === labels ? null : changed;
}

/** Takes away what a session leaves on this host. Only after its attempt is settled. */
export async function clearAway(engine: Engine, plan: SessionPlan): Promise<void> {
  await engine.sessions.end(plan.name, 'cancelled');
  await engine.repos.removeWorktree(plan.worktree);
  await engine.sessions.discard(plan.name);
}
