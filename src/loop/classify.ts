import type { Failure, FailureClass } from '../core/contracts.ts';
import { outcomeGate } from '../landing/gates.ts';
import type { Session } from '../ports.ts';

/** Why an attempt without a valid outcome ended, from structured evidence only. `null`: no trace of its session. */
export function classifyEnd(session: Session | null): Failure {
  if (!session || session.state === 'lost') {
    return failure('interrupted', 'its processes are gone and left no exit status');
  }
  const { exit, outcome } = session;
  switch (exit?.reason) {
    case 'timeout':
      return failure('timeout', 'the agent took longer than HARNESS_MAX_MINUTES');
    case 'stopped':
      return failure('interrupted', 'the fleet was stopped while it worked');
    case 'hangup':
      return failure('interrupted', 'its terminal went away');
    case 'cancelled':
      return failure('cancelled', 'the engine ended it: the issue is no longer ours to work on');
    case 'spawn-failed':
      return failure('engine', 'the agent program could not be started: see HARNESS_AGENT_COMMAND');
    default:
  }
  if (outcome.kind === 'invalid')
    return outcomeGate(outcome).failure ?? failure('outcome-invalid', 'invalid');
  if (exit?.signal) return failure('killed', `the agent was ended by ${exit.signal}`);
  if (exit?.code) return failure('agent-crash', `the agent ended with exit status ${exit.code}`);
  return failure('no-outcome', 'the agent ended without writing an outcome');
}

const failure = (kind: FailureClass, message: string): Failure => ({
  class: kind,
  signature: `${kind}: ${message}`,
  message,
});
