import { approvalsIn, foldJournal } from '../core/journal.ts';
import { readinessOf } from '../landing/readiness.ts';
import { bodyHashOf } from '../leases/digest.ts';
import type { Engine } from './engine.ts';
import { journalOf, type Seen } from './observe.ts';

/** Where an issue's landing is looked for. */
interface Place {
  readonly repo: string;
  readonly issue: number | null;
}

/** Whether a landing waits for checks or for people as it did, so that there is no use in beginning it again. */
export const stillWaits = (look: { readonly engine: Engine; readonly seen: Seen }, place: Place): boolean =>
  waitOf(look, place) !== null;

/**
 * What an issue's landing waits for, as far as this look shows it; null when it can go on, or when anything about it
 * is not as its journal says: then it has to be looked at in full.
 */
export function waitOf(
  { engine, seen }: { readonly engine: Engine; readonly seen: Seen },
  { repo, issue: number }: Place,
): string | null {
  if (number === null) return null;
  const entries = journalOf(seen, repo, number)?.entries ?? [];
  const { landing, open } = foldJournal(entries);
  const snapshot = seen.snapshots.get(repo.toLowerCase());
  const issue = snapshot?.issues.find(one => one.number === number);
  if (!landing?.head || !snapshot || issue?.state !== 'open' || bodyHashOf(issue) !== open?.bodyHash)
    return null;
  const { head, gates } = landing;
  const pull = snapshot.pulls.find(one => one.state === 'open' && one.headSha === head);
  if (!pull) return null;
  const { waits, failure } = readinessOf({
    settings: engine.settings,
    head,
    gates,
    pull,
    reviews: snapshot.reviews[String(pull.number)] ?? [],
    approvals: approvalsIn(entries),
    pushedMs: engine.clock.now() - Date.parse(landing.at),
  });
  return failure ? null : waits;
}
