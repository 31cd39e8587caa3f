import * as z from 'zod';
import type { Issue, StateReason } from '../../core/world.ts';
import type { PullDetails } from '../../ports.ts';
import { closedBy } from './closing.ts';

const Account = z.object({ login: z.string() }).nullish();

/** An issue or pull request in an answer of the issues API; pull requests have `pull_request`. */
export const IssueRow = z.object({
  number: z.int().positive(),
  title: z.string(),
  state: z.enum(['open', 'closed']),
  state_reason: z.string().nullish(),
  /** How many; absent in the answers to some writes. */
  comments: z.int().nullish(),
  labels: z.array(z.union([z.string(), z.object({ name: z.string().nullish() })])),
  body: z.string().nullish(),
  user: Account,
  created_at: z.string(),
  updated_at: z.string(),
  pull_request: z.object({ merged_at: z.string().nullish() }).nullish(),
  issue_dependencies_summary: z.object({ total_blocked_by: z.int() }).nullish(),
  parent_issue_url: z.string().nullish(),
});
export type IssueRow = z.infer<typeof IssueRow>;

/** A pull request in an answer of the pulls API; only the answer about one of them has `merged`. */
export const PullRow = z.object({
  number: z.int().positive(),
  title: z.string(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']),
  merged_at: z.string().nullish(),
  merge_commit_sha: z.string().nullish(),
  updated_at: z.string(),
  head: z.object({
    ref: z.string(),
    sha: z.string(),
    repo: z.object({ full_name: z.string() }).nullish(),
  }),
  base: z.object({ ref: z.string(), repo: z.object({ full_name: z.string() }) }),
});
export type PullRow = z.infer<typeof PullRow>;

/** What a row of the issues API says of an issue; dependencies and the editor take requests of their own. */
export function issueOf(row: IssueRow): Issue {
  return {
    number: row.number,
    title: row.title,
    state: row.state,
    stateReason: stateReasonOf(row.state_reason),
    labels: row.labels.map(label => (typeof label === 'string' ? label : (label.name ?? ''))).sort(),
    body: row.body ?? '',
    author: row.user?.login ?? '',
    lastEditor: null,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    blockedBy: [],
    parent: referenceOf(row.parent_issue_url),
    comments: [],
  };
}

/** A pull request as the pulls API tells it; `checks` and `review` take requests of their own. */
export function pullOf(row: PullRow): PullDetails {
  // A fork's branch may have the same name as ours; it must never pass for it.
  const isOwn = row.head.repo?.full_name === row.base.repo.full_name;
  const merged = typeof row.merged_at === 'string';
  return {
    number: row.number,
    head: isOwn ? row.head.ref : '',
    headSha: row.head.sha,
    base: row.base.ref,
    state: row.state,
    merged,
    checks: 'unknown',
    review: 'none',
    closes: closedBy(row.body ?? '', row.base.repo.full_name),
    // Before the merge this field names a trial merge.
    mergeCommit: merged ? (row.merge_commit_sha ?? null) : null,
  };
}

/** `owner/repo#n` of an API or web address of an issue; null for anything else. */
export function referenceOf(url: string | null | undefined): string | null {
  const found = /\/([^/]+)\/([^/]+)\/(?:issues|pull)\/(\d+)$/.exec(url ?? '');
  return found === null ? null : `${found[1]}/${found[2]}#${found[3]}`;
}

function stateReasonOf(text: string | null | undefined): StateReason | null {
  return text === 'completed' || text === 'not_planned' || text === 'duplicate' || text === 'reopened'
    ? text
    : null;
}
