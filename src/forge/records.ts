/**
 * What the forge keeps on disk, one JSON file per record. Records are values: a change makes a new record.
 * Times are ISO 8601 with a granularity of one second, as GitHub gives them.
 */

/** A git object name, 40 hex digits. */
export type Oid = string;

/** `owner/name`. */
export type RepositoryName = string;

/** `owner/name#7`. */
export type IssueKey = string;

/** What a login may do in a repository, least first. */
export const ROLES = ['read', 'triage', 'write', 'maintain', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** A person or an organisation; tokens are never stored. */
export interface AccountRecord {
  readonly id: number;
  readonly login: string;
  readonly type: 'User' | 'Organization';
  readonly createdAt: string;
}

export interface RepositoryRecord {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly description: string | null;
  readonly private: boolean;
  readonly archived: boolean;
  readonly hasIssues: boolean;
  readonly defaultBranch: string;
  readonly deleteBranchOnMerge: boolean;
  readonly mergeMethods: readonly MergeMethod[];
  /** null: every account of the forge is an administrator. */
  readonly roles: Readonly<Record<string, Role>> | null;
  readonly labels: readonly LabelRecord[];
  /** By branch name. */
  readonly protections: Readonly<Record<string, ProtectionRecord>>;
  /** Merge queues by branch name; left out where there never was one. */
  readonly queues?: Readonly<Record<string, QueueRecord>>;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly pushedAt: string;
  /** The default branch's commit up to which closing keywords have been applied. */
  readonly seenTip: Oid | null;
}

export type MergeMethod = 'merge' | 'squash' | 'rebase';

export interface LabelRecord {
  readonly id: number;
  readonly name: string;
  readonly color: string;
  readonly description: string | null;
}

export interface ProtectionRecord {
  /** null: no status is required. */
  readonly checks: { readonly strict: boolean; readonly contexts: readonly string[] } | null;
  /** null: no review is required. */
  readonly reviews: { readonly approvals: number; readonly dismissStale: boolean } | null;
  readonly enforceAdmins: boolean;
  readonly linearHistory: boolean;
  readonly allowForcePushes: boolean;
  readonly allowDeletions: boolean;
}

/** The merge queue of a branch, which a ruleset asks for. */
export interface QueueRecord {
  /** Of the ruleset. */
  readonly id: number;
  readonly method: MergeMethod;
  /** In the order in which they are to be merged. */
  readonly entries: readonly QueueEntryRecord[];
}

/** A pull request in a queue. */
export interface QueueEntryRecord {
  readonly id: number;
  /** Its number. */
  readonly pull: number;
  readonly by: string;
  readonly at: string;
  /** The head that was queued. */
  readonly head: Oid;
  /** What its merge is built on, and the commit that it is; null until it is built. */
  readonly group: { readonly base: Oid; readonly commit: Oid } | null;
}

/** That a pull request was put into a queue, or left it; GitHub says the latter of merged ones, too. */
export interface QueueEventRecord {
  readonly id: number;
  readonly kind: 'added' | 'removed';
  readonly by: string;
  readonly at: string;
  readonly reason: string | null;
  /** The merge whose checks decided. */
  readonly commit: Oid | null;
}

/** An issue, or a pull request when `pull` is set. */
export interface IssueRecord {
  readonly id: number;
  readonly repository: RepositoryName;
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly author: string;
  readonly state: 'open' | 'closed';
  readonly stateReason: StateReason | null;
  /** Ids of the repository's labels. */
  readonly labels: readonly number[];
  readonly assignees: readonly string[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly closedAt: string | null;
  readonly closedBy: string | null;
  /** Who last changed the body, and when; null when only its author wrote it. */
  readonly editor: string | null;
  readonly editedAt: string | null;
  readonly blockedBy: readonly IssueKey[];
  readonly blocking: readonly IssueKey[];
  readonly subIssues: readonly IssueKey[];
  readonly parent: IssueKey | null;
  readonly comments: readonly CommentRecord[];
  readonly pull: PullRecord | null;
}

/** A pull request. */
export type PullIssue = IssueRecord & { readonly pull: PullRecord };

export type StateReason = 'completed' | 'not_planned' | 'reopened' | 'duplicate';

export interface CommentRecord {
  readonly id: number;
  readonly author: string;
  readonly body: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface PullRecord {
  readonly head: { readonly ref: string; readonly sha: Oid };
  /** `sha` is the base's tip when the head last moved; a merged pull request keeps it. */
  readonly base: { readonly ref: string; readonly sha: Oid };
  readonly draft: boolean;
  readonly mergedAt: string | null;
  readonly mergedBy: string | null;
  readonly mergeCommit: Oid | null;
  /** Written before the base branch moves, so that a forge that was killed in between can finish the merge. */
  readonly merging: { readonly commit: Oid; readonly by: string } | null;
  readonly reviews: readonly ReviewRecord[];
  readonly reviewers: readonly string[];
  /** Oldest first; left out where there are none. */
  readonly queueEvents?: readonly QueueEventRecord[];
}

export interface ReviewRecord {
  readonly id: number;
  readonly author: string;
  readonly body: string;
  readonly state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED';
  readonly commit: Oid;
  readonly submittedAt: string;
}

/** Statuses and check runs that were reported for one commit. */
export interface CommitRecord {
  readonly repository: RepositoryName;
  readonly sha: Oid;
  /** Oldest first; the newest of a context counts. */
  readonly statuses: readonly StatusRecord[];
  readonly checkRuns: readonly CheckRunRecord[];
}

export interface StatusRecord {
  readonly id: number;
  readonly state: 'error' | 'failure' | 'pending' | 'success';
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creator: string;
  readonly createdAt: string;
}

export interface CheckRunRecord {
  readonly id: number;
  readonly name: string;
  readonly status: 'queued' | 'in_progress' | 'completed';
  readonly conclusion: string | null;
  readonly externalId: string | null;
  readonly detailsUrl: string | null;
  readonly title: string | null;
  readonly summary: string | null;
  /** Left out where there is none. */
  readonly text?: string | null;
  readonly startedAt: string;
  readonly completedAt: string | null;
}

/** The name of a repository as it is shown. */
export function nameOf(repository: { owner: string; name: string }): RepositoryName {
  return `${repository.owner}/${repository.name}`;
}

/** The key of an issue over all repositories. */
export function keyOf(issue: { repository: RepositoryName; number: number }): IssueKey {
  return `${issue.repository}#${issue.number}`;
}
