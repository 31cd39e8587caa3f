import type { Issue } from '../../core/world.ts';
import type { HostRecord, Journal, Oid, PullDetails, PullReview, QueueSight, RefsView } from '../../ports.ts';
import type { Objects } from '../git/objects.ts';
import { FIRST_FILES, type Wish } from '../project.ts';
import { type IssueHistory, isoOf } from './history.ts';

/** A repository on GitHub: issues, comments, pull requests and refs, as they truly are. */
export interface Remote {
  readonly repo: string;
  readonly issues: Map<number, IssueHistory>;
  /** What each issue asks for; the simulated agents know it by its number. */
  readonly wishes: Map<number, Wish>;
  readonly comments: Map<number, RemoteComment[]>;
  readonly pulls: Map<number, RemotePull>;
  /** `refs/heads/…` */
  readonly branches: Map<string, Oid>;
  readonly journals: Map<string, Journal>;
  /** Journals whose refs are gone, by those. */
  readonly archive: Map<string, Journal>;
  /** Pull requests get checks. */
  hasChecks: boolean;
  /** The base is merged into by a queue. */
  hasQueue: boolean;
  /** By the tip of the journal whose newest entry carries them. */
  readonly attachments: Map<Oid, Readonly<Record<string, string>>>;
  readonly records: Map<string, HostRecord>;
  /** What every read of the refs could have shown, oldest first. */
  readonly views: { readonly at: number; readonly view: RefsView }[];
}

export interface RemoteComment {
  readonly author: string;
  readonly key: string;
  body: string;
}

export interface RemotePull {
  readonly number: number;
  /** Name of the head branch. */
  readonly head: string;
  readonly base: string;
  headSha: Oid;
  title: string;
  body: string;
  state: 'open' | 'closed';
  mergeCommit: Oid | null;
  /** What its checks say; a new head has none yet. */
  checks: PullDetails['checks'];
  readonly reviews: PullReview[];
  /** Where it stands with the merge queue. */
  queue: QueueSight;
  /** Who merged it, `engine` or a person; null until then. */
  mergedBy: string | null;
}

/** The name of every base branch. */
export const BASE = 'refs/heads/main';

export function createRemote(repo: string, objects: Objects): Remote {
  const first = objects.commit({ files: FIRST_FILES, parents: [], by: 'alice' });
  return {
    repo,
    issues: new Map(),
    wishes: new Map(),
    comments: new Map(),
    pulls: new Map(),
    branches: new Map([[BASE, first.oid]]),
    journals: new Map(),
    archive: new Map(),
    hasChecks: false,
    hasQueue: false,
    attachments: new Map(),
    records: new Map(),
    views: [{ at: 0, view: { journals: [], hosts: [] } }],
  };
}

/** Adds an open issue that agents may take. */
export function addIssue(
  remote: Remote,
  wish: Wish,
  { at, ...facts }: { readonly at: number } & Partial<Issue>,
): Issue {
  const number = numberAfter(remote);
  const issue: Issue = {
    number,
    title: `Issue ${number}`,
    state: 'open',
    stateReason: null,
    labels: ['ready-for-agent'],
    body: `Wants ${wish}.`,
    author: 'alice',
    lastEditor: null,
    createdAt: isoOf(at),
    updatedAt: isoOf(at),
    blockedBy: [],
    parent: null,
    comments: [],
    ...facts,
  };
  remote.issues.set(number, { states: [{ at, version: 1, issue }] });
  remote.wishes.set(number, wish);
  return issue;
}

/** Issues and pull requests share their numbers. */
export const numberAfter = ({ issues, pulls }: Remote) => Math.max(0, ...issues.keys(), ...pulls.keys()) + 1;

/** The issue number of a ref `refs/harness/<folder>/<n>`; null for any other. */
export function issueOf(ref: string, folder: 'issues' | 'wip'): number | null {
  const number = new RegExp(`^refs/harness/${folder}/(\\d+)$`).exec(ref)?.[1];
  return number === undefined ? null : Number(number);
}

/** The issue number of a branch `issue/<n>`; null for any other. */
export function issueOfBranch(branch: string): number | null {
  const number = /(?:^|\/)issue\/(\d+)$/.exec(branch)?.[1];
  return number === undefined ? null : Number(number);
}
