import { join } from 'node:path';
import type { AgentName } from '../../core/agent-settings.ts';
import type { AgentProblem } from '../../core/session-end.ts';
import type { AgentUsage, Conversation, SessionPlan } from '../../ports.ts';

/**
 * A kind of agent program. What is asked of it after its start goes through files: its hooks take prompts
 * and checkpoints from a tray, and a reader makes a report of what it prints.
 */
export interface Agent {
  readonly name: AgentName;
  /** How to start it. Throws `config-invalid` when the settings name no program. */
  launch(context: AgentContext): AgentLaunch;
}

export interface AgentContext {
  readonly plan: SessionPlan;
  /** Path of the file with the prompt. */
  readonly prompt: string;
  /** The prompt itself. */
  readonly text: string;
  /** A directory of this session for files that its agent may read and write. */
  readonly dir: string;
  /** A command line for a shell that tells our hook of an event. */
  readonly hook: HookCommands;
  readonly resume: Conversation | null;
  /** It is started in a sandbox of ours. */
  readonly isSandboxed: boolean;
}

/** Command lines for the hooks of an agent, quoted for a shell. */
export interface HookCommands {
  /** For every event: starts the hook. */
  readonly always: string;
  /** For events that come with every tool: starts the hook only when a prompt waits in the tray. */
  readonly whenPrompted: string;
  /** For what a program tells very often: starts no hook, and keeps the last word only, in `countsFile`. */
  readonly onCount: string;
}

/** Where `HookCommands.onCount` keeps what it was told last, in the session's directory. */
export const countsFile = (dir: string) => join(dir, 'counts.json');

export interface AgentLaunch {
  /** The program and its arguments; no shell is involved. */
  readonly argv: readonly [string, ...string[]];
  /** On top of what every agent gets. */
  readonly env: Readonly<Record<string, string>>;
  /** Names of variables of ours that it needs to log in; they pass besides HARNESS_PASS_ENV. */
  readonly credentials: readonly string[];
  /** Path of the file that is its standard input; null for an empty one. */
  readonly stdin: string | null;
  /** It may ask a person; else its questions are refused at once. */
  readonly mayAsk: boolean;
  /** The pane is its terminal. */
  readonly ownsTerminal: boolean;
  /** Files that have to be there when it starts, by their absolute path. */
  readonly files: Readonly<Record<string, string>>;
  /** The transcript of an earlier session to go on with, and where this agent looks for it. */
  readonly transcript: { readonly from: string; readonly to: string } | null;
  /** Directories of the user in which it keeps its transcripts; none when they are in that of the session. */
  readonly transcriptDirs: readonly string[];
  /** Paths of JSON files in which it keeps count of what it uses. */
  readonly counts: readonly string[];
  /** Further paths that it has to read, and to write, in a sandbox. */
  readonly readable: readonly string[];
  readonly writable: readonly string[];
}

/** What an agent told so far. It is one of the two sources of how a session ended; the other is its exit. */
export interface AgentReport {
  /** Its own version. */
  readonly version: string | null;
  readonly conversation: string | null;
  /** Path of the transcript that the program keeps. */
  readonly transcript: string | null;
  /** It has taken up a prompt. */
  readonly hasBegun: boolean;
  /** Its turn is over and nothing of it works in the background. */
  readonly isDone: boolean;
  /** One of its tools runs: silence means nothing. */
  readonly isInTool: boolean;
  readonly problem: AgentProblem | null;
  readonly question: string | null;
  readonly usage: AgentUsage;
}

/** Follows what one agent prints and what its hooks tell. */
export interface AgentReader {
  /** Takes one row of the program's stream, or of its transcript; returns lines that show it to people. */
  readRow(row: Row): readonly string[];
  /** Takes one event that a hook has noted. */
  readEvent(event: HookEvent): readonly string[];
  /** Takes the text of a file in which the program keeps count. */
  readCount(count: Row): void;
  /** Takes one row of the transcript of a subagent: it counts for what was used, and for nothing else. */
  readSubagent(row: Row): void;
  report(): AgentReport;
}

/** One JSON object of an agent's stream: whatever the program says, so nothing in it is certain. */
export type Row = Readonly<Record<string, unknown>>;

/** A line of `events.jsonl`: what the program told its hook, and what the hook made of it. */
export interface HookEvent {
  readonly at: string;
  readonly name: string;
  readonly payload: Row;
  /** What a Stop was answered; null for all other events. */
  readonly verdict: 'end' | 'go-on' | 'wait' | null;
}

/** Nothing is known of what was used. */
export const UNKNOWN_USAGE: AgentUsage = {
  requests: null,
  tokens: null,
  costUsd: null,
  activeSeconds: null,
};
