import { parseArchivedJournal } from '../../contracts.ts';
import type { Journal, Oid } from '../../ports.ts';
import { identityEnv } from '../child-env.ts';
import { contentsOf } from './objects.ts';
import { NO_CHECKS } from './ref-names.ts';
import type { Git } from './run-git.ts';

/** The ref behind which finished journals are, so that a repository has few refs however old it is. */
export const ARCHIVE_REF = 'refs/harness/archive';

/** The archive as it was read last. */
export interface Archive {
  /** null: there is none yet. */
  readonly tip: Oid | null;
  /** By the blob that has it. */
  readonly journals: ReadonlyMap<Oid, Journal>;
}

export const NO_ARCHIVE: Archive = { tip: null, journals: new Map() };

/** Reads the archive behind `tip`; of a newer one only what `before` has not. */
export async function readArchive(git: Git, gitDir: string, tip: Oid, before: Archive): Promise<Archive> {
  if (tip === before.tip) return before;
  const run = await git.attempt({ gitDir, args: ['ls-tree', '-z', `${tip}:issues`] });
  // Nobody's lease is in it: what is held now is held all the same.
  if (run.exit !== 0) git.options.log.warn('the archive of journals could not be read', { tip });
  const files = run.stdout.split('\0').flatMap(line => {
    const [, blob, number] = /^100644 blob ([0-9a-f]+)\t([1-9]\d*)\.json$/.exec(line) ?? [];
    return blob && number ? [{ blob, ref: `refs/harness/issues/${number}` }] : [];
  });
  const fresh = files.filter(({ blob }) => !before.journals.has(blob)).map(({ blob }) => blob);
  const texts = fresh.length === 0 ? new Map<Oid, string>() : await contentsOf(git, gitDir, fresh);
  const journals = files.map(
    ({ blob, ref }) => [blob, before.journals.get(blob) ?? parse(ref, texts.get(blob) ?? '')] as const,
  );
  return { tip, journals: new Map(journals) };
}

function parse(ref: string, text: string): Journal {
  const parsed = parseArchivedJournal(text);
  if (parsed.kind === 'valid') {
    const { tip, entries } = parsed.value;
    return { ref, tip, entries, problem: null, isArchived: true };
  }
  return {
    ref,
    tip: '',
    entries: [],
    problem: `in the archive: ${parsed.problems.join('; ')}`,
    isArchived: true,
  };
}

/**
 * Builds the archive's next commit. The tips of the journals are its parents too: their chains stay reachable, and
 * whoever fetches the archive has them with their attachments.
 */
export async function writeArchive(
  git: Git,
  gitDir: string,
  { before, journals }: { readonly before: Oid | null; readonly journals: readonly Journal[] },
): Promise<Oid> {
  const lines: string[] = [];
  for (const { ref, tip, entries } of journals) {
    const input = `${JSON.stringify({ v: 1, tip, entries })}\n`;
    const blob = await git.line({ gitDir, args: ['hash-object', '-w', '--stdin'], input });
    lines.push(`100644 blob ${blob}\t${ref.slice(ref.lastIndexOf('/') + 1)}.json\0`);
  }
  const added = new Set(lines.map(nameIn));
  const kept = before === null ? '' : await git.read({ gitDir, args: ['ls-tree', '-z', `${before}:issues`] });
  const others = kept.split('\0').filter(line => line !== '' && !added.has(nameIn(`${line}\0`)));
  const input = [...others.map(line => `${line}\0`), ...lines].join('');
  const issues = await git.line({ gitDir, args: ['mktree', '-z'], input });
  const tree = await git.line({ gitDir, args: ['mktree', '-z'], input: `040000 tree ${issues}\tissues\0` });
  const parents = [...(before === null ? [] : [before]), ...journals.map(({ tip }) => tip)];
  const { identity, nonce } = git.options;
  return git.line({
    gitDir,
    args: ['commit-tree', tree, ...parents.flatMap(parent => ['-p', parent])],
    env: identityEnv(identity),
    input: `Archive ${journals.length} journals\n\nPush: ${nonce()}\n${NO_CHECKS}\n`,
  });
}

const nameIn = (line: string) => line.slice(line.indexOf('\t') + 1, -1);
