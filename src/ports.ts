import type { Board } from './ports/board.ts';
import type { Clock, Commands, Host, Log } from './ports/host.ts';
import type { Refs } from './ports/refs.ts';
import type { Repos } from './ports/repos.ts';
import type { Sessions } from './ports/sessions.ts';

/**
 * Every effect of the engine. The loop and the landing know the outside only through these, so that the
 * simulator can stand in for all of it. All failures are `HarnessError`s; an expected outcome (a lost race,
 * a refused merge) is a value.
 */
export interface Ports {
  readonly board: Board;
  readonly refs: Refs;
  readonly repos: Repos;
  readonly sessions: Sessions;
  readonly commands: Commands;
  readonly host: Host;
  readonly clock: Clock;
  readonly log: Log;
}

export type { GateVerdict } from './core/contracts.ts';
export type { AgentUsage, ModelTokens } from './core/usage.ts';
export type * from './ports/board.ts';
export type * from './ports/checkout.ts';
export type * from './ports/host.ts';
export type * from './ports/merge-queue.ts';
export type * from './ports/oid.ts';
export type * from './ports/refs.ts';
export type * from './ports/repos.ts';
export type * from './ports/sessions.ts';
