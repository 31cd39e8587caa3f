import type { AgentName } from '../../core/agent-settings.ts';
import type { AgentUsage } from '../../ports.ts';
import type { SessionRecord } from './session-files.ts';

/** `launch.json`: all that the session host has to know. */
export interface LaunchFile {
  readonly runDir: string;
  readonly record: SessionRecord;
  /** For people, the pane's first line. */
  readonly headline: string;
  readonly agent: AgentName;
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Path of the agent's standard input; null for an empty one. */
  readonly stdin: string | null;
  /** The agent has the pane as its terminal. */
  readonly ownsTerminal: boolean;
  /** Files of the session that its agent needs, by absolute path. */
  readonly files: Readonly<Record<string, string>>;
  /** What a conversation that goes on had used. */
  readonly usedBefore: AgentUsage;
  /** Bytes that the transcript has of an earlier session. */
  readonly transcriptStart: number;
  /** Directories in which its transcript may be. */
  readonly transcriptDirs: readonly string[];
  /** Paths of files in which the agent keeps count of what it uses. */
  readonly counts: readonly string[];
  readonly log: string;
  /** Size that the log may reach, in bytes. */
  readonly logCap: number;
  /** Values that must not be kept in the log. */
  readonly secrets: readonly string[];
  /** Time that it may take; null: as long as it wants. */
  readonly limitMs: number | null;
  /** Silence after which the agent counts as stalled; 0: never. */
  readonly stallMs: number;
  /** Silence in which an agent in a terminal should have taken up its prompt. */
  readonly beginMs: number;
  /** Time between SIGTERM and SIGKILL. */
  readonly graceMs: number;
}
