import { isOfAgent } from '../core/breaker.ts';
import type { JournalEntry, ReviewPoint } from '../core/contracts.ts';
import type { Settings } from '../core/settings.ts';
import type { Oid } from '../ports.ts';

/** The change that a review is to be about. */
export interface ReviewedChange {
  readonly head: Oid;
  /** Identifies the change over rebases; null when it is not known, and then the head alone counts. */
  readonly patchId: string | null;
  /** Digest of what was asked for. */
  readonly bodyHash: string;
}

/** What agents' reviews say of a change. */
export interface Reviewed {
  /** `open`: none has said anything that counts. */
  readonly verdict: 'pass' | 'fail' | 'open';
  /** For people, one line. */
  readonly reason: string;
  /** Ids of the weakened checks that the review accepts. */
  readonly accepts: readonly string[];
  readonly points: readonly ReviewPoint[];
  /** No further round is left: a person decides. */
  readonly isSpent: boolean;
  /** When another session may look at it, in milliseconds since the epoch; null: at once. */
  readonly notBefore: number | null;
}

/**
 * Finds what the reviews of an issue, oldest first, say of a change. One counts for the head that it looked at, and
 * for the same change after a rebase; never for another text of the issue.
 */
export function reviewedIn(
  reviews: readonly JournalEntry[],
  change: ReviewedChange,
  settings: Pick<Settings, 'HARNESS_REVIEW_ROUNDS' | 'HARNESS_BACKOFF'>,
): Reviewed {
  const ofChange = reviews.filter(review => isAbout(review, change));
  const said = ofChange.flatMap(({ review }) => (review && review.verdict !== 'none' ? [review] : [])).at(-1);
  if (said) {
    const { by, verdict, reason, points, accepts } = said;
    const refusals = reviews.filter(({ review }) => review?.verdict === 'fail').length;
    return {
      verdict: verdict === 'pass' ? 'pass' : 'fail',
      reason: `${by}: ${reason}`,
      accepts,
      points,
      isSpent: verdict === 'fail' && refusals >= settings.HARNESS_REVIEW_ROUNDS,
      notBefore: null,
    };
  }
  const last = ofChange.at(-1);
  const nothing = { verdict: 'open', accepts: [], points: [] } as const;
  if (!last?.review)
    return { ...nothing, reason: 'no reviewer has looked at it', isSpent: false, notBefore: null };
  // An agent that could not work has not used up a round: see its breaker.
  const silent = ofChange.filter(({ failure }) => failure === undefined || !isOfAgent(failure));
  const delayMs = settings.HARNESS_BACKOFF * 2 ** Math.min(ofChange.length - 1, 10) * 1000;
  return {
    ...nothing,
    reason: last.review.reason,
    isSpent: silent.length >= settings.HARNESS_REVIEW_ROUNDS,
    notBefore: Date.parse(last.at) + delayMs,
  };
}

const isAbout = (entry: JournalEntry, { head, patchId, bodyHash }: ReviewedChange) =>
  entry.bodyHash === bodyHash && (entry.head === head || (patchId !== null && entry.patchId === patchId));

/** What the last review left open, for the next attempt to answer. */
export const openPointsIn = (reviews: readonly JournalEntry[]): readonly ReviewPoint[] => {
  const last = reviews.findLast(({ review }) => review !== undefined && review.verdict !== 'none')?.review;
  return last?.verdict === 'fail' ? last.points : [];
};
