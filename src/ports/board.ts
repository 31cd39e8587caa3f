import type { MergeRules } from '../core/merge-rules.ts';
import type { Comment, Issue, Pull, ReferenceState, RepoState } from '../core/world.ts';
import type { EnqueueResult, QueueSight } from './merge-queue.ts';
import type { Oid } from './oid.ts';

/** GitHub: what is read of a repository, and every write to it. */
export interface Board {
  /** The login that the token belongs to (`GET /user`, asked once per process). */
  login(): Promise<string>;
  /**
   * The shared snapshot of a repository, refreshed when it is older than `maxAgeMs`. Never throws for a
   * failure of GitHub: `read` says `failed` or `stale`, and the issues are then the last ones known.
   */
  snapshot(repo: string, options: { readonly maxAgeMs: number }): Promise<Snapshot>;
  /** States of issues and pull requests in other repositories, by `owner/repo#n`. Never throws: `unknown`. */
  references(refs: readonly string[]): Promise<Readonly<Record<string, ReferenceState>>>;
  /** Reads one issue now, past every cache, and merges it into the snapshot. */
  issue(repo: string, number: number): Promise<Issue>;
  /** Changes an issue in one call (`PATCH /issues/{n}`) and merges the answer into the snapshot. */
  updateIssue(repo: string, number: number, change: IssueChange): Promise<Issue>;
  /**
   * Creates an issue whose body begins with an `IssueKey` marker, or returns the one of our login that has this key:
   * doing it twice creates one.
   */
  createIssue(repo: string, draft: IssueDraft): Promise<Issue>;
  /** Tells GitHub of an issue's parent and blockers, besides what its body says; what GitHub lacks is left out. */
  linkIssue(repo: string, number: number, links: IssueLinks): Promise<void>;
  /** The comments of an issue, ours too, oldest first; one that was read just now and has none is not asked about. */
  comments(repo: string, number: number): Promise<readonly Comment[]>;
  /** Creates the one comment with this key, or edits it in place. `key` is a slug such as `status`. */
  putComment(repo: string, number: number, comment: { key: string; body: string }): Promise<void>;
  /** The pull requests whose head is this branch of this repository, newest first. */
  pullsOf(repo: string, branch: string): Promise<readonly PullDetails[]>;
  /** A pull request as it is now, past every cache, with its checks and reviews. Throws when it can't be seen. */
  pull(repo: string, number: number): Promise<PullLook>;
  /**
   * Opens the branch's pull request, or returns (with title and body set) the one that is open; the merged one, when
   * somebody was faster and has merged it at `sha`.
   */
  openPull(repo: string, draft: PullDraft): Promise<PullDetails>;
  /** Merges if the head is still `sha`. After an ambiguous answer it reads back before it answers. */
  mergePull(repo: string, number: number, merge: MergeRequest): Promise<MergeResult>;
  closePull(repo: string, number: number): Promise<void>;
  /** Where a pull request stands with the merge queue of its base, read now. */
  queueSight(repo: string, number: number): Promise<QueueSight>;
  /** Puts a pull request into the merge queue of its base, if its head is still `sha`; twice is once. */
  enqueuePull(repo: string, number: number, sha: Oid): Promise<EnqueueResult>;
  /** Takes it out again; one that is in no queue is left alone. */
  dequeuePull(repo: string, number: number): Promise<void>;
  /** The checks of a commit that failed; asked once such a commit is known. */
  failedChecks(repo: string, sha: Oid): Promise<readonly FailedCheck[]>;
}

/** A repository's issues and more as read at one moment. */
export interface Snapshot extends RepoState {
  readonly repo: string;
  /** Milliseconds since the epoch of the last successful read; 0 when there was none. */
  readonly readAt: number;
  readonly defaultBranch: string;
  /** Which plan PLAN.md is, as its first line says; null where there is none. */
  readonly planId: string | null;
  /** SHA-256 of the specification on the default branch; null where there is none. */
  readonly specHash: string | null;
  /** The WORKFLOW.md of the default branch that was valid last; null where there was none. */
  readonly workflowText: string | null;
  /** The default branch's head has checks, whatever they say: a pull request is to be expected to get some. */
  readonly hasChecks: boolean;
  /** By the number of an open pull request of an issue's branch: the last word of each person who may write. */
  readonly reviews: Readonly<Record<string, readonly PullReview[]>>;
  /** What the branch that work lands on asks of merges; null where that is not known. */
  readonly rules: MergeRules | null;
  /** By the number of a pull request of an issue's branch: its place in the merge queue. */
  readonly queued: Readonly<Record<string, number>>;
  /** Why the read failed, for people; null when it did not. */
  readonly problem: string | null;
}

/** A review that decides: nobody else's, and none that was dismissed or only comments. */
export interface PullReview {
  readonly by: string;
  /** The head that was looked at. */
  readonly sha: Oid;
  readonly verdict: 'approved' | 'changes_requested';
  /** What was written with it; the first 2,000 characters. */
  readonly body: string;
}

/** A check that failed, as its service tells about it. */
export interface FailedCheck {
  readonly name: string;
  readonly summary: string;
  /** Where its log is; null when it says nothing of it. */
  readonly url: string | null;
  /** The end of its log; null where there is none to be read. */
  readonly log: string | null;
}

export interface IssueDraft {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
}

export interface IssueLinks {
  /** Number of an issue of the same repository; null for none. */
  readonly parent: number | null;
  /** `owner/repo#n` */
  readonly blockedBy: readonly string[];
}

export interface IssueChange {
  readonly labels?: readonly string[];
  readonly state?: 'open' | 'closed';
  readonly stateReason?: 'completed' | 'not_planned' | 'duplicate' | 'reopened';
  readonly title?: string;
  readonly body?: string;
}

/** A pull request as read for landing. */
export interface PullDetails extends Pull {
  /** The commit that it became on its base; null until it is merged. */
  readonly mergeCommit: Oid | null;
}

/** A pull request with what is said of it. */
export interface PullLook {
  readonly title: string;
  readonly pull: PullDetails;
  /** As in a snapshot. */
  readonly reviews: readonly PullReview[];
}

export interface PullDraft {
  /** Where the branch points. */
  readonly sha: Oid;
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  /** Nothing of this branch was ever published: there is no pull request yet that could be found. */
  readonly isFirst: boolean;
}

export interface MergeRequest {
  readonly sha: Oid;
  readonly method: 'squash' | 'merge' | 'rebase';
  readonly title: string;
  readonly message: string;
}

export type MergeResult =
  | { readonly kind: 'merged'; readonly commit: Oid }
  | { readonly kind: 'head-moved' }
  | { readonly kind: 'refused'; readonly reason: string };
