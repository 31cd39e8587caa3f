import { parseJournalEntry } from '../../contracts.ts';
import type { JournalEntry } from '../../core/contracts.ts';
import type { Journal, Oid } from '../../ports.ts';
import type { Git } from './run-git.ts';

// An issue takes a handful of entries per attempt; a chain beyond this is not one of ours.
const LONGEST = 2_000;

/** Reads the chain behind a journal's tip. What can't be read becomes its `problem`. */
export async function readJournal(
  git: Git,
  gitDir: string,
  { ref, tip }: { readonly ref: string; readonly tip: Oid },
): Promise<Journal> {
  const run = await git.attempt({
    gitDir,
    args: ['log', '--first-parent', `--max-count=${LONGEST + 1}`, '--format=%H %P%x09%s', tip, '--'],
  });
  const commits = run.stdout.split('\n').filter(text => text !== '');
  // A ref that is no commit at all lists none.
  if (run.exit !== 0 || commits.length === 0) {
    return { ref, tip, entries: [], problem: 'its commits could not be read' };
  }
  if (commits.length > LONGEST)
    return { ref, tip, entries: [], problem: `it has more than ${LONGEST} entries` };
  const read = commits.reverse().map(readEntry);
  return {
    ref,
    tip,
    entries: read.flatMap(({ entry }) => (entry ? [entry] : [])),
    problem: read.find(({ problem }) => problem !== null)?.problem ?? null,
  };
}

// `%s` is the message's first paragraph in one line, so no message can forge a second record.
function readEntry(text: string): { readonly entry: JournalEntry | null; readonly problem: string | null } {
  const tab = text.indexOf('\t');
  const [oid = '', ...parents] = text.slice(0, tab).trim().split(' ');
  const about = `entry ${oid.slice(0, 10)}`;
  if (parents.length > 1) return { entry: null, problem: `${about}: it is a merge` };
  const parsed = parseJournalEntry(text.slice(tab + 1));
  if (parsed.kind === 'valid') return { entry: parsed.value, problem: null };
  return { entry: null, problem: `${about}: ${parsed.problems.join('; ')}` };
}
