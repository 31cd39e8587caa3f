import type { WorkSize } from '../../core/agent-choice.ts';
import type { StageKind } from '../../core/world.ts';
import type { Identity } from '../../ports.ts';
import type { Agent } from '../agents/agent.ts';
import type { Environment } from '../child-env.ts';
import type { Enclosure } from '../enclosure.ts';
import type { Tmux } from '../tmux.ts';

/** What the sessions of a fleet are made with. */
export interface SessionsOptions {
  readonly runDir: string;
  readonly tmux: Tmux;
  /** The agent of a stage, for work of a size. Throws `config-invalid` when the settings name none that can be started. */
  readonly agentFor: (kind: StageKind, size: WorkSize | null) => Agent;
  /** What agents run in; null: nothing holds them. Throws `tool-missing` when the settings ask for more. */
  readonly enclosure: () => Promise<Enclosure | null>;
  /** Path of the bundled `session-host.js`. */
  readonly sessionHost: string;
  /** Path of the bundled `hook.js`. */
  readonly hook: string;
  /** This process's environment, of which agents get what `childEnv` lets pass. */
  readonly env: Environment;
  /** The names in HARNESS_PASS_ENV. */
  readonly pass: readonly string[];
  /** Author of the agents' commits. */
  readonly identity: Identity;
  /** Time that one session may take, in milliseconds; infinite: as long as it wants. */
  readonly limitMs: number;
  /** Silence after which an agent counts as stalled, in milliseconds; 0: never. */
  readonly stallMs: number;
  /** Silence in which an agent in a terminal should have taken up its prompt, in milliseconds. */
  readonly beginMs: number;
  /** How often an agent may be told that its outcome is not valid. */
  readonly repairTurns: number;
  /** Time that an agent has to take a prompt, in milliseconds. */
  readonly deliverMs: number;
  /** Time that an agent gets between SIGTERM and SIGKILL. */
  readonly graceMs: number;
  /** Size that the log of one session may reach, in bytes. */
  readonly logCap: number;
  /** Size that the logs and transcripts of all sessions may reach together, in bytes; infinite: any. */
  readonly logsCap: number;
}

/** What the start of an agent takes of them. */
export type LaunchOptions = Omit<SessionsOptions, 'tmux' | 'sessionHost' | 'deliverMs' | 'logsCap'>;
