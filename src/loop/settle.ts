import type { Failure, GateVerdict } from '../core/contracts.ts';
import { checkoutOf } from '../landing/verify.ts';
import { appendToLease, type Lease, type LeasePush } from '../leases/lease.ts';
import type { Oid, RefUpdate, SessionPlan } from '../ports.ts';
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

/** Takes away what a session leaves on this host. Only after its attempt is settled. */
export async function clearAway(engine: Engine, plan: SessionPlan): Promise<void> {
  await engine.sessions.end(plan.name, 'cancelled');
  await engine.repos.removeWorktree(plan.worktree);
  // A crash may have come in the middle of its verification.
  await engine.repos.removeWorktree(checkoutOf(engine, plan.nonce));
  await engine.sessions.discard(plan.name);
}
