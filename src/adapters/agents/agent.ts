import type { SessionPlan } from '../../ports.ts';

/** A kind of agent program: how it is started. */
export interface Agent {
  readonly name: string;
  /** Throws `config-invalid` when the settings name no program. */
  launch(context: AgentContext): AgentLaunch;
}

export interface AgentContext {
  readonly plan: SessionPlan;
  /** Path of the file with the prompt. */
  readonly prompt: string;
}

export interface AgentLaunch {
  /** The program and its arguments; no shell is involved. */
  readonly argv: readonly [string, ...string[]];
  /** On top of what every agent gets. */
  readonly env: Readonly<Record<string, string>>;
  /** Path of the file that is its standard input; null for an empty one. */
  readonly stdin: string | null;
}
