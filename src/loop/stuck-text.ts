import { readBoard } from '../core/board.ts';
import { foldJournal } from '../core/journal.ts';
import { stuckIssueOf } from '../core/rules/stuck.ts';
import { journalOf, type Seen } from './observe.ts';

/** What is known of the issue of a PRD that is to be planned anew; null when there is none any more. */
export function stuckText(seen: Seen, repo: string, prd: number | null): string | null {
  const board = readBoard(seen.world);
  const unit = board.units.find(one => one.unit.repo.toLowerCase() === repo.toLowerCase());
  const known = prd === null ? null : unit?.find(prd);
  const stuck = unit && known ? stuckIssueOf(known, unit, board) : null;
  if (!stuck) return null;
  const { number, title, body } = stuck.issue;
  const { failures } = foldJournal(journalOf(seen, repo, number)?.entries ?? []);
  const ends = failures.map(({ class: kind, message }) => `- ${kind}: ${message.replaceAll('\n', ' ')}`);
  return [`# #${number} ${title}`, body, '# How its attempts ended', ends.join('\n')].join('\n\n');
}
