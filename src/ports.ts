import type { WorkSize } from './core/agent-choice.ts';
import type { Failure, GateVerdict, JournalEntry, Outcome, Packet, Review } from './core/contracts.ts';
import type { AgentUsage } from './core/usage.ts';
import type { Issue, Pull, ReferenceState, RepoState, StageKind } from './core/world.ts';

/**
 * Every effect of the engine. The loop and the landing know the outside only through these, so that the
 * simulator can stand in for all of it. All failures are `HarnessError`s; an expected outcome (a lost race,
 * a refused merge) is a value.
 */
export interface Ports {
  readonly board: Board;
  readonly refs: Refs;
  readonly repos: Repos;
  readonly sessions: Sessions;
  readonly commands: Commands;
  readonly host: Host;
  readonly clock: Clock;
  readonly log: Log;
}

/** A git object name, 40 or 64 hex digits. */
export type Oid = string;

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
  /** Creates the one comment with this key, or edits it in place. `key` is a slug such as `status`. */
  putComment(repo: string, number: number, comment: { key: string; body: string }): Promise<void>;
  /** The pull requests whose head is this branch of this repository, newest first. */
  pullsOf(repo: string, branch: string): Promise<readonly PullDetails[]>;
  /** A pull request as it is now, past every cache, with its checks and reviews. Throws when it can't be seen. */
  pull(repo: string, number: number): Promise<PullLook>;
  /** Opens the branch's pull request, or returns (with title and body set) the one that is open. */
  openPull(repo: string, draft: PullDraft): Promise<PullDetails>;
  /** Merges if the head is still `sha`. After an ambiguous answer it reads back before it answers. */
  mergePull(repo: string, number: number, merge: MergeRequest): Promise<MergeResult>;
  closePull(repo: string, number: number): Promise<void>;
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
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
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

/** Commits, worktrees and checkouts. The engine's git works only in its own bare clone. */
export interface Repos {
  /** Fetches a branch of the remote into the bare clone (made when it is missing) and returns its head. */
  fetchBranch(repo: string, branch: string): Promise<Oid>;
  /** Like `fetchBranch`, but null when the remote has no such branch. */
  remoteBranch(repo: string, branch: string): Promise<Oid | null>;
  /**
   * A private clone at `path` that borrows the bare clone's objects, on a new `branch` at `start`, with no
   * remote that it could push to. Throws `worktree-exists` when `path` is there already.
   */
  createWorktree(worktree: WorktreeSpec): Promise<void>;
  removeWorktree(path: string): Promise<void>;
  /**
   * Copies the branch's commits from a worktree into the bare clone without running git in a directory that
   * an agent can write. null when the branch is gone or its objects are broken.
   */
  collect(worktree: { repo: string; path: string; branch: string }): Promise<Oid | null>;
  /** Paths that differ from `head` in a worktree, untracked ones included, read with the engine's git. */
  dirtyPaths(worktree: { repo: string; path: string; head: Oid }): Promise<readonly string[]>;
  /**
   * Commits what a worktree has beyond `head` (untracked files too, ignored ones not) on top of it in the bare
   * clone, for a checkpoint; nothing in the worktree changes. null when there is nothing to save, or no worktree.
   */
  saveWorktree(worktree: { repo: string; path: string; head: Oid; message: string }): Promise<Oid | null>;
  /**
   * Commits files on top of `parent` in the bare clone, by the engine's own hand: each path gets the text, null
   * removes it.
   */
  commitFiles(repo: string, commit: FilesToCommit): Promise<Oid>;
  /**
   * A commit on top of `commit` in the bare clone, in which these paths are what they are at `from`; where there is
   * nothing they are gone. It is not pushed.
   */
  restoreFiles(repo: string, files: FilesToRestore): Promise<Oid>;
  /** Makes commits anew in the bare clone with other messages and returns the head; trees and names stay. */
  rewriteMessages(repo: string, rewrite: MessagesToRewrite): Promise<Oid>;
  /** What `head` adds to `base`. */
  change(repo: string, range: { base: Oid; head: Oid }): Promise<Change>;
  /**
   * Merges in the bare clone; the commit is not pushed. Without a message the same pair always becomes the same
   * commit; with one it is dated now, for others to see. A head that contains the base is its own merge.
   */
  merge(repo: string, pair: { base: Oid; head: Oid; message?: string }): Promise<MergeTree>;
  /** A clean private checkout of a commit, detached, for verification. Replaces what is at `path`. */
  checkout(checkout: { repo: string; commit: Oid; path: string }): Promise<void>;
  treeOf(repo: string, commit: Oid): Promise<Oid>;
  /** The text of a regular file at a commit, read as a blob; null when there is none. */
  readFile(repo: string, commit: Oid, path: string): Promise<string | null>;
  /** Paths of what is in a folder at a commit, and below; none when there is no such folder. */
  listFiles(repo: string, commit: Oid, folder: string): Promise<readonly string[]>;
  /** What `head` changes since it left `base`, file by file, with the lines. */
  patch(repo: string, range: { base: Oid; head: Oid }): Promise<readonly FilePatch[]>;
  /** Everything that a push of `head` shows to whoever has `base`. */
  published(repo: string, range: { base: Oid; head: Oid }): Promise<Published>;
  /** Identifies what `head` changes since it left `base`; a rebase that changes nothing else keeps it. */
  patchId(repo: string, range: { base: Oid; head: Oid }): Promise<string>;
  /** Whether `ancestor` is an ancestor of `commit`, or the same. */
  isAncestor(repo: string, pair: { ancestor: Oid; commit: Oid }): Promise<boolean>;
}

