import type { Review } from '../../core/contracts.ts';
import type { Oid, ReviewFile } from '../../ports.ts';
import { fail, type GateResult, pass, someOf, undecided } from '../gates.ts';
import type { Acceptance } from './weakened.ts';

export interface ReviewFacts {
  readonly file: ReviewFile;
  /** What was to be reviewed. */
  readonly asked: {
    readonly nonce: string;
    readonly repo: string;
    readonly issue: number;
    readonly head: Oid;
    /** Ids of the issue's criteria. */
    readonly criteria: readonly string[];
  };
}

/** A reviewer says of this very head that each criterion is met, and found nothing that must change. */
export function reviewGate({ file, asked }: ReviewFacts): GateResult {
  if (file.kind === 'missing') return undecided('review', 'review', 'the reviewer left no verdict');
  if (file.kind === 'invalid') {
    return undecided('review', 'review', `the verdict can not be read: ${file.problems.join('; ')}`);
  }
  const { review } = file;
  const mismatch = mismatchOf(review, asked);
  if (mismatch) return undecided('review', 'review', mismatch);
  const unmet = review.criteria.filter(({ verdict }) => verdict !== 'pass');
  if (unmet.length > 0) {
    return fail(
      'review',
      'review',
      `not met: ${someOf(unmet.map(({ id, verdict }) => `${id} (${verdict})`))}`,
    );
  }
  const must = review.findings.filter(({ weight }) => weight === 'must');
  if (must.length > 0) return fail('review', 'review', `must change: ${someOf(must.map(({ id }) => id))}`);
  return pass('review', `${review.criteria.length} criteria met at ${asked.head.slice(0, 12)}`);
}

/** Why a review is no answer to what was asked; null when it is one. */
function mismatchOf(review: Review, asked: ReviewFacts['asked']): string | null {
  if (review.nonce !== asked.nonce) return 'the verdict is of another session';
  if (review.repo.toLowerCase() !== asked.repo.toLowerCase() || review.issue !== asked.issue) {
    return `the verdict is about ${review.repo}#${review.issue}`;
  }
  if (review.sha !== asked.head) return `the verdict is about ${review.sha.slice(0, 12)}, not the head`;
  const ids = review.criteria.map(({ id }) => id);
  const missing = asked.criteria.filter(id => !ids.includes(id));
  if (missing.length > 0) return `the verdict leaves out ${someOf(missing)}`;
  const extra = ids.filter((id, at) => !asked.criteria.includes(id) || ids.indexOf(id) !== at);
  if (extra.length > 0) return `the verdict names what was not asked, or twice: ${someOf(extra)}`;
  // Nothing was asked for, and so nothing was shown.
  if (ids.length === 0) return 'the verdict is empty';
  const findings = review.findings.map(({ id }) => id);
  const again = findings.find((id, at) => findings.indexOf(id) !== at);
  return again === undefined ? null : `two findings are called ${again}`;
}

/** What a review accepts of weakened checks. It counts only where the review itself holds. */
export const acceptanceBy = ({ sha, accepts }: Review): Acceptance => ({
  by: 'code review',
  sha,
  ids: accepts.map(({ id }) => id),
});

/** What the next attempt has to answer: each criterion that is not met, and each finding. */
export function openPoints(review: Review): readonly { readonly id: string; readonly text: string }[] {
  const unmet = review.criteria.filter(({ verdict }) => verdict !== 'pass');
  return [
    ...unmet.map(({ id, verdict, evidence }) => ({ id: `criterion ${id}`, text: `${verdict}: ${evidence}` })),
    ...review.findings.map(({ id, weight, path, line, message }) => {
      const place = path === null ? '' : `${path}${line === null ? '' : `:${line}`}: `;
      return { id: `finding ${id}`, text: `${weight}: ${place}${message}` };
    }),
  ];
}
