import type { JournalEntry, Packet } from '../core/contracts.ts';
import type { Oid } from './oid.ts';

/** The refs under `refs/harness/`, moved only by compare-and-swap pushes. */
export interface Refs {
  /** All of a repository's refs/harness, read now. Throws when it can't be read: absence is not emptiness. */
  read(repo: string): Promise<RefsView>;
  /**
   * One atomic push. `lost` when any ref was not as expected, and then nothing moved. `unknown` when the
   * answer was lost and reading back did not settle it; it must never be taken for won or for lost.
   */
  push(repo: string, updates: readonly RefUpdate[]): Promise<PushResult>;
  /** An attachment of the newest entry that carries it (`verify.log`); null when there is none. */
  attachment(repo: string, journal: Journal, name: string): Promise<string | null>;
  /** The packet of its newest landing; null when there is none that can be read. */
  packet(repo: string, journal: Journal): Promise<Packet | null>;
}

export interface RefsView {
  readonly journals: readonly Journal[];
  readonly hosts: readonly HostRecord[];
  /** They are branches below `harness/`, for the remote takes nothing but branches; left out where it takes all. */
  readonly onBranches?: true;
}

/** A fleet's sign of life, `refs/harness/hosts/<fleet>-<boot>`: a parentless commit that each heartbeat replaces. */
export interface HostRecord {
  readonly ref: string;
  readonly tip: Oid;
  /** When it was written, ISO 8601 by the writer's clock. For people, never for liveness. */
  readonly at: string;
  readonly body: HostRecordBody;
}

export interface HostRecordBody {
  readonly v: 1;
  readonly fleet: string;
  readonly host: string;
  readonly boot: string;
  readonly nonce: string;
  readonly policyDigest: string;
  /** Refs of the leases that a worker of this fleet proved progress on since the last heartbeat. */
  readonly leases: readonly { readonly ref: string; readonly epoch: number; readonly worker: string }[];
  /** US dollars that the fleet spent in this repository on a day (UTC), running sessions included; null: unknown. */
  readonly spend?: { readonly day: string; readonly costUsd: number | null } | undefined;
}

export interface Journal {
  /** `refs/harness/issues/7` */
  readonly ref: string;
  readonly tip: Oid;
  /** Oldest first. */
  readonly entries: readonly JournalEntry[];
  /** Set when an entry could not be read (a newer version, say): the journal is held, never written. */
  readonly problem: string | null;
  /** It is in the archive, and has no ref of its own; what is appended makes that anew. */
  readonly isArchived?: true;
}

export type RefUpdate =
  | {
      readonly kind: 'journal';
      readonly ref: string;
      /** null: the ref must not exist. */
      readonly expected: Oid | null;
      /** Appended in order, each with a nonce of its own. */
      readonly entries: readonly JournalEntry[];
      /** Begins a new chain: what came before the entries is forgotten, so that the chain never grows. */
      readonly restarts?: true;
      /** Files of the last entry's tree. */
      readonly attachments?: Readonly<Record<string, string>>;
    }
  | {
      /** Replaces a host record; null removes it. */
      readonly kind: 'host';
      readonly ref: string;
      readonly expected: Oid | null;
      readonly body: HostRecordBody | null;
    }
  | {
      readonly kind: 'branch';
      /** `refs/heads/issue/7` */
      readonly ref: string;
      readonly expected: Oid | null;
      /** null deletes the branch. */
      readonly target: Oid | null;
    }
  | ArchiveUpdate;

/** Moves finished journals to the archive; what they say, and their attachments, are read as before. */
export interface ArchiveUpdate {
  readonly kind: 'archive';
  readonly ref: 'refs/harness/archive';
  readonly journals: readonly Journal[];
}

/** A move of a branch, or of saved work under `refs/harness/wip/`. */
export type BranchUpdate = Extract<RefUpdate, { kind: 'branch' }>;

export type PushResult =
  | { readonly kind: 'done'; readonly tips: Readonly<Record<string, Oid>> }
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string };
