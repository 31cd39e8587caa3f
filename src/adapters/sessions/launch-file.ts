import type { SessionRecord } from './session-files.ts';

/** `launch.json`: all that the session host has to know. */
export interface LaunchFile {
  readonly runDir: string;
  readonly record: SessionRecord;
  /** For people, the pane's first line. */
  readonly headline: string;
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Path of the agent's standard input; null for an empty one. */
  readonly stdin: string | null;
  readonly log: string;
  /** Size that the log may reach, in bytes. */
  readonly logCap: number;
  /** Values that must not be kept in the log. */
  readonly secrets: readonly string[];
  readonly limitMs: number;
  /** Time between SIGTERM and SIGKILL. */
  readonly graceMs: number;
}
