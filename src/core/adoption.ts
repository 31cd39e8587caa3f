import type { JournalEntry } from './contracts.ts';

/** The kind of an attempt that is no agent's: a person's pull request, taken through the gates as it is. */
export const ADOPTION = 'ADOPT';

/** Whether an attempt was a person's pull request. It says nothing of how agents fare with the issue. */
export const isAdoption = ({ kind }: Pick<JournalEntry, 'kind'>): boolean => kind === ADOPTION;

/**
 * The head of an adopted pull request that waits for a word: the last attempt on the issue, which has given its lease
 * back. null when the last attempt was another one, or does not wait.
 */
export function adoptedHead(receipts: readonly JournalEntry[]): string | null {
  const last = receipts.at(-1);
  return last && isAdoption(last) && last.failure?.class === 'cancelled' ? last.head : null;
}
