import type { GateVerdict, JournalEntry } from '../core/contracts.ts';
import type { Proposal } from '../core/proposals/proposal.ts';
import type { Lease } from '../leases/lease.ts';
import type { Journal, Session } from '../ports.ts';
import type { Seen } from './observe.ts';

/** An attempt of ours at a stage that ends with a proposal, or at the archive, which has no receipt yet. */
export interface OpenStage {
  readonly seen: Seen;
  readonly kind: string;
  /** The PRD; null for a stage of the unit. */
  readonly issue: number | null;
  readonly lease: Lease;
  readonly journal: Journal;
  readonly baseBranch: string;
  readonly session: Session | null;
  /** The entry that accepted its proposal, or that pushed its commit; null before that. */
  readonly landing: JournalEntry | null;
}

/** A proposal that the journal has kept. */
export interface Accepted {
  readonly lease: Lease;
  readonly entry: JournalEntry;
  readonly proposal: Proposal;
  readonly gates: readonly GateVerdict[];
}
