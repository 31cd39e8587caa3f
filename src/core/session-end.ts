import type { Failure, FailureClass } from './contracts.ts';

/** What an agent program told of a failure that was not its own. */
export interface AgentProblem {
  readonly kind: 'quota' | 'authentication' | 'billing' | 'api' | 'agent-crash';
  /** Status of the answer of the model's provider; null when it is not known. */
  readonly status: number | null;
  /** In the program's words. */
  readonly message: string;
  /** When a usage limit is lifted, ISO 8601. */
  readonly resetsAt: string | null;
}

/** The evidence of how a session ended. */
export interface SessionFacts {
  /** null: its processes are gone and left no word. */
  readonly exit: {
    readonly code: number | null;
    readonly signal: string | null;
    readonly reason: string;
    readonly screen?: string;
  } | null;
  readonly outcome: {
    readonly kind: 'missing' | 'invalid' | 'valid';
    readonly problems?: readonly string[];
  };
  /** The last one that the agent told of and did not overcome. */
  readonly problem: AgentProblem | null;
  /** What it was waiting to hear from a person. */
  readonly question: string | null;
}

/**
 * Why a session ended. A valid outcome counts, whatever came after it. What the engine or the host did to the
 * agent comes before what the agent said, and that before the exit status, which some programs set to 0 with
 * an error inside.
 */
export function endOfSession(facts: SessionFacts): {
  readonly failure: Failure | null;
  readonly resetsAt: string | null;
} {
  if (facts.outcome.kind === 'valid') return { failure: null, resetsAt: null };
  const failure = fromOutside(facts) ?? fromAgent(facts) ?? fromOutcome(facts) ?? fromExit(facts);
  return { failure, resetsAt: failure.class === 'quota' ? (facts.problem?.resetsAt ?? null) : null };
}

function fromOutside({ exit, problem, question }: SessionFacts): Failure | null {
  switch (exit?.reason) {
    case undefined:
      return failureOf('interrupted', 'its processes are gone and left no exit status');
    case 'stopped':
      return failureOf('interrupted', 'the fleet was stopped while it worked');
    case 'hangup':
      return failureOf('interrupted', 'its terminal went away');
    case 'budget':
      return failureOf('budget', 'its budget was used up while it worked');
    case 'cancelled':
      return failureOf('cancelled', 'the engine ended it: the issue is no longer ours to work on');
    case 'spawn-failed':
      return failureOf('engine', 'the agent program could not be started: see HARNESS_AGENT');
    case 'unbegun':
      return failureOf(
        'stalled',
        `the agent did not take up its prompt; its screen says: ${exit?.screen ?? 'nothing'}`,
      );
    case 'timeout':
    case 'stalled':
      // What it said last explains why it came no further.
      if (question !== null || problem !== null) return null;
      return exit?.reason === 'timeout'
        ? failureOf('timeout', 'the agent took longer than HARNESS_SESSION_MINUTES')
        : failureOf('stalled', 'the agent gave no sign of life for HARNESS_STALL_MINUTES');
    default:
      return null;
  }
}

function fromAgent({ problem, question }: SessionFacts): Failure | null {
  if (question !== null) {
    const message = `the agent waited for a person: ${question}`;
    return { class: 'question', signature: `question: ${question}`.slice(0, 200), message };
  }
  if (problem === null) return null;
  const { kind, status, message } = problem;
  // The words differ from one time to the next (a time of day, an address), the fault does not.
  return { class: kind, signature: `${kind}: ${status ?? 'no status'}`, message: firstLine(message) };
}

function fromOutcome({ outcome }: SessionFacts): Failure | null {
  if (outcome.kind !== 'invalid') return null;
  return failureOf('outcome-invalid', outcome.problems?.join('; ') ?? 'the outcome is invalid');
}

function fromExit({ exit }: SessionFacts): Failure {
  const { code = null, signal = null, reason } = exit ?? {};
  if (reason === 'finished') return NO_OUTCOME;
  // A sandbox hands on a signal as a status, as shells do.
  if (signal !== null) return failureOf('killed', `the agent was ended by ${signal}`);
  if (code === KILLED) return failureOf('killed', 'the agent was ended by SIGKILL');
  return code === null || code === 0
    ? NO_OUTCOME
    : failureOf('agent-crash', `the agent ended with exit status ${code}`);
}

const KILLED = 128 + 9;

const failureOf = (kind: FailureClass, message: string): Failure => ({
  class: kind,
  signature: `${kind}: ${message}`.slice(0, 200),
  message,
});

const NO_OUTCOME = failureOf('no-outcome', 'the agent ended without writing an outcome');

const firstLine = (text: string) => text.trim().split('\n')[0]?.slice(0, 1_000) || 'it did not say why';
