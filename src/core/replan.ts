import type { GateVerdict, JournalEntry } from './contracts.ts';

const REPLAN = 'replan';

/** On the receipt of a REPLAN: which issue was planned anew. */
export const replanned = (issue: number): GateVerdict => ({
  gate: REPLAN,
  verdict: 'pass',
  reason: `planned anew: #${issue}`,
});

/** Numbers of the issues that a PRD's journal says were planned anew. */
export const replannedIn = (receipts: readonly JournalEntry[]): readonly number[] =>
  receipts.flatMap(({ gates, failure }) =>
    failure ? [] : gates.flatMap(({ gate, reason }) => (gate === REPLAN ? Number(reason.split('#')[1]) : [])),
  );
