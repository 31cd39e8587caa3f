import type { JournalEntry } from '../core/contracts.ts';
import { approvalsIn, foldJournal } from '../core/journal.ts';
import { readinessOf } from '../landing/readiness.ts';
import { bodyHashOf } from '../leases/digest.ts';
import type { Snapshot } from '../ports.ts';
import type { Engine } from './engine.ts';

/**
 * What an issue's landing waits for, as far as this look shows it; null when it can go on, or when anything about it
 * is not as its journal says: then it has to be looked at in full.
 */
export function waitOf(
  { settings, clock }: Pick<Engine, 'settings' | 'clock'>,
  {
    issue: number,
    entries,
    snapshot,
  }: {
    /** null for a change of the unit as a whole, which no issue asks for. */
    readonly issue: number | null;
    readonly entries: readonly JournalEntry[];
    readonly snapshot: Pick<Snapshot, 'issues' | 'pulls' | 'reviews'>;
  },
): string | null {
  const { landing, open } = foldJournal(entries);
  const issue = snapshot.issues.find(one => one.number === number);
  const isAsAsked = number === null || (issue?.state === 'open' && bodyHashOf(issue) === open?.bodyHash);
  if (!landing?.head || !isAsAsked) return null;
  const { head, gates } = landing;
  const pull = snapshot.pulls.find(one => one.state === 'open' && one.headSha === head);
  if (!pull) return null;
  const { waits, failure } = readinessOf({
    settings,
    head,
    gates,
    pull,
    reviews: snapshot.reviews[String(pull.number)] ?? [],
    approvals: approvalsIn(entries),
    pushedMs: clock.now() - Date.parse(landing.at),
  });
  return failure ? null : waits;
}