export interface FilesToCommit {
  /** null: the commit has no history, and no other files. */
  readonly parent: Oid | null;
  readonly message: string;
  readonly files: Readonly<Record<string, string | null>>;
}

export interface FilesToRestore {
  readonly commit: Oid;
  readonly from: Oid;
  readonly paths: readonly string[];
}

export interface MessagesToRewrite {
  readonly base: Oid;
  readonly head: Oid;
  /** The new messages, by commit; all others keep theirs. */
  readonly messages: Readonly<Record<Oid, string>>;
}

export interface WorktreeSpec {
  readonly repo: string;
  readonly path: string;
  readonly branch: string;
  readonly start: Oid;
  readonly identity: Identity;
}

/** Author and committer of an agent's commits. */
export interface Identity {
  readonly name: string;
  readonly email: string;
}

export interface Change {
  /** `base` is an ancestor of `head`, and nothing with another beginning was merged in. */
  readonly descends: boolean;
  readonly commits: number;
  readonly files: readonly { readonly path: string; readonly status: string }[];
}

/** One file of a change, read in the bare clone; no attribute, filter or program of the repository has a say. */
export interface FilePatch {
  readonly path: string;
  /** Where a renamed file was; null for all others. */
  readonly oldPath: string | null;
  /** `retyped`: a file became a link, or the like. */
  readonly status: 'added' | 'modified' | 'deleted' | 'renamed' | 'retyped';
  /** What it was, and is; null where there is none. */
  readonly oldKind: FileKind | null;
  readonly kind: FileKind | null;
  /** Bytes at the head; null when it is gone, or a submodule. */
  readonly size: number | null;
  /** Where a symbolic link points; null for all others, and for a target longer than any file system takes. */
  readonly link: string | null;
  readonly added: readonly PatchLine[];
  readonly removed: readonly PatchLine[];
  /** Some of the lines have a zero byte. */
  readonly isBinary: boolean;
  /** The lines were left out: there are too many. */
  readonly isCut: boolean;
}

export type FileKind = 'file' | 'executable' | 'link' | 'submodule';

/** A line without its end; `line` counts from 1, in the old file for what was removed. */
export interface PatchLine {
  readonly line: number;
  readonly text: string;
}

/** What becomes visible with a push: also what one commit adds and a later one takes away. */
export interface Published {
  /** The commits as git stores them: names, dates, message. null: too large to read. */
  readonly commits: readonly { readonly oid: Oid; readonly text: string | null }[];
  /** Every path that one of them names. */
  readonly paths: readonly string[];
  /** What each commit adds; of a merge only what none of its parents has. */
  readonly files: readonly {
    readonly commit: Oid;
    readonly path: string;
    readonly added: readonly PatchLine[];
  }[];
  /** Paths whose lines were left out: there are too many. */
  readonly cut: readonly string[];
}

export type MergeTree =
  | { readonly kind: 'merged'; readonly commit: Oid; readonly tree: Oid }
  | { readonly kind: 'conflict'; readonly files: readonly string[] };

