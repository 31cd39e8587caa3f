import type { GateVerdict, JournalEntry } from './contracts.ts';

/** What our product and the reference gave for one task, as a review saw it. */
export interface ContestEntry {
  /** Id of the task. */
  readonly task: string;
  readonly ours: string;
  readonly reference: string;
}

/** A comparison that a review has prepared. */
export interface Contest {
  readonly entries: readonly ContestEntry[];
  /** Of the journal's entry that accepted the review: what the engine draws the sides by. */
  readonly nonce: string;
  /** Rounds that were lost before. */
  readonly lost: number;
}

/** Name of the gate that tells of a comparison, and of a contest among a journal's attachments. */
export const GAUNTLET = 'gauntlet';
export const CONTEST_FILE = 'contest.json';

/** On the receipt of a review: what it prepared waits for a judge. */
export const TO_BE_JUDGED: GateVerdict = {
  gate: GAUNTLET,
  verdict: 'unknown',
  reason: 'every criterion is met; the comparison with the reference is to be judged',
};

/** Whether the last review of a PRD prepared a comparison that nobody has judged yet. */
export function isContestDue(receipts: readonly JournalEntry[]): boolean {
  const last = receipts.findLast(({ kind, failure }) => !failure && (kind === 'REVIEW' || kind === 'JUDGE'));
  return last?.kind === 'REVIEW' && said(last) === 'unknown';
}

/** How many rounds a PRD has lost so far. */
export const roundsLost = (receipts: readonly JournalEntry[]): number =>
  receipts.filter(receipt => receipt.kind === 'JUDGE' && !receipt.failure && said(receipt) === 'fail').length;

const said = ({ gates }: JournalEntry) => gates.find(({ gate }) => gate === GAUNTLET)?.verdict ?? null;
