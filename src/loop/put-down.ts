import { messageOf } from '../errors.ts';
import type { Session } from '../ports.ts';
import type { Engine } from './engine.ts';

/** How long live sessions still have. */
export interface Grace {
  /** `pause`: they are to make room as soon as they can. `stop`: they may finish first. */
  readonly for: 'pause' | 'stop';
  /** Milliseconds until they are ended; 0 or less when that is due. */
  readonly leftMs: number;
}

/** Brings the sessions of a unit to their end, so that the attempt of each can be ended with what it has. */
export type PutDown = (unit: string, grace: Grace) => Promise<void>;

// Enough for an agent to commit and to write a page, and no time in which it could do much else.
const HANDOFF_MS = 60_000;

// Agents keep a handoff as they go, so that one alone does not tell that somebody has asked for it. What another process
// asked is not known here: then an agent that left early has ended without an outcome.
const askedBy = new WeakMap<Engine, ReadonlySet<string>>();

/** Whether this process has asked a session to make room. */
export const wasAsked = (engine: Engine, { plan }: Session): boolean =>
  askedBy.get(engine)?.has(plan.nonce) ?? false;

/**
 * Asks each session once for a handoff: at once for a pause, late in the grace period for a stop. Whatever still runs
 * when the time is up is ended, whether it has answered or not.
 */
export function createPutDown(engine: Engine): PutDown {
  const { sessions, log } = engine;
  const asked = new Set<string>();
  askedBy.set(engine, asked);

  const ask = async ({ plan }: Session, { for: what }: Grace) => {
    const answer = await sessions.checkpoint(plan.name);
    log.info(`asked ${plan.name} for a handoff: ${answer}`, { repo: plan.repo });
    // What can't be asked would only use up the time: SIGTERM is all that it understands.
    if (answer === 'unsupported' && what === 'pause') await sessions.end(plan.name, 'stopped');
  };

  return async (unit, grace) => {
    const all = await sessions.list();
    const live = all.filter(
      ({ plan, state }) => plan.unit === unit && (state === 'starting' || state === 'running'),
    );
    if (grace.leftMs <= 0) {
      await Promise.all(live.map(({ plan }) => sessions.end(plan.name, 'stopped')));
      return;
    }
    if (grace.for === 'stop' && grace.leftMs > HANDOFF_MS) return;
    for (const session of live.filter(({ plan, state }) => state === 'running' && !asked.has(plan.nonce))) {
      asked.add(session.plan.nonce);
      // Not waited for: an agent may take minutes to look up, or never do.
      ask(session, grace).catch((error: unknown) => log.warn(`${session.plan.name}: ${messageOf(error)}`));
    }
  };
}
