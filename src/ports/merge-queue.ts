import type { Oid } from './oid.ts';

/** Where a pull request stands with the merge queue of its base. */
export interface QueueSight {
  /** Its place, counted from 1; null when it is in no queue. */
  readonly position: number | null;
  /** How it left one the last time; null when it never did. */
  readonly left: QueueLeaving | null;
}

/** That a pull request left a merge queue; GitHub notes that of one that is merged, too. */
export interface QueueLeaving {
  /** Names the event. */
  readonly id: string;
  /** GitHub's word: `merged`, `failed_checks`, `merge_conflict`, `manual`, … */
  readonly reason: string;
  /** Login of the person or program that took it out; null when it is not known. */
  readonly by: string | null;
  readonly isByPerson: boolean;
  /** The merge whose checks decided; null where none did. */
  readonly commit: Oid | null;
}

export type EnqueueResult =
  /** It was in the queue already, perhaps. */
  | { readonly kind: 'queued'; readonly position: number }
  | { readonly kind: 'head-moved' }
  | { readonly kind: 'refused'; readonly reason: string };
