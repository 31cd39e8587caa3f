import type { SessionPlan } from '../ports.ts';
import type { AgentMix } from './agents/behaviours.ts';
import type { Objects } from './git/objects.ts';
import type { Remote } from './github/remote.ts';
import type { Machine } from './machines/machine.ts';
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';
import type { Trace } from './trace.ts';
import type { Watch } from './watch/watch.ts';
import type { Weather } from './weather.ts';

/** All there is in a simulation, seen from outside. */
export interface Universe {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly trace: Trace;
  readonly objects: Objects;
  /** Repositories by name. */
  readonly remotes: ReadonlyMap<string, Remote>;
  readonly machines: readonly Machine[];
  readonly weather: Weather;
  readonly watch: Watch;
  readonly rules: Rules;
  /** How agents behave just now. */
  readonly agents: (plan: SessionPlan) => AgentMix;
  /** What the agents of a stage propose. */
  readonly proposals: (plan: SessionPlan) => unknown;
}

/** The settings that every simulated fleet runs with, as far as the simulation itself must know them. */
export interface Rules {
  readonly leaseTtlMs: number;
  readonly sessionLimitMs: number;
  readonly cap: number;
  /** How long what an agent has written may stay unsaved while nothing is wrong. */
  readonly savedWithinMs: number;
  /** How many times longer than usual an agent takes. */
  readonly agentPace: number;
}

/** The repository of this name. Throws when there is none. */
export function remoteOf({ remotes }: Pick<Universe, 'remotes'>, repo: string): Remote {
  const remote = remotes.get(repo);
  if (!remote) throw new Error(`There is no repository ${repo}.`);
  return remote;
}

/** Names an issue in traces and violations. */
export const subjectOf = (repo: string, issue: number | null) => (issue === null ? null : `${repo}#${issue}`);
