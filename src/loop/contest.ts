import { CONTEST_FILE, roundsLost } from '../core/gauntlet.ts';
import { contestTasksOf } from '../core/grammar/quality-bar.ts';
import { foldJournal } from '../core/journal.ts';
import type { Issue } from '../core/world.ts';
import { acceptedProposal } from '../pipeline/accept.ts';
import type { JudgedContest } from '../pipeline/gauntlet.ts';
import type { Journal } from '../ports.ts';
import type { Engine } from './engine.ts';

/** The comparison that the last review of a PRD has prepared; null when there is none. */
export async function contestIn(
  { refs }: Engine,
  {
    repo,
    journal,
    issue,
  }: { readonly repo: string; readonly journal: Journal; readonly issue: Pick<Issue, 'body'> },
): Promise<JudgedContest | null> {
  const review = journal.entries.findLast(({ op, kind }) => op === 'landing' && kind === 'REVIEW');
  const text = review ? await refs.attachment(repo, journal, CONTEST_FILE) : null;
  const proposal = text === null ? null : acceptedProposal('REVIEW', text);
  if (!review || proposal?.kind !== 'review' || !proposal.contest) return null;
  const lost = roundsLost(foldJournal(journal.entries).receipts);
  return { entries: proposal.contest, nonce: review.nonce, lost, tasks: contestTasksOf(issue) ?? [] };
}
