import type { Identity } from '../../ports.ts';
import type { Agent } from '../agents/agent.ts';
import type { Environment } from '../child-env.ts';
import type { Tmux } from '../tmux.ts';

/** What the sessions of a fleet are made with. */
export interface SessionsOptions {
  readonly runDir: string;
  readonly tmux: Tmux;
  readonly agent: Agent;
  /** Path of the bundled `session-host.js`. */
  readonly sessionHost: string;
  /** This process's environment, of which agents get what `childEnv` lets pass. */
  readonly env: Environment;
  /** The names in HARNESS_PASS_ENV. */
  readonly pass: readonly string[];
  /** Author of the agents' commits. */
  readonly identity: Identity;
  /** Time that one session may take: HARNESS_MAX_MINUTES in milliseconds. */
  readonly limitMs: number;
  /** Time that an agent gets between SIGTERM and SIGKILL. */
  readonly graceMs: number;
  /** Size that the log of one session may reach, in bytes. */
  readonly logCap: number;
}
