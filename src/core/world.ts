import type { GateVerdict } from './contracts.ts';

/**
 * Everything that a decision depends on, as plain data. `docs/world.md` describes the file; `world-file.ts`
 * parses it. Repositories are keyed by `owner/name` as written; they compare without case.
 */
export interface World {
  readonly version: 1;
  /** ISO 8601. */
  readonly now: string;
  /** The authenticated login; empty means unknown, and then nobody is trusted by default. */
  readonly login: string;
  /** `HARNESS_*` keys as text; a key left out has its default. */
  readonly config: Readonly<Record<string, string>>;
  readonly targets: readonly Target[];
  /** SHA-256 of the file HARNESS_SPEC names; null when there is none. */
  readonly specHash: string | null;
  readonly repos: Readonly<Record<string, RepoState>>;
  /** US dollars that all fleets spent since midnight (UTC), as far as it is known; null when nothing is. */
  readonly spentToday: number | null;
  /** State of references that no repository here covers, by `owner/repo#n`; absent means unknown. */
  readonly references: Readonly<Record<string, ReferenceState>>;
  readonly leases: readonly LeaseState[];
  readonly host: HostState;
  /** Decide for this unit only; null means all. */
  readonly unit: string | null;
  readonly lane: Lane;
}

export type Lane = 'pool' | 'bugs';

/** A row of targets.tsv: one unit of a `multi` fleet. */
export interface Target {
  readonly id: string;
  readonly repo: string;
  readonly deps: readonly string[];
  readonly description: string;
}

export type ReadState = 'fresh' | 'stale' | 'missing' | 'failed';

export type ReferenceState =
  | 'open'
  | 'closed'
  | 'not_planned'
  | 'duplicate'
  | 'merged'
  | 'missing'
  | 'unknown';

export interface RepoState {
  readonly read: ReadState;
  readonly issues: readonly Issue[];
  readonly plan: PlanState;
  /** As `World.specHash`, for this repository; left out: the world's. */
  readonly specHash?: string | null | undefined;
  /** Why the WORKFLOW.md of the default branch can't be used; null when it can, or there is none. */
  readonly workflow: string | null;
  /** Checks of the default branch. */
  readonly ci: 'pass' | 'fail' | 'unknown';
  readonly branches: readonly Branch[];
  readonly pulls: readonly Pull[];
}

export type StateReason = 'completed' | 'not_planned' | 'duplicate' | 'reopened';

export interface Issue {
  readonly number: number;
  readonly title: string;
  readonly state: 'open' | 'closed';
  readonly stateReason: StateReason | null;
  readonly labels: readonly string[];
  readonly body: string;
  /** Login; empty means nobody. */
  readonly author: string;
  /** Login of whoever edited the body last; null when nobody did or it is not known. */
  readonly lastEditor: string | null;
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
  /** GitHub's own dependencies, `owner/repo#n`. */
  readonly blockedBy: readonly string[];
  /** GitHub's own parent issue, `owner/repo#n`. */
  readonly parent: string | null;
  readonly comments: readonly Comment[];
}

export interface Comment {
  readonly author: string;
  readonly body: string;
  readonly createdAt: string | null;
}

export interface PlanState {
  /** There is a PLAN.md on the default branch. */
  readonly exists: boolean;
  /** `spec_hash` of docs/harness/plan-complete.json. */
  readonly markerHash: string | null;
  /** Numbers of the PRDs that came from this PLAN.md. */
  readonly prds: readonly number[];
}

export interface Branch {
  readonly name: string;
  readonly head: string;
}

export interface Pull {
  readonly number: number;
  /** Name of the head branch. */
  readonly head: string;
  readonly headSha: string;
  /** Name of the base branch. */
  readonly base: string;
  readonly state: 'open' | 'closed';
  readonly merged: boolean;
  readonly checks: 'pass' | 'fail' | 'pending' | 'unknown';
  readonly review: 'approved' | 'changes_requested' | 'required' | 'none';
  /** Numbers of the issues that merging it closes. */
  readonly closes: readonly number[];
}

export interface LeaseState {
  readonly scope: 'issue' | 'stage' | 'landing';
  readonly repo: string;
  readonly issue: number | null;
  /** `me` is this fleet; empty is nobody (the lease was released); anything else is somebody else. */
  readonly holder: string;
  readonly live: boolean;
  /** Sessions so far, over all hosts. */
  readonly attempts: number;
  /** Signatures of the failures since the last success, oldest first. */
  readonly failures: readonly string[];
  /** ISO 8601: no new attempt before this time. */
  readonly notBefore: string | null;
  /** US dollars since the last success or a person's retry; null is unknown. */
  readonly spend: number | null;
  /** Minutes that agents worked on it since then; null is unknown. */
  readonly minutes: number | null;
  readonly breaker: 'closed' | 'open' | 'half-open';
  /** ISO 8601: when an open breaker lets a probe through. */
  readonly breakerUntil: string | null;
  /** What its agent asks, or asked at last; null when nothing waits for an answer. */
  readonly question: string | null;
  /** The head that an interrupted landing had pushed, a name where it has none; null when none is under way. */
  readonly landing: string | null;
  /** PRDs: numbers of the issues that were planned anew, once each. */
  readonly replanned: readonly number[];
  /** PRDs: its last review prepared a comparison with a reference, and nobody has judged it yet. */
  readonly contest: boolean;
  /** What its change waits for since its pull request is open: checks, a person; null when it waits for nothing. */
  readonly waits: string | null;
  /** That is the review of an agent, and nobody has begun it. */
  readonly review?: boolean;
  /** What the gates said of its change: of one under way as they stand now, else of the last that ended. */
  readonly gates?: readonly ChangeGate[];
}

/** One gate's word on a change. */
export type ChangeGate = Pick<GateVerdict, 'gate' | 'verdict' | 'reason'>;

export interface HostState {
  readonly paused: boolean;
  readonly capabilities: readonly string[];
  /** Ids of the units that live workers of this fleet have claimed. */
  readonly claims: readonly string[];
  readonly sessions: readonly SessionState[];
  /** This fleet's agents whose breakers are not closed. */
  readonly agents: readonly AgentState[];
}

/** An agent that could not log in, pay, or go beyond a usage limit. */
export interface AgentState {
  /** Program and model: `claude`, `codex/gpt-small`. */
  readonly profile: string;
  /** `half-open`: one session of it may start. */
  readonly breaker: 'open' | 'half-open';
  /** ISO 8601: when an open one is half open; null when that is not known. */
  readonly until: string | null;
  /** For people, one line. */
  readonly reason: string;
}

export type StageKind =
  | 'PLAN'
  | 'PRD'
  | 'DECOMPOSE'
  | 'IMPL'
  | 'REVIEW'
  | 'JUDGE'
  | 'REPLAN'
  | 'TRIAGE'
  | 'FIX'
  | 'INJECT';

/** A live agent session of this fleet, or one that ended with an outcome that is still being landed. */
export interface SessionState {
  readonly kind: StageKind;
  /** It reviews the change that another session has made for the issue. */
  readonly ofChange?: boolean;
  readonly repo: string;
  readonly issue: number | null;
  readonly startedAt: string | null;
  readonly lastActivityAt: string | null;
  /** The outcome's status; null while the agent works. */
  readonly outcome: string | null;
  /** US dollars so far; null is unknown. */
  readonly spend: number | null;
  /** What it waits to hear from a person; null when it does not wait. */
  readonly question: string | null;
}
