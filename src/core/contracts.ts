import type { ModelTokens } from './usage.ts';

/**
 * The records that leave this process, version 1. `src/contracts.ts` validates them with zod; a record of a
 * newer version is held, never overwritten.
 */

export type OutcomeStatus = 'done' | 'nothing-to-do' | 'blocked' | 'failed';

/** What an agent leaves when it stops: at most 256 KB of JSON in the file that HARNESS_OUTCOME names. */
export interface Outcome {
  readonly version: 1;
  /** Proves that the file belongs to this attempt: the value of HARNESS_NONCE. */
  readonly nonce: string;
  readonly repo: string;
  readonly issue: number;
  readonly status: OutcomeStatus;
  readonly summary: string;
  readonly criteria: readonly { readonly id: string; readonly evidence: string }[];
  readonly blockers: readonly string[];
  readonly question?: string | undefined;
  readonly discoveries: readonly string[];
  /** What became of each point that a reviewer of an earlier attempt made. */
  readonly answers?: readonly PointAnswer[] | undefined;
  readonly proposal?: unknown;
}

/** What an attempt says to a reviewer's point. */
export interface PointAnswer {
  /** Id of the point. */
  readonly id: string;
  readonly answer: 'fix' | 'skip';
  readonly reason: string;
}

/** What a reviewer leaves: its word on each criterion of the issue, for one head alone. */
export interface Review {
  readonly version: 1;
  /** As in an outcome: the file belongs to this review session. */
  readonly nonce: string;
  readonly repo: string;
  readonly issue: number;
  /** The commit that was looked at, in full. */
  readonly sha: string;
  readonly summary: string;
  readonly criteria: readonly {
    readonly id: string;
    readonly verdict: 'pass' | 'fail' | 'unclear';
    readonly evidence: string;
  }[];
  readonly findings: readonly ReviewFinding[];
  /** Weakened checks that the change has good reason for, by the ids that the engine gave them. */
  readonly accepts: readonly { readonly id: string; readonly reason: string }[];
}

/** Something that a reviewer found; `must` stops the change, `may` is for whoever goes on. */
export interface ReviewFinding {
  /** Unique in the review, so that the next attempt can answer it. */
  readonly id: string;
  readonly weight: 'must' | 'may';
  readonly path: string | null;
  readonly line: number | null;
  readonly message: string;
}

/** Something that the next attempt has to answer: a criterion that is not met, or a finding. */
export interface ReviewPoint {
  readonly id: string;
  readonly text: string;
}

/** What came of a session that reviewed a head. */
export interface ReviewRecord {
  /** Names the session, so that its word is written down once. */
  readonly nonce: string;
  /** Program and model of the reviewer. */
  readonly by: string;
  /** `none`: it left no verdict that counts. */
  readonly verdict: 'pass' | 'fail' | 'none';
  /** For people, one line. */
  readonly reason: string;
  readonly points: readonly ReviewPoint[];
  /** Ids of the weakened checks that it accepts. */
  readonly accepts: readonly string[];
}

/** Why an attempt failed; decides how the next one is delayed and what its prompt says. */
export type FailureClass =
  | 'outcome-invalid'
  | 'no-outcome'
  | 'blocked'
  | 'gave-up'
  /** What it proposed can't be made real as it stands. */
  | 'proposal'
  | 'substance'
  | 'verify'
  | 'conflict'
  /** It changes what is protected. */
  | 'scope'
  /** It holds a secret, or what could not be searched for one. */
  | 'secrets'
  /** Nobody accepted that it deletes tests or changes what defines the check. */
  | 'weakened'
  /** Checks of GitHub failed on its head. */
  | 'checks'
  /** The code review did not accept it. */
  | 'review'
  | 'refused'
  | 'timeout'
  | 'killed'
  | 'agent-crash'
  /** No sign of life for HARNESS_STALL_MINUTES. */
  | 'stalled'
  /** A usage or rate limit of the model's provider; the attempt could not help it. */
  | 'quota'
  /** The program is not logged in, or its key is refused. */
  | 'authentication'
  /** The account has no credit. */
  | 'billing'
  /** The model's provider failed, and went on failing. */
  | 'api'
  /** It waited for a person until its time was up. */
  | 'question'
  /** The host, the tmux server or the engine went away under it; never the agent's fault. */
  | 'interrupted'
  /** The issue's budget, or the day's, was used up while it ran. */
  | 'budget'
  /** The issue changed, closed or was given up while it ran. */
  | 'cancelled'
  | 'engine';

export interface Failure {
  readonly class: FailureClass;
  /** The same text for the same fault, so that repetition can be seen. */
  readonly signature: string;
  /** For people, one line. */
  readonly message: string;
  /** When the usage limit that it ran into is lifted, ISO 8601. */
  readonly resetsAt?: string | undefined;
}

/** The verdict of one named check that must hold before the engine makes something public. */
export interface GateVerdict {
  readonly gate: string;
  readonly verdict: 'pass' | 'fail' | 'unknown' | 'skipped';
  readonly reason: string;
  /** Ids of what a word is needed for. */
  readonly evidence?: readonly string[] | undefined;
}

