import type { Failure, GateVerdict, MergeRefusal } from '../core/contracts.ts';
import type { Oid, PullDetails, QueueLeaving } from '../ports.ts';
import { inQueue, leavingOf, type QueueFacts } from './queue.ts';
import type { Readiness } from './readiness.ts';

/** What is known of a landing at one moment. Every fact can be seen again after a crash. */
export interface LandingFacts {
  readonly issueState: 'open' | 'closed';
  readonly head: Oid;
  /** The base branch's head as read last. */
  readonly base: Oid;
  /** The merge of which head and base was verified, and the tree that it has. */
  readonly verified: Verified | null;
  /** Where the remote branch points. */
  readonly branch: Oid | null;
  readonly pull: PullDetails | null;
  /** What checks and people say of the head; null until they are asked, and anew in the train. */
  readonly readiness: Readiness | null;
  /** GitHub would not merge this head when it was tried last; null when it was not tried, or for another reason. */
  readonly refusal: MergeRefusal | null;
  /** Where it stands with the merge queue of its base; null where the base has none. */
  readonly queue: QueueFacts | null;
  /** Set by a gate that does not hold. */
  readonly failure: Failure | null;
}

export interface Verified {
  readonly head: Oid;
  readonly base: Oid;
  readonly tree: Oid;
  readonly gates: readonly GateVerdict[];
}

/** The next thing to do, from what is visible alone, so that any process can go on where another died. */
export type LandingStep =
  | { readonly kind: 'verify' }
  | { readonly kind: 'publish' }
  | { readonly kind: 'open-pull' }
  | { readonly kind: 'ask' }
  /** Only the outside can go on with it. */
  | { readonly kind: 'wait'; readonly reason: string }
  | { readonly kind: 'merge'; readonly pull: PullDetails; readonly verified: Verified }
  /** The merge queue of the base does the rest. */
  | { readonly kind: 'enqueue'; readonly pull: PullDetails; readonly verified: Verified }
  /** It left the queue, and is not seen as merged. */
  | { readonly kind: 'part'; readonly leaving: QueueLeaving }
  | { readonly kind: 'dequeue'; readonly pull: PullDetails }
  | { readonly kind: 'finish'; readonly pull: PullDetails; readonly commit: Oid }
  | { readonly kind: 'fail'; readonly failure: Failure };

/** Decides a landing's next step. What can't land any more is taken out of the queue before it fails. */
export function nextStep(facts: LandingFacts): LandingStep {
  const step = stepFrom(facts);
  const { pull, queue } = facts;
  const isQueued = queue?.mark != null && queue.position !== null;
  return step.kind === 'fail' && pull && isQueued ? { kind: 'dequeue', pull } : step;
}

function stepFrom(facts: LandingFacts): LandingStep {
  const { pull, head, base, verified, readiness, queue } = facts;
  if (pull?.merged && pull.mergeCommit && pull.headSha === head) {
    return { kind: 'finish', pull, commit: pull.mergeCommit };
  }
  if (facts.failure) return { kind: 'fail', failure: facts.failure };
  if (facts.issueState === 'closed') return cancelled('the issue was closed while it was being landed');
  if (pull && pull.state === 'closed')
    return cancelled(`pull request #${pull.number} was closed by a person`);
  // While it waits for others the base moves on; it is verified on that once nothing else is missing.
  const isShown = facts.branch === head && pull !== null;
  const isCurrent = verified?.head === head && verified.base === base;
  const isHeld = verified !== null && isRed(verified);
  if (verified?.head !== head || (!isCurrent && (!isShown || isHeld))) return { kind: 'verify' };
  if (facts.branch !== head) return { kind: 'publish' };
  if (!pull) return { kind: 'open-pull' };
  if (!readiness) return { kind: 'ask' };
  if (queue && queue.position !== null) return { kind: 'wait', reason: inQueue(queue.position, pull.base) };
  const leaving = queue && leavingOf(queue);
  if (leaving) return { kind: 'part', leaving };
  if (readiness.waits !== null) return { kind: 'wait', reason: readiness.waits };
  if (!isCurrent) return { kind: 'verify' };
  return { kind: queue ? 'enqueue' : 'merge', pull, verified };
}

/** It fails, as its base does by itself: that says nothing of it, and another base may. */
export const isRed = ({ gates }: Pick<Verified, 'gates'>): boolean =>
  gates.some(({ gate, verdict }) => gate === 'verify' && verdict === 'unknown');

const cancelled = (message: string): LandingStep => ({
  kind: 'fail',
  failure: { class: 'cancelled', signature: 'cancelled', message },
});
