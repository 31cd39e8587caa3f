import { setTimeout as pause } from 'node:timers/promises';
import type { Project } from '../context.ts';
import type { Engine } from '../loop/engine.ts';
import { putDownFleet } from '../loop/worker.ts';
import type { Session } from '../ports.ts';
import { type SavedWork, savedWorkOf } from './saved-work.ts';

// After the grace period sessions are ended and their work is pushed; a landing takes as long as its verification.
const SETTLE_MS = 60_000;
const LOOK_MS = 100;
// With a look at the journals.
const LANDING_LOOK_MS = 1_000;

/**
 * Waits until this host has no session any more but those whose landing waits for checks or people, and returns all
 * that it saw. The workers bring them to their end; where none lives that is done here.
 */
export async function untilPutDown(
  project: Project,
  engine: Engine,
  { deadline, signal }: { readonly deadline: number; readonly signal: AbortSignal },
): Promise<readonly Session[]> {
  const seen = new Map<string, Session>();
  for (;;) {
    const here = await engine.sessions.list();
    for (const session of here) seen.set(session.plan.nonce, session);
    const isOurs = here.length > 0 && aliveWorkers(project).length === 0;
    if (isOurs) await putDownFleet(engine, () => deadline - Date.now());
    const left = isOurs ? await engine.sessions.list() : here;
    const isDue = left.length === 0 || signal.aborted || Date.now() > deadline + SETTLE_MS;
    const haveEnded = left.every(({ state }) => state !== 'starting' && state !== 'running');
    if (isDue || (haveEnded && (await allWait(engine, left)))) return [...seen.values()];
    await pause(haveEnded ? LANDING_LOOK_MS : LOOK_MS);
  }
}

const allWait = async (engine: Engine, sessions: readonly Session[]) =>
  (await savedWorkOf(engine, sessions)).every(({ state }) => state === 'waiting');

/**
 * How such a wait ended, by the names of exit codes. `failed`: the time was up before all was settled. `interrupted`:
 * a person stopped waiting before it was.
 */
export function endOfWait(saved: readonly SavedWork[], signal: AbortSignal): 'ok' | 'failed' | 'interrupted' {
  if (saved.every(({ state }) => state !== 'open')) return 'ok';
  return signal.aborted ? 'interrupted' : 'failed';
}

/** Living workers of this fleet. */
export const aliveWorkers = ({ workers }: Project) => workers.list().filter(({ isAlive }) => isAlive);
