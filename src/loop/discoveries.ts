import { readBoard } from '../core/board.ts';
import { foldJournal } from '../core/journal.ts';
import { cutTo, neutraliseLine } from '../core/text.ts';
import type { Session } from '../ports.ts';
import { journalOf, type Seen } from './observe.ts';

const MOST_KEPT = 5;
const LINE_CHARACTERS = 300;
const RELAYED_CHARACTERS = 4_000;

/** What an attempt found out that may help others, as its receipt keeps it: few and short. */
export function discoveriesIn(session: Session | null): readonly string[] {
  if (session?.outcome.kind !== 'valid') return [];
  return session.outcome.outcome.discoveries
    .map(line => neutraliseLine(line, LINE_CHARACTERS))
    .filter(line => line !== '')
    .slice(0, MOST_KEPT);
}

/** What attempts for the same PRD have found, the newest first; of an issue without one, its own attempts. */
export function relayedDiscoveries(seen: Seen, repo: string, issue: number | null): readonly string[] {
  if (issue === null) return [];
  const receipts = relativesOf(seen, repo, issue)
    .flatMap(number => foldJournal(journalOf(seen, repo, number)?.entries ?? []).receipts)
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  const found = [...new Set(receipts.flatMap(({ discoveries }) => discoveries ?? []))];
  return within(
    found.map(line => cutTo(line, LINE_CHARACTERS)),
    RELAYED_CHARACTERS,
  );
}

/** The first of some lines that have room together. */
function within(lines: readonly string[], characters: number): readonly string[] {
  let used = 0;
  return lines.filter(line => {
    used += line.length;
    return used <= characters;
  });
}

function relativesOf({ world }: Seen, repo: string, issue: number): readonly number[] {
  const unit = readBoard(world).units.find(one => one.unit.repo.toLowerCase() === repo.toLowerCase());
  const known = unit?.find(issue);
  const prd = known?.kind === 'prd' ? issue : (known?.parent ?? null);
  if (!unit || prd === null) return [issue];
  return [prd, ...unit.issuesOf(prd).map(one => one.issue.number)];
}
