import type { MergeRefusal } from '../core/contracts.ts';
import type { Pull } from '../core/world.ts';
import type { PullReview } from '../ports.ts';

/**
 * What a merge that GitHub refuses asks for. `base-moved`: to look at the base again; `behind`: a head that contains
 * the base; `others`: checks, reviews and the like; `queue`: to be put into a merge queue; `person`: other rules or settings, or what nobody here knows.
 */
export type RefusalKind = 'base-moved' | 'behind' | 'others' | 'queue' | 'person';

interface Refusal {
  readonly kind: RefusalKind;
  /** What a person can do about it, a clause; null where GitHub's own words say it, and nobody has to. */
  readonly hint: string | null;
}

/**
 * GitHub's words when it refuses a merge (405, and 422 of rulesets, which list all that they miss in one answer), in
 * the order in which they count. It has no codes for them: these are from its documentation, and from answers that
 * other programs report.
 */
const REFUSALS: readonly (Refusal & { readonly words: RegExp })[] = [
  { words: /base branch was modified/i, kind: 'base-moved', hint: null },
  {
    words: /signatures|signed commits|must be signed/i,
    kind: 'person',
    hint: 'the engine signs nothing: squash merges are signed by GitHub, others a person has to sign and merge',
  },
  {
    words:
      /(?:merges?|merge commits) (?:are|is) not allowed|merge method|must not contain merge commits|linear history/i,
    kind: 'person',
    hint: 'set HARNESS_MERGE to what the repository allows',
  },
  { words: /merge queue/i, kind: 'queue', hint: 'add the pull request to the queue' },
  { words: /\bdraft\b/i, kind: 'person', hint: 'mark the pull request as ready for review' },
  { words: /out[- ]of[- ]date|not up[- ]to[- ]date|must be up[- ]to[- ]date/i, kind: 'behind', hint: null },
  {
    words:
      /status checks?\b|required checks?\b|check runs?\b|required workflow|code scanning|deployment|reviews?\b|reviewer|approv|code ?owner|conversations?\b|comments? must be resolved|rule violations/i,
    kind: 'others',
    hint: null,
  },
];

/** What a refusal asks for, by GitHub's words. */
export function refusalOf(reason: string): Refusal {
  return REFUSALS.find(({ words }) => words.test(reason)) ?? UNKNOWN;
}

const UNKNOWN: Refusal = {
  kind: 'person',
  hint: 'lift what stands in the way, or merge it by hand: until then it is tried again, at last each hour',
};

/** What is seen of a pull request that may move GitHub to merge it after all. */
export interface PullSight {
  readonly pull: Pick<Pull, 'checks' | 'review'> | null;
  readonly reviews: readonly PullReview[];
}

/** A refusal to be remembered; one that goes on keeps the time of its beginning. */
export function remember(
  { reason, needs }: Pick<MergeRefusal, 'reason' | 'needs'>,
  {
    sight,
    before,
    nowMs,
  }: { readonly sight: PullSight; readonly before: MergeRefusal | null; readonly nowMs: number },
): MergeRefusal {
  const at = new Date(nowMs).toISOString();
  const since = before?.reason === reason ? before.since : at;
  return { reason, needs, seen: seenIn(sight), since, at };
}

/**
 * The refusal as long as there is no use in trying again; null then, and where there is none. `hasWord`: a person has
 * approved the head since it was written down.
 */
export function standing(
  refusal: MergeRefusal | null,
  { sight, nowMs, hasWord }: { readonly sight: PullSight; readonly nowMs: number; readonly hasWord: boolean },
): MergeRefusal | null {
  // A person has said no: only a person takes that back.
  if (refusal?.needs === 'word') return hasWord ? null : refusal;
  if (!refusal || refusal.seen !== seenIn(sight)) return null;
  const lastedMs = Date.parse(refusal.at) - Date.parse(refusal.since);
  const restMs = Math.min(Math.max(lastedMs, SHORTEST_REST_MS), LONGEST_REST_MS);
  return nowMs - Date.parse(refusal.at) < restMs ? refusal : null;
}

// Rules, conversations and deployments change without a trace in what is read anyway.
const SHORTEST_REST_MS = 60_000;
const LONGEST_REST_MS = 3_600_000;

const seenIn = ({ pull, reviews }: PullSight): string => {
  const words = reviews.map(({ by, sha, verdict }) => `${by} ${verdict} ${sha.slice(0, 12)}`);
  return [pull?.checks ?? 'unseen', pull?.review ?? 'unseen', ...words.sort()].join(', ');
};
