import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stamp } from '../clock.ts';
import { signatureOf, webFlow } from '../git/signatures.ts';
import { ApiFailure } from '../http/failures.ts';
import type { Parts } from '../parts.ts';
import type { Oid, RepositoryName, RepositoryRecord } from '../records.ts';
import { nameOf } from '../records.ts';
import { refusalsOf } from './branch-rules.ts';
import { settleRefs } from './settle.ts';

/** One file to be written to a branch. */
export interface FileWrite {
  readonly branch: string;
  readonly path: string;
  readonly content: Buffer;
  readonly message: string;
  /** The blob that is there now; null when there is none. */
  readonly replaces: Oid | null;
  readonly by: string;
}

/** Commits the file on top of the branch: 409 when the blob is another one, 422 when it was not named. */
export async function writeFileCommit(
  parts: Parts,
  repository: RepositoryRecord,
  write: FileWrite,
): Promise<{ readonly commit: Oid; readonly created: boolean }> {
  const name = nameOf(repository);
  const tip = await parts.refs.tip(name, write.branch);
  if (tip === null && (await parts.refs.of(name)).size > 0) {
    throw new ApiFailure(404, `Branch ${write.branch} not found`);
  }
  const known = tip === null ? null : await blobAt(parts, name, `${tip}:${write.path}`);
  refuseStaleBlob(write, known);
  const seconds = Date.parse(stamp(parts.clock)) / 1000;
  const commit = await parts.merging.commitTree(name, {
    tree: await treeWith(parts, name, { tip, write }),
    parents: tip === null ? [] : [tip],
    message: write.message,
    author: signatureOf(parts.accounts.named(write.by), seconds),
    committer: webFlow(seconds),
  });
  const ref = `refs/heads/${write.branch}`;
  const [reason] = await refusalsOf(parts, {
    repository,
    login: write.by,
    move: { ref, from: tip, to: commit },
  });
  if (reason !== undefined) throw new ApiFailure(409, `Could not update file: ${reason}`);
  if (!(await parts.refs.move(name, [{ ref, from: tip, to: commit }]))) {
    throw new ApiFailure(409, `is at another commit but expected ${tip}`);
  }
  await settleRefs(parts, name, write.by);
  return { commit, created: known === null };
}

function refuseStaleBlob({ path, replaces }: FileWrite, known: Oid | null): void {
  if (known === replaces || (known === null && replaces === null)) return;
  if (replaces === null) {
    throw new ApiFailure(422, 'Invalid request.\n\n"sha" wasn\'t supplied.');
  }
  throw new ApiFailure(409, `${path} does not match ${replaces}`);
}

async function blobAt({ git }: Parts, name: RepositoryName, object: string): Promise<Oid | null> {
  const { exit, stdout } = await git.attempt(name, ['rev-parse', '--verify', '--quiet', object]);
  return exit === 0 ? stdout.trim() : null;
}

/** The branch's tree with the file in it, made in an index of its own. */
async function treeWith(
  { git }: Parts,
  name: RepositoryName,
  { tip, write }: { tip: Oid | null; write: FileWrite },
): Promise<Oid> {
  const directory = await mkdtemp(join(tmpdir(), 'forge-index-'));
  const env = { GIT_INDEX_FILE: join(directory, 'index') };
  try {
    const blob = await git.run(name, ['hash-object', '-w', '--stdin'], { input: write.content });
    if (tip !== null) await git.run(name, ['read-tree', tip], { env });
    const entry = `100644,${blob.trim()},${write.path}`;
    await git.run(name, ['update-index', '--add', '--cacheinfo', entry], { env });
    return (await git.run(name, ['write-tree'], { env })).trim();
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
