import type { JournalEntry, Usage } from '../core/contracts.ts';
import { foldJournal } from '../core/journal.ts';
import type { Settings } from '../core/settings.ts';
import { totalOf, type Used } from '../core/totals.ts';
import { costOf, sumOf, sumTokens } from '../core/usage.ts';
import { isTrain } from '../landing/boarding.ts';
import type { Session } from '../ports.ts';
import type { Seen } from './observe.ts';

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

/** What an attempt used, its reviews included; null when nothing is known. */
export function withReviews(own: Usage | null, reviews: readonly JournalEntry[]): Usage | null {
  const all = [own, ...reviews.map(({ usage }) => usage)].filter(usage => usage !== null);
  if (all.length === 0) return null;
  return {
    seconds: own?.seconds ?? null,
    costUsd: sumOf(all.map(({ costUsd }) => costUsd)),
    agentSeconds: sumOf(all.map(({ agentSeconds }) => agentSeconds)),
    activeSeconds: sumOf(all.map(({ activeSeconds }) => activeSeconds)),
    requests: sumOf(all.map(({ requests }) => requests)),
    tokens: sumTokens(all.map(({ tokens }) => tokens)),
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

/** Sums what all attempts used that the journals know of, over all fleets. */
export function usedIn({ refs }: Pick<Seen, 'refs'>): Used {
  const journals = [...refs.values()].flatMap(view => view.journals.filter(({ ref }) => !isTrain({ ref })));
  return totalOf(journals.flatMap(({ entries }) => foldJournal(entries).receipts));
}
