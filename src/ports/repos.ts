import type { Oid } from './oid.ts';

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
