import type { WorkSize } from '../core/agent-choice.ts';
import type { Failure, Outcome, Review } from '../core/contracts.ts';
import type { AgentUsage } from '../core/usage.ts';
import type { StageKind } from '../core/world.ts';
import type { Oid } from './oid.ts';

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
  /** Path of the kept copy of its transcript; null until it has ended, and when there is none. */
  readonly transcript: string | null;
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
    /** It did not take up its prompt. */
    | 'unbegun'
    /** It gave no sign of life for HARNESS_STALL_MINUTES. */
    | 'stalled'
    | EndReason
    | 'hangup'
    | 'spawn-failed';
  /** Of one that had not begun: the line of its screen that says most. */
  readonly screen?: string;
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
