import * as z from 'zod';
import { cutTo } from '../../core/text.ts';
import type { Pull } from '../../core/world.ts';
import { messageOf } from '../../errors.ts';
import type { Log, PullReview } from '../../ports.ts';
import type { PullHead, PullRecord } from '../snapshots/document.ts';
import { ISSUE_BRANCH } from './branches.ts';
import { joinVerdicts, readChecks } from './checks.ts';
import type { Client } from './client.ts';
import { askGraphQL } from './graphql.ts';

/** What is known of the heads of pull requests, by the number of the pull request. */
export type PullHeads = Readonly<Record<string, PullHead>>;

/** The pull requests that a landing may wait for: open, and of a branch of ours. */
export function landingPulls(pulls: readonly PullRecord[]): readonly PullRecord[] {
  return pulls.filter(({ pull }) => pull.state === 'open' && pull.head.startsWith(ISSUE_BRANCH));
}

/** What is known of a pull request's head; null when it has another one by now. */
export function headOf({ pull }: PullRecord, heads: PullHeads): PullHead | null {
  const head = heads[String(pull.number)];
  return head?.sha === pull.headSha ? head : null;
}

/** Whether one of these heads has checks that have not ended, or may still get some, or is in a merge queue. */
export function areUnsettled(pulls: readonly PullRecord[], heads: PullHeads): boolean {
  return pulls.some(record => {
    const head = headOf(record, heads);
    return head === null || head.queued !== null || ['pending', 'unknown'].includes(joinVerdicts(head));
  });
}

const NEW_HEAD = {
  status: 'unknown',
  runs: 'unknown',
  etags: {},
  review: 'none',
  reviews: [],
  queued: null,
  reviewedAt: '',
} as const;

/**
 * Checks and reviews of the pull requests that are being landed: two free requests for each while nothing
 * changes, and one query for all that did change. What cannot be read stays as it was.
 */
export async function readHeads(client: Client, context: HeadsContext): Promise<PullHeads> {
  const { repo, pulls, known, log } = context;
  const reviewed = await readReviews(client, context);
  const read = pulls.map(async (record): Promise<readonly [string, PullHead]> => {
    const { number, headSha: sha } = record.pull;
    const last = headOf(record, known) ?? NEW_HEAD;
    const { status, runs, etags } = await readChecks(client, { repo, ref: sha, key: 'checks' }, last, log);
    const review = reviewed.get(number) ?? {
      review: last.review,
      reviews: [...last.reviews],
      queued: last.queued,
      reviewedAt: last.reviewedAt,
    };
    return [String(number), { sha, status, runs, etags: { ...last.etags, ...etags }, ...review }];
  });
  return Object.fromEntries(await Promise.all(read));
}

interface HeadsContext {
  readonly repo: string;
  readonly pulls: readonly PullRecord[];
  readonly known: PullHeads;
  /** The base has a merge queue, so that there are places in it. */
  readonly hasQueue: boolean;
  readonly log: Log;
}

const Decision = z.enum(['APPROVED', 'CHANGES_REQUESTED', 'REVIEW_REQUIRED']).nullable();
const Opinion = z.object({
  author: z.object({ login: z.string() }).nullable(),
  state: z.string(),
  body: z.string(),
  commit: z.object({ oid: z.string() }).nullable(),
});
const Reviewed = z.object({
  number: z.int(),
  reviewDecision: Decision,
  latestOpinionatedReviews: z.object({ nodes: z.array(Opinion.nullable()).nullable() }).nullable(),
  mergeQueueEntry: z.object({ position: z.int() }).nullish(),
});
const Reviews = z.object({ repository: z.record(z.string(), Reviewed.nullable()).nullable() });

const REVIEWS: Readonly<Record<NonNullable<z.infer<typeof Decision>>, Pull['review']>> = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changes_requested',
  REVIEW_REQUIRED: 'required',
};

/**
 * By number, of those that changed since: a review moves `updated_at`, and only GraphQL weighs the rules. Whether a
 * merge queue does is not documented: what is in one is always asked about.
 */
async function readReviews(
  client: Client,
  { repo, pulls, known, hasQueue, log }: HeadsContext,
): Promise<ReadonlyMap<number, Pick<PullHead, 'review' | 'reviews' | 'queued' | 'reviewedAt'>>> {
  const changed = pulls.filter(record => {
    const last = headOf(record, known);
    return last?.reviewedAt !== record.updatedAt || last.queued !== null;
  });
  if (changed.length === 0) return new Map();
  const [owner, name] = repo.split('/');
  const fields = changed.map(
    ({ pull: { number } }) => `p${number}: pullRequest(number: ${number}) {
      number reviewDecision ${hasQueue ? 'mergeQueueEntry { position }' : ''}
      latestOpinionatedReviews(first: 100, writersOnly: true) {
        nodes { author { login } state body commit { oid } }
      }
    }`,
  );
  const query = `query($owner: String!, $name: String!) {
    repository(owner: $owner, name: $name) { ${fields.join(' ')} }
  }`;
  try {
    const answer = await askGraphQL(client, query, { variables: { owner, name }, shape: Reviews });
    return new Map(
      changed.flatMap(({ pull: { number }, updatedAt }) => {
        const found = answer?.repository?.[`p${number}`];
        if (!found) return [];
        const review = found.reviewDecision === null ? 'none' : REVIEWS[found.reviewDecision];
        const reviews = opinionsIn(found);
        const queued = found.mergeQueueEntry?.position ?? null;
        return [[number, { review, reviews, queued, reviewedAt: updatedAt }] as const];
      }),
    );
  } catch (error) {
    log.debug('could not read reviews', { repo, problem: messageOf(error) });
    return new Map();
  }
}

const VERDICTS: Readonly<Record<string, PullReview['verdict']>> = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changes_requested',
};

// As much as a prompt can use of it.
const BODY_LIMIT = 2_000;

function opinionsIn({ latestOpinionatedReviews: found }: z.infer<typeof Reviewed>): PullHead['reviews'] {
  return (found?.nodes ?? []).flatMap(opinion => {
    const verdict = VERDICTS[opinion?.state ?? ''];
    if (!opinion?.author || !opinion.commit || verdict === undefined) return [];
    const body = cutTo(opinion.body, BODY_LIMIT);
    return [{ by: opinion.author.login, sha: opinion.commit.oid, verdict, body }];
  });
}
