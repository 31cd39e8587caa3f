import type { Failure } from '../core/contracts.ts';
import { endOfSession } from '../core/session-end.ts';
import type { Session } from '../ports.ts';

/**
 * Why an attempt without a valid outcome ended, as its adapter could tell from structured evidence. null: there is
 * no trace of its session.
 */
export function classifyEnd(session: Session | null): Failure {
  const { failure, resetsAt } = session?.end ?? NO_TRACE;
  // A landing failed, or the engine put it down, after it had left a valid outcome.
  if (failure === null) return classifyEnd(null);
  return resetsAt === null ? failure : { ...failure, resetsAt };
}

const NO_TRACE = endOfSession({
  exit: null,
  outcome: { kind: 'missing' },
  problem: null,
  question: null,
});
