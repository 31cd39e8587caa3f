import type { QueueMark } from '../core/contracts.ts';
import type { QueueLeaving, QueueSight } from '../ports.ts';
import type { Lander, Landing } from './landing.ts';

/** What is known of a landing whose base has a merge queue. */
export interface QueueFacts extends QueueSight {
  /** The journal's word that the engine put this head into it, or was about to; null when it was not. */
  readonly mark: QueueMark | null;
}

/** How it left the queue since the engine has put it in; null when it has not. */
export function leavingOf({ position, left, mark }: QueueFacts): QueueLeaving | null {
  if (position !== null || mark === null) return null;
  return left?.id === mark.left ? null : left;
}

/**
 * What it means that a pull request left the queue. `merged`: GitHub is about to show it; `checks`: they failed on the
 * merge; `conflict`: with the base, or with what was before it; `person`: somebody took it out; `others`: time limits,
 * rules and the like; `unknown`: nobody here knows the word.
 */
export type Parting = 'merged' | 'checks' | 'conflict' | 'person' | 'others' | 'unknown';

/**
 * By GitHub's word. GraphQL has no list of them: these are those of the webhook `pull_request.dequeued` in GitHub's
 * OpenAPI description, and those that programs report of `RemovedFromMergeQueueEvent`.
 */
export function partingOf({ reason, isByPerson }: Pick<QueueLeaving, 'reason' | 'isByPerson'>): Parting {
  if (reason === 'manual') return isByPerson ? 'person' : 'others';
  return PARTINGS[reason] ?? 'unknown';
}

const PARTINGS: Readonly<Record<string, Parting>> = {
  merged: 'merged',
  merge: 'merged',
  already_merged: 'merged',
  failed_checks: 'checks',
  ci_failure: 'checks',
  merge_conflict: 'conflict',
  dequeued: 'others',
  checks_timed_out: 'others',
  ci_timeout: 'others',
  queue_cleared: 'others',
  roll_back: 'others',
  branch_protections: 'others',
};

/** For people, a clause. */
export const inQueue = (position: number, base: string): string =>
  `GitHub's merge queue of ${base} has it, at place ${position}`;

/** Where the pull request stands with its base's queue; null where the base has none. */
export async function seeQueue(
  { board }: Pick<Lander, 'board'>,
  { lease: { repo }, queued: mark }: Pick<Landing, 'lease' | 'queued'>,
  pull: { readonly number: number; readonly state: string } | null,
): Promise<QueueFacts | null> {
  const { rules } = await board.snapshot(repo, { maxAgeMs: ANY_AGE_MS });
  if (!rules?.queue && mark === null) return null;
  const sight = pull?.state === 'open' ? await board.queueSight(repo, pull.number) : NOTHING_SEEN;
  return { ...sight, mark };
}

/** The same of a pull request that may have just left it: GitHub notes why a moment later. */
export async function seeQueueAtRest(
  lander: Pick<Lander, 'board' | 'host'>,
  landing: Pick<Landing, 'lease' | 'queued'>,
  pull: { readonly number: number; readonly state: string } | null,
): Promise<QueueFacts | null> {
  for (let look = 1; ; look += 1) {
    const queue = await seeQueue(lander, landing, pull);
    const isClear = !queue?.mark || queue.position !== null || leavingOf(queue) !== null;
    if (isClear || pull?.state !== 'open' || look === LOOKS) return queue;
    await lander.host.pause(LOOK_MS);
  }
}

const LOOKS = 3;
const LOOK_MS = 2_000;

const NOTHING_SEEN: QueueSight = { position: null, left: null };

// Branches do not get queues, or lose them, from one minute to the next; a merge that is refused tells, too.
const ANY_AGE_MS = 300_000;
