import { decideLanes } from '../core/decide.ts';
import type { Decision } from '../core/decision.ts';
import { messageOf } from '../errors.ts';
import { act, keyOf, type Tick } from './act.ts';
import { archiveFinished } from './archive-journals.ts';
import type { Engine } from './engine.ts';
import type { Flights } from './flights.ts';
import type { Liveness } from './liveness.ts';
import { type ObserveOptions, observe, type Seen } from './observe.ts';
import { tellQuestions } from './questions.ts';
import { dropOldRecords, freeTrains, sweepSessions } from './sweep.ts';
import { tendReviewers } from './tend-reviewers.ts';

/** What one tick saw and decided. */
export interface Reconciled {
  readonly seen: Seen;
  readonly decision: Decision;
}

/** One tick: observe, decide, act. Safe to run at any time, any number of times, on any host. */
export async function reconcile(
  engine: Engine,
  liveness: Liveness,
  flights: Flights,
  options: ObserveOptions,
): Promise<Reconciled> {
  // What is under way is read before the world is: a flight that ends in between is not begun twice.
  const before = new Set(flights.keys());
  const seen = await observe(engine, liveness, options);
  const decision = decideLanes(seen.world);
  const tick: Tick = { engine, seen, flights };
  sweepSessions(tick, before);
  freeTrains(tick);
  archiveFinished(tick);
  dropOldRecords(tick);
  tellQuestions(tick, before);
  tendReviewers(tick, before);
  for (const action of decision.actions) {
    if (before.has(keyOf(action.repo, action.issue))) continue;
    try {
      await act(tick, action);
    } catch (error) {
      engine.log.warn(`${action.kind} ${action.repo}#${action.issue ?? ''}: ${messageOf(error)}`);
    }
  }
  return { seen, decision };
}
