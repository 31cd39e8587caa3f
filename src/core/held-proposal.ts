import type { GateVerdict, JournalEntry } from './contracts.ts';
import { foldJournal } from './journal.ts';
import type { Proposal } from './proposals/proposal.ts';
import type { Settings } from './settings.ts';

/** A proposal that is sound, and that a person is to look at before anything of it is made real. */
export interface HeldProposal {
  /** Names this proposal alone: what a person says is said of it, and of no later one. */
  readonly digest: string;
  /** What a person has said of it. */
  readonly word: 'none' | 'approved' | 'declined';
}

/** Whether a proposal waits for a person (HARNESS_PROPOSALS): one that files issues. */
export function isToBeHeld(
  proposal: Proposal,
  { HARNESS_PROPOSALS }: Pick<Settings, 'HARNESS_PROPOSALS'>,
): boolean {
  if (HARNESS_PROPOSALS !== 'hold') return false;
  const { kind } = proposal;
  return (
    kind === 'prds' ||
    kind === 'children' ||
    kind === 'replan' ||
    (kind === 'review' && proposal.gaps.length > 0)
  );
}

/** The verdict by which a journal keeps that a proposal is held. */
export const heldBy = (digest: string): GateVerdict => ({
  gate: PROPOSAL_WORD,
  verdict: 'unknown',
  reason: 'a person is to look at it first (HARNESS_PROPOSALS)',
  evidence: [digest],
});

/** The gate that a person's word opens. */
export const PROPOSAL_WORD = 'proposal-word';

/** The proposal of a journal's open attempt that is held, or was; null when there is none. */
export function heldProposal(entries: readonly JournalEntry[]): HeldProposal | null {
  const { landing } = foldJournal(entries);
  const digest = landing?.gates.find(({ gate }) => gate === PROPOSAL_WORD)?.evidence?.[0];
  if (!landing || digest === undefined) return null;
  const since = entries.filter(({ seq }) => seq > landing.seq);
  const word = since.findLast(({ op, head }) => op === 'answer' || (op === 'approve' && head === digest));
  if (!word) return { digest, word: 'none' };
  return { digest, word: word.op === 'approve' ? 'approved' : 'declined' };
}

/** The command by which a person agrees to a held proposal; `name` is an issue's, or a unit's. */
export const agreeTo = (name: string, { digest }: Pick<HeldProposal, 'digest'>): string =>
  `harness approve ${name} --sha ${digest.slice(0, 12)}`;
