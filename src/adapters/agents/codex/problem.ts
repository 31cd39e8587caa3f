import type { AgentProblem } from '../../../core/session-end.ts';
import { resetTimeIn } from '../reset-time.ts';

/**
 * What a failed turn of Codex is about. Its stream gives a message and nothing else, so the message is what
 * is read: the whole of a `turn.failed` row, as 0.169.0 words it.
 */
export function problemOf(message: string, nowMs: number): AgentProblem {
  const kind = kindOf(message);
  const [, status] = /\bstatus:? (\d{3})\b/.exec(message) ?? [];
  return {
    kind,
    status: status === undefined ? null : Number(status),
    message,
    resetsAt: kind === 'quota' ? resetTimeIn(message, nowMs) : null,
  };
}

function kindOf(message: string): AgentProblem['kind'] {
  if (/^You.ve hit your usage limit|\b429 Too Many Requests\b|^Rate limit reached/i.test(message)) {
    return 'quota';
  }
  if (/^Quota exceeded\b|billing/i.test(message)) return 'billing';
  if (/\b(401 Unauthorized|403 Forbidden)\b|^Not logged in\b|\bcodex login\b/i.test(message)) {
    return 'authentication';
  }
  return 'api';
}
