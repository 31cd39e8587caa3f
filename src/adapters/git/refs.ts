import { parsePacket } from '../../contracts.ts';
import { PACKET_FILE } from '../../core/journal.ts';
import type { Journal, Refs } from '../../ports.ts';
import { openClone } from './clone.ts';
import { createReader } from './mirror.ts';
import type { GitOptions } from './options.ts';
import { createPlaces } from './places.ts';
import { pushUpdates } from './push.ts';
import { isAttachmentName } from './records.ts';
import { createGit, type Git } from './run-git.ts';

/** The refs under `refs/harness/` over git: one fetch per read, one atomic push per change. */
export function createRefs(options: GitOptions): Refs {
  const git = createGit(options);
  const places = createPlaces(git);
  const { read, archiveOf } = createReader(git, places);
  return {
    read,
    push: (repo, updates) => pushUpdates(git, repo, updates, { archive: archiveOf(repo), places }),
    attachment: (repo, journal, name) => readAttachment(git, { repo, journal, name }),
    packet: async (repo, journal) => {
      const text = await readAttachment(git, { repo, journal, name: PACKET_FILE });
      const parsed = text === null ? null : parsePacket(text);
      return parsed?.kind === 'valid' ? parsed.value : null;
    },
  };
}

async function readAttachment(
  git: Git,
  { repo, journal, name }: { readonly repo: string; readonly journal: Journal; readonly name: string },
): Promise<string | null> {
  if (!isAttachmentName(name)) return null;
  const gitDir = await openClone(git, repo);
  const touched = await git.line({
    gitDir,
    args: ['rev-list', '--first-parent', '--max-count=2', journal.tip, '--', name],
  });
  // When the newest of them dropped the file, the one before it has it.
  for (const commit of touched.split('\n')) {
    const run = await git.attempt({ gitDir, args: ['cat-file', 'blob', `${commit}:${name}`] });
    if (run.exit === 0) return run.stdout;
  }
  return null;
}
