import type {
  Failure,
  GateVerdict,
  JournalEntry,
  MergeRefusal,
  Outcome,
  QueueMark,
  Usage,
} from '../core/contracts.ts';
import type { Issue } from '../core/world.ts';
import type { Lease } from '../leases/lease.ts';
import type { Proofs } from '../leases/proofs.ts';
import type { Oid, Ports, PullDetails } from '../ports.ts';
import type { Verifier } from './check-commit.ts';
import type { LandingFacts, Verified } from './plan.ts';
import type { Approval } from './readiness.ts';
import type { Train } from './train.ts';

export interface Lander extends Ports, Verifier {
  readonly train: Train;
  readonly proofs: Proofs;
}

/** A finished branch on its way to the base. */
export interface Landing {
  /** `number` null: a change of the unit as a whole, such as its plan, which no issue asks for. */
  readonly issue: Pick<Issue, 'title' | 'state'> & { readonly number: number | null };
  readonly lease: Lease;
  /** Name of the branch, `issue/7`. */
  readonly branch: string;
  readonly baseBranch: string;
  /** Where it begins; the landing may put another one in its place, which contains it. */
  readonly head: Oid;
  /** Verdicts of the gates that came before the merge: outcome and substance. */
  readonly gates: readonly GateVerdict[];
  /** What the agent used, so that a landing that another process goes on with can say so. */
  readonly usage: Usage | null;
  /** null when the landing is resumed from the journal alone. */
  readonly outcome: Pick<Outcome, 'summary' | 'criteria' | 'answers'> | null;
  /** A verification that the journal vouches for; null when there is none. */
  readonly verified: Verified | null;
  /** Persons' words for heads of this issue. */
  readonly approvals: readonly Approval[];
  /** What agents' reviews said of changes for this issue, oldest first. */
  readonly reviews: readonly JournalEntry[];
  /** When its branch was pushed, ISO 8601; null when that is still to be done. */
  readonly pushedAt: string | null;
  /** Every head that the engine has pushed to the branch: what else is there is a person's. */
  readonly published: readonly Oid[];
  /** The journal's word that GitHub would not merge the head; null when there is none. */
  readonly refusal: MergeRefusal | null;
  /** A person has approved the head since that was written down. */
  readonly hasWord: boolean;
  /** The journal's word that the head was put into the base's merge queue; null when there is none. */
  readonly queued: QueueMark | null;
  /** The journal's word that the base was moved to it; null when there is none. */
  readonly landed: JournalEntry['landed'] | null;
  /** Why it can't land unless it has landed already; null when nothing is known. */
  readonly failure: Failure | null;
}

/** How a landing ended, with the lease as it is then. */
export type LandingEnd =
  | {
      readonly kind: 'landed';
      readonly lease: Lease;
      readonly pull: PullDetails;
      readonly head: Oid;
      readonly commit: Oid;
      readonly base: Oid;
      readonly gates: readonly GateVerdict[];
    }
  | {
      readonly kind: 'failed';
      readonly lease: Lease;
      readonly failure: Failure;
      readonly head: Oid;
      readonly base: Oid;
      readonly gates: readonly GateVerdict[];
      /** Output for the next attempt's prompt. */
      readonly output: string | null;
    }
  /** Its pull request is open, and others have to say something first. It is begun again when they have. */
  | {
      readonly kind: 'waiting';
      readonly lease: Lease;
      readonly pull: PullDetails;
      readonly head: Oid;
      readonly reason: string;
      /** Nobody else can settle it. */
      readonly wantsPerson: boolean;
      /** It is in the merge queue, and nobody has to do anything. */
      readonly isQueued: boolean;
    }
  /** The lease is no longer ours, or it is not known: nothing more may be done. */
  | { readonly kind: 'stopped'; readonly reason: string };

/** How far a landing is. */
export interface State {
  readonly lease: Lease;
  readonly facts: LandingFacts;
  readonly gates: readonly GateVerdict[];
  readonly output: string | null;
  /** Nothing of the branch had been published when the landing began. */
  readonly isFirst: boolean;
}

/** The verdicts so far: of a gate that was asked again, the last one. */
export const gatesOf = ({ gates }: Landing, state: State): readonly GateVerdict[] => {
  const all = [...gates, ...state.gates, ...(state.facts.readiness?.gates ?? [])];
  return [...new Map(all.map(verdict => [verdict.gate, verdict])).values()];
};

/** The landing with facts that are known anew. */
export const withFacts = (state: State, facts: Partial<LandingFacts>): State => ({
  ...state,
  facts: { ...state.facts, ...facts },
});

/** A landing that others stand in the way of. */
export const refusal = (message: string): Failure => ({ class: 'refused', signature: 'refused', message });

/** What is on the branch is not what was verified. */
export const PUSHED_BY_SOMEBODY: Failure = refusal('somebody pushed to the branch while it was being landed');

/** What was asked for is no longer what was built: the next attempt gets the new text. */
export const TEXT_CHANGED: Failure = {
  class: 'cancelled',
  signature: 'cancelled: text changed',
  message: 'the text of the issue changed while it was being worked on',
};
