import type { JournalEntry } from './contracts.ts';
import { type ModelTokens, sumOf, sumTokens } from './usage.ts';

/** What several attempts used together. */
export interface Used {
  /** Attempts that have ended. */
  readonly attempts: number;
  /** How many of them tell what they cost; the sum is a lower bound when others don't. */
  readonly priced: number;
  readonly costUsd: number | null;
  readonly agentSeconds: number | null;
  readonly requests: number | null;
  readonly tokens: readonly ModelTokens[] | null;
}

/** The sum of what receipts tell. */
export function totalOf(receipts: readonly Pick<JournalEntry, 'usage'>[]): Used {
  const costs = receipts.map(({ usage }) => usage?.costUsd ?? null);
  return {
    attempts: receipts.length,
    priced: costs.filter(cost => cost !== null).length,
    costUsd: sumOf(costs),
    agentSeconds: sumOf(receipts.map(({ usage }) => usage?.agentSeconds ?? null)),
    requests: sumOf(receipts.map(({ usage }) => usage?.requests ?? null)),
    tokens: sumTokens(receipts.map(({ usage }) => usage?.tokens ?? null)),
  };
}
