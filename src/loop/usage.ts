import type { Usage } from '../core/contracts.ts';
import type { Settings } from '../core/settings.ts';
import { costOf } from '../core/usage.ts';
import type { Session } from '../ports.ts';

/** What a session used so far, for its receipt. */
export function usageOf(session: Session, settings: Settings): Usage {
  const { activeSeconds, requests, tokens } = session.usage;
  return {
    ...UNKNOWN_USAGE,
    costUsd: costOf(session.usage, settings.HARNESS_PRICES),
    agentSeconds: secondsOf(session),
    activeSeconds: activeSeconds === null ? null : Math.round(activeSeconds),
    requests,
    tokens,
  };
}

/** What is known of an attempt that has left nothing. */
export const UNKNOWN_USAGE: Usage = {
  seconds: null,
  costUsd: null,
  agentSeconds: null,
  activeSeconds: null,
  requests: null,
  tokens: null,
};

/** Whole seconds from a session's start to its end, or to its last sign of life; null when it never began. */
function secondsOf({ state, startedAt, lastActivityAt, exit }: Session): number | null {
  const endedAt = exit?.endedAt ?? lastActivityAt;
  if (state === 'starting' || endedAt === null) return null;
  return Math.max(0, Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / 1000));
}