/** GitHub does not merge a change with which nothing is wrong: something else is missing. */
export interface MergeRefusal {
  /** For people, in GitHub's words. */
  readonly reason: string;
  /** `person`: only somebody who changes rules or settings can lift it; `word`: nothing but a person's word does. */
  readonly needs: 'others' | 'person' | 'word';
  /** What was seen of the pull request then; once that is something else it is tried again. */
  readonly seen: string;
  /** ISO 8601: when it was refused first, and last. */
  readonly since: string;
  readonly at: string;
}

/** That a head was put into the merge queue of its base, or was about to be. */
export interface QueueMark {
  /** Names the last time before that the pull request left one; null: it never had. */
  readonly left: string | null;
  /** What checks and people said of it then. */
  readonly gates: readonly GateVerdict[];
}

/** What an attempt used. `null` is unknown, never zero. */
export interface Usage {
  /** Wall time from the claim to the receipt. */
  readonly seconds: number | null;
  /** US dollars, as the program reported them or as HARNESS_PRICES gives them. */
  readonly costUsd: number | null;
  /** Wall time of the agent's session. */
  readonly agentSeconds: number | null;
  /** Time in which the agent worked, as the program tells. */
  readonly activeSeconds: number | null;
  /** Answers of the model. */
  readonly requests: number | null;
  readonly tokens: readonly ModelTokens[] | null;
}

/**
 * `question` is what a live agent waits to hear, or that it waits no more; `answer` is a person's, for the next
 * attempt; `review` is what a reviewer's session came to; `approve` is a person's word for the head that it names; `retry` is a person's word: earlier failures and
 * costs no longer count.
 */
export type JournalOp =
  | 'claim'
  | 'takeover'
  | 'question'
  | 'landing'
  | 'review'
  | 'checkpoint'
  | 'receipt'
  | 'release'
  | 'approve'
  | 'answer'
  | 'retry';

/** One commit of the chain behind `refs/harness/issues/<n>`; the message is this as one line of JSON. */
export interface JournalEntry {
  readonly v: 1;
  readonly op: JournalOp;
  /** Grows by one with every claim or takeover: the fencing token. */
  readonly epoch: number;
  /** Grows by one with every entry. */
  readonly seq: number;
  /** Makes each commit unique: a push of a commit that is already there is no fence. */
  readonly nonce: string;
  /** When it was written, ISO 8601 by the writer's clock. For people and back-off, never for liveness. */
  readonly at: string;
  readonly fleet: string;
  readonly host: string;
  readonly boot: string;
  readonly worker: string;
  /** Counts the sessions on this issue over all hosts, from 1. */
  readonly attempt: number;
  /** The nonce of the attempt: names its session on the host that ran it. */
  readonly session: string;
  readonly kind: string;
  /** Program and model that the attempt runs with, such as `claude/opus`. */
  readonly profile?: string | undefined;
  readonly policyDigest: string;
  /** SHA-256 of the issue's title and body as the prompt was rendered from. */
  readonly bodyHash: string;
  readonly base: string | null;
  readonly head: string | null;
  readonly gates: readonly GateVerdict[];
  readonly usage: Usage | null;
  readonly failure?: Failure | undefined;
  /** Of landed work, in its receipt or when the base was pushed: the pull request, and the commit that it became. */
  readonly landed?: { readonly pull: number; readonly commit: string } | undefined;
  /** Receipts and reviews: the name of the session's log, in `.harness/run/logs/` of the host that ran it. */
  readonly log?: string | undefined;
  /** Beside the log: the name of the conversation's transcript. */
  readonly transcript?: string | undefined;
  /** Receipts: what the attempt found out that may help others, few short lines in an agent's own words. */
  readonly discoveries?: readonly string[] | undefined;
  /** Landings that a reviewer looks at: what identifies the change over rebases. */
  readonly patchId?: string | undefined;
  /** Landings: what the attempt says to the points of earlier reviews. */
  readonly answers?: readonly PointAnswer[] | undefined;
  readonly review?: ReviewRecord | undefined;
  /** Landings: GitHub would not merge this head. */
  readonly refusal?: MergeRefusal | undefined;
  /** Landings: the engine put this head into the base's merge queue. */
  readonly queued?: QueueMark | undefined;
  /** Whose word an `approve` is: a login. */
  readonly by?: string | undefined;
  /** What a `question` asks (left out: nothing any more), and what an `answer` answers. */
  readonly question?: string | undefined;
  readonly answer?: string | undefined;
}

/** What a person needs to judge a change: in the body of its pull request, and with `harness packet`. */
export interface Packet {
  readonly v: 1;
  /** null: a change of the unit as a whole. */
  readonly issue: number | null;
  readonly title: string;
  readonly attempt: number;
  /** Program and model, `claude/opus`; null when nobody wrote it down. */
  readonly profile: string | null;
  /** SHA-256 of the issue's text that the agent was given. */
  readonly promptDigest: string;
  readonly base: string;
  readonly head: string;
  /** The merge that was verified; null when none was. */
  readonly tree: string | null;
  /** The agent's own words; null when its session is gone. */
  readonly summary: string | null;
  readonly criteria: Outcome['criteria'];
  readonly gates: readonly GateVerdict[];
  /** Tests that the change touches. */
  readonly tests: readonly string[];
  /** Paths that steer checks, agents or CI. */
  readonly risks: readonly string[];
  readonly usage: Usage | null;
}
