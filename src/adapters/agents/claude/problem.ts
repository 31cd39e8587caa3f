import type { AgentProblem } from '../../../core/session-end.ts';

/** What Claude Code says of a failed request: in an `assistant` row, a `result` row and a StopFailure event. */
export interface Complaint {
  /** Its own name of the error; null where there is none. */
  readonly error: string | null;
  /** Status of the API's answer. */
  readonly status: number | null;
  readonly message: string;
  /** From the last `rate_limit_event` that said `rejected`, ISO 8601. */
  readonly resetsAt: string | null;
}

/** The kind of problem that a complaint is about, by name and status: the wording differs by version. */
export function problemOf({ error, status, message, resetsAt }: Complaint): AgentProblem {
  const kind = kindOf(error, status);
  return { kind, status, message, resetsAt: kind === 'quota' ? resetsAt : null };
}

// The names are those that 2.1.197 gives: api_retry rows, assistant rows and StopFailure events use the same.
function kindOf(error: string | null, status: number | null): AgentProblem['kind'] {
  switch (error) {
    case 'rate_limit':
      return 'quota';
    case 'billing_error':
      return 'billing';
    case 'authentication_failed':
    case 'oauth_org_not_allowed':
      return 'authentication';
    case 'server_error':
    case 'overloaded':
      return 'api';
    default:
  }
  if (status === 401 || status === 403) return 'authentication';
  if (status === 402) return 'billing';
  if (status === 429) return 'quota';
  // Anything else that the API answers, a refused request (400) included, and no answer at all.
  return status !== null || error !== null ? 'api' : 'agent-crash';
}