/** Agent sessions on this host: a program in a tmux session in its worktree, and the files about it. */
export interface Sessions {
  /** Announces a session before its lease is taken, so that a crash in between can be seen. false: name taken. */
  reserve(plan: SessionPlan): Promise<boolean>;
  /** Starts the agent of a reserved session. */
  launch(name: string, launch: SessionLaunch): Promise<void>;
  /** Every session that has a record or a tmux session, with what is true of it now. */
  list(): Promise<readonly Session[]>;
  /** Ends the session's whole process tree and waits until it is gone. Ending what is gone is a success. */
  end(name: string, reason: EndReason): Promise<void>;
  /** Removes the record and the session's files; its log and its conversation are kept. */
  discard(name: string): Promise<void>;
  /** The conversation of an attempt whose session was here; null when there is none to go on with. */
  conversation(name: string, attempt: number): Promise<Conversation | null>;
  /**
   * Gives a running agent another prompt, or the answer to its question: at its next tool call, or when it
   * wants to stop. Never typed into a terminal, and never given twice.
   */
  deliver(name: string, prompt: string): Promise<Delivery>;
  /** Asks a running agent to write down for whoever goes on how far it is, and to stop. */
  checkpoint(name: string): Promise<Delivery>;
}

/**
 * `taken`: a hook that the agent has called took the prompt for its answer. `late`: none did in time, and none will
 * any more. `gone`: no such agent runs. `unsupported`: this agent takes one prompt only.
 */
export type Delivery = 'taken' | 'late' | 'gone' | 'unsupported';

/** Why the engine ends a session. */
export type EndReason = 'cancelled' | 'stopped' | 'timeout' | 'budget';

/** What is known of a session before it starts; the record in the run directory. */
export interface SessionPlan {
  /** `<prefix>-<unit>-i7`: letters, digits, `_` and `-` only. */
  readonly name: string;
  readonly kind: StageKind;
  readonly unit: string;
  readonly repo: string;
  readonly issue: number | null;
  readonly attempt: number;
  readonly epoch: number;
  readonly nonce: string;
  readonly branch: string;
  /** The head of the base branch that this work goes back to. */
  readonly base: Oid;
  /** Where the branch starts: the base, or the commits of an earlier attempt. */
  readonly start: Oid;
  readonly worktree: string;
  readonly bodyHash: string;
  /** How large the work is, which helps to choose its agent; null or left out when nobody said so. */
  readonly size?: WorkSize | null;
  /** The change that it reviews, in a worktree that it must not change; left out for every other session. */
  readonly review?: ReviewOrder;
}

/** What a reviewer is to look at. */
export interface ReviewOrder {
  readonly head: Oid;
  /** Nonce of the attempt that made it. */
  readonly session: string;
  /** Ids of the issue's criteria. */
  readonly criteria: readonly string[];
}

export interface SessionLaunch {
  readonly prompt: string;
  /** The issue's title, for HARNESS_TITLE and the pane. */
  readonly title: string;
  /** The conversation of an earlier session to go on with; null begins a new one. */
  readonly resume?: Conversation | null;
}

/** What an agent needs to go on with a conversation, on the host that has its transcript. */
export interface Conversation {
  readonly agent: string;
  readonly id: string;
  /** Path of the transcript, kept beside the session's log. */
  readonly transcript: string;
  /** What was used until then: some programs count on from there. */
  readonly usage: AgentUsage;
}

export interface Session {
  readonly plan: SessionPlan;
  /** `starting`: reserved, its worker lives. `lost`: neither worker, agent nor exit file is left. */
  readonly state: 'starting' | 'running' | 'ended' | 'lost';
  readonly startedAt: string;
  readonly lastActivityAt: string | null;
  readonly exit: SessionExit | null;
  readonly outcome: OutcomeFile;
  /** Path of the pane's log. */
  readonly log: string;
  /** The agent program and what it said of itself, such as `claude 2.1.197`; null until it said so. */
  readonly agent: string | null;
  /** How it ended; null until it has. */
  readonly end: SessionEnd | null;
  /** What it used so far. */
  readonly usage: AgentUsage;
  /** What it waits to hear from a person; null when it does not wait. */
  readonly question: string | null;
  /** To go on with later; null when the program can't, or has not begun. */
  readonly conversation: Conversation | null;
  /** What the agent has written so far for whoever goes on; null when it wrote nothing. */
  readonly handoff: string | null;
  /** The end of its output; null until it has ended, and when it said nothing. */
  readonly lastWords: string | null;
}

/** How a session ended, from structured evidence only: never from text on a screen. */
export interface SessionEnd {
  /** null: it left a valid outcome. */
  readonly failure: Failure | null;
  /** When the usage limit that ended it is lifted, ISO 8601; null when there was none, or it is not known. */
  readonly resetsAt: string | null;
}

export interface SessionExit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly reason:
    | 'exited'
    /** Its turn was over, and it was ended since it would not have ended by itself. */
    | 'finished'
    /** It gave no sign of life for HARNESS_STALL_MINUTES. */
    | 'stalled'
    | EndReason
    | 'hangup'
    | 'spawn-failed';
  readonly endedAt: string;
}

