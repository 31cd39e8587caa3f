import type { Oid, RefUpdate } from '../../ports.ts';
import { identityEnv } from '../child-env.ts';
import { type Archive, writeArchive } from './archive.ts';
import { NO_CHECKS } from './ref-names.ts';
import type { Git } from './run-git.ts';

/** A ref to move, as the push states it: `target` null deletes the ref, `expected` null creates it. */
export interface Move {
  readonly ref: string;
  readonly expected: Oid | null;
  readonly target: Oid | null;
}

/**
 * Builds the commits of an update. Each carries a random trailer besides its record, so that it is a commit
 * that no remote can have yet: git sends nothing for a ref that is "up to date", whatever lease was asked.
 */
export async function buildMoves(
  git: Git,
  gitDir: string,
  update: RefUpdate,
  archive: Archive,
): Promise<readonly Move[]> {
  const { ref } = update;
  switch (update.kind) {
    case 'journal': {
      const isArchived = [...archive.journals.values()].some(({ tip }) => tip === update.expected);
      // Its chain goes on where it was, but its ref is gone.
      const expected = isArchived ? null : update.expected;
      return [{ ref, expected, target: await buildChain(git, gitDir, update) }];
    }
    case 'host': {
      const target = update.body && (await buildHostRecord(git, gitDir, update.body));
      return [{ ref, expected: update.expected, target }];
    }
    case 'branch':
      return [{ ref, expected: update.expected, target: update.target }];
    case 'archive': {
      const { journals } = update;
      const target = await writeArchive(git, gitDir, { before: archive.tip, journals });
      const gone = journals.map(journal => ({ ref: journal.ref, expected: journal.tip, target: null }));
      return [{ ref, expected: archive.tip, target }, ...gone];
    }
    default:
      return update satisfies never;
  }
}

type JournalUpdate = Extract<RefUpdate, { kind: 'journal' }>;

async function buildChain(git: Git, gitDir: string, update: JournalUpdate): Promise<Oid> {
  const { entries, expected, restarts, attachments = {} } = update;
  const bare = await writeTree(git, gitDir, {});
  const full = Object.keys(attachments).length === 0 ? bare : await writeTree(git, gitDir, attachments);
  let tip = restarts ? null : expected;
  for (const [index, entry] of entries.entries()) {
    const tree = index === entries.length - 1 ? full : bare;
    tip = await writeRecord(git, gitDir, { record: entry, tree, parent: tip });
  }
  if (tip === null || tip === expected) throw new Error(`A push to ${update.ref} needs an entry.`);
  return tip;
}

async function buildHostRecord(git: Git, gitDir: string, record: object): Promise<Oid> {
  return writeRecord(git, gitDir, { record, tree: await writeTree(git, gitDir, {}), parent: null });
}

async function writeRecord(
  git: Git,
  gitDir: string,
  { record, tree, parent }: { readonly record: object; readonly tree: Oid; readonly parent: Oid | null },
): Promise<Oid> {
  const { identity, nonce } = git.options;
  return git.line({
    gitDir,
    args: ['commit-tree', tree, ...(parent ? ['-p', parent] : [])],
    env: identityEnv(identity),
    input: `${JSON.stringify(record)}\n\nPush: ${nonce()}\n${NO_CHECKS}\n`,
  });
}

/** Attachments lie flat in a commit's tree. */
export const isAttachmentName = (name: string) => /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name);

async function writeTree(git: Git, gitDir: string, files: Readonly<Record<string, string>>): Promise<Oid> {
  const lines: string[] = [];
  for (const [name, text] of Object.entries(files)) {
    if (!isAttachmentName(name)) throw new Error(`${JSON.stringify(name)} can't name an attachment.`);
    const blob = await git.line({ gitDir, args: ['hash-object', '-w', '--stdin'], input: text });
    lines.push(`100644 blob ${blob}\t${name}\n`);
  }
  return git.line({ gitDir, args: ['mktree'], input: lines.join('') });
}
