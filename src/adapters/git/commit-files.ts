import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FilesToCommit, Oid } from '../../ports.ts';
import { identityEnv } from '../child-env.ts';
import { pin } from './fetch.ts';
import type { Git } from './run-git.ts';

/** Commits files on top of a commit in the bare clone, over an index of its own; no work tree is involved. */
export async function commitFiles(
  git: Git,
  gitDir: string,
  { parent, message, files }: FilesToCommit,
): Promise<Oid> {
  const nonce = git.options.nonce();
  const env = { GIT_INDEX_FILE: join(gitDir, `index-${nonce}`) };
  try {
    await git.read({ gitDir, args: ['read-tree', parent ?? '--empty'], env });
    const entries = await Promise.all(
      Object.entries(files).map(async ([path, text]) =>
        text === null
          ? `0 ${'0'.repeat(parent?.length ?? 40)}\t${path}`
          : `100644 ${await git.line({ gitDir, args: ['hash-object', '-w', '--stdin'], input: text })}\t${path}`,
      ),
    );
    const input = entries.map(entry => `${entry}\0`).join('');
    await git.read({ gitDir, args: ['update-index', '-z', '--index-info'], env, input });
    const tree = await git.line({ gitDir, args: ['write-tree'], env });
    const commit = await git.line({
      gitDir,
      args: ['commit-tree', tree, ...(parent === null ? [] : ['-p', parent])],
      env: identityEnv(git.options.identity),
      input: message,
    });
    await pin(git, gitDir, { name: `files ${nonce}`, tip: commit });
    return commit;
  } finally {
    await rm(env.GIT_INDEX_FILE, { force: true });
  }
}