export type OutcomeFile =
  | { readonly kind: 'missing' }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] }
  | { readonly kind: 'valid'; readonly outcome: Outcome };

/** The file that a reviewer leaves, as `OutcomeFile` is an implementer's. */
export type ReviewFile =
  | { readonly kind: 'missing' }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] }
  | { readonly kind: 'valid'; readonly review: Review };

/** Commands that policy names: HARNESS_SETUP, HARNESS_VERIFY, HARNESS_WORKTREE_HOOK. */
export interface Commands {
  /** Runs a shell command of the configuration; a failure is a value. */
  run(command: CommandRun): Promise<CommandResult>;
}

export interface CommandRun {
  readonly command: string;
  readonly cwd: string;
  readonly timeoutMs: number;
  /** Tags the process tree so that a crashed engine's leftovers can be found and ended. */
  readonly tag: string;
  /** Files or folders below `cwd` where it leaves reports; what is there before is removed. */
  readonly reports?: readonly string[];
}

export interface CommandResult {
  /** null when a signal or the time limit ended it. */
  readonly exit: number | null;
  readonly timedOut: boolean;
  readonly seconds: number;
  /** The last 16 KB of standard output and error, redacted. */
  readonly tail: string;
  /** Texts of the reports that it left. */
  readonly reports?: readonly string[];
}

/** This host's disposable files about the fleet: identity, claims, the pause flag, events. */
export interface Host {
  readonly identity: HostIdentity;
  paused(): Promise<boolean>;
  /** Until when live sessions may go on in a fleet that is paused by force, in milliseconds since the epoch. */
  putDownBy(): Promise<number | null>;
  /** Takes the unit for this worker; false when a live worker has it. A dead worker's claim is replaced. */
  claimUnit(unit: string): Promise<boolean>;
  releaseUnit(unit: string): Promise<void>;
  /** Units that live workers of this fleet have claimed. */
  claims(): Promise<readonly string[]>;
  /** Whether the worker that wrote a journal entry is provably gone: another boot, or a dead process. */
  isGone(holder: { fleet: string; boot: string; worker: string }): boolean;
  /** Resolves with a reason at the next event (a session ended, a snapshot changed), or after `timeoutMs`. */
  nextEvent(timeoutMs: number, signal: AbortSignal): Promise<string>;
  /** Waits, for what no event tells of. */
  pause(ms: number): Promise<void>;
}

export interface HostIdentity {
  /** Stable for a project directory on a host, so that losing the run directory changes nothing. */
  readonly fleet: string;
  /** A digest, since journals are as public as the repository. */
  readonly host: string;
  readonly boot: string;
  /** `w1:<pid>:<start time>` */
  readonly worker: string;
}

/** The fleet's resident workers on this host, as their files in the run directory describe them. */
export interface Workers {
  /** Announces this process as a worker; `name` is `w1`. */
  announce(name: string, version: string): void;
  /** Takes the announcement back. */
  dismiss(name: string): void;
  /** All announced workers, in order; one that died without a word is there with `isAlive` false. */
  list(): readonly WorkerRecord[];
  /** Ends a worker's process at once and waits until it is gone; what it did is gone on with by the next one. */
  kill(name: string): Promise<void>;
  /** When a stop was asked for: live sessions have until this time, in milliseconds since the epoch. */
  stopDeadline(): number | null;
  /** Tells the workers how long live sessions have; null takes it back. */
  setStopDeadline(deadline: number | null): void;
}

export interface WorkerRecord {
  readonly name: string;
  readonly pid: number;
  /** Version of the engine that it runs. */
  readonly version: string;
  readonly isAlive: boolean;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds on a clock that never jumps. */
  monotonic(): number;
  /** A fresh random identifier. */
  nonce(): string;
}

export interface Log {
  debug(message: string, facts?: Facts): void;
  info(message: string, facts?: Facts): void;
  warn(message: string, facts?: Facts): void;
}

export type Facts = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** What `init` needs to know of the user's checkout; nothing in it is changed by looking. */
export interface Checkout {
  /** The top directory. */
  readonly root: string;
  readonly remotes: readonly { readonly name: string; readonly address: string }[];
  /** This clone's own list of ignored paths, `info/exclude`. */
  readonly excludeFile: string;
  /** Those of the paths asked about that git ignores. */
  readonly ignored: readonly string[];
}

export interface CheckoutQuery {
  readonly dir: string;
  /** Relative to the top directory; a directory ends in a slash. */
  readonly paths: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type { AgentUsage, ModelTokens } from './core/usage.ts';
export type { GateVerdict };
