import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Oid } from '../../ports.ts';
import { codeOf } from './file-errors.ts';

const OID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const PACKED_REFS_MAX_BYTES = 16 * 1024 * 1024;

/**
 * Reads a branch's tip from the files of a git directory that an agent may have written: no git runs there,
 * no link is followed, nothing but a plain commit id counts. null when that is not what is there.
 */
export async function readBranch(worktree: string, branch: string): Promise<Oid | null> {
  const gitDir = join(worktree, '.git');
  if (!(await isPlainDirectory(gitDir))) return null;
  const ref = `refs/heads/${branch}`;
  const loose = await readPlainFile(gitDir, ref, 1024);
  if (loose.kind === 'odd') return null;
  if (loose.kind === 'read') return oidOrNull(loose.text.trim());
  const packed = await readPlainFile(gitDir, 'packed-refs', PACKED_REFS_MAX_BYTES);
  return packed.kind === 'read' ? findPacked(packed.text, ref) : null;
}

const oidOrNull = (text: string): Oid | null => (OID.test(text) ? text : null);

function findPacked(text: string, ref: string): Oid | null {
  const line = text.split('\n').find(entry => entry.endsWith(` ${ref}`));
  return line === undefined ? null : oidOrNull(line.slice(0, -ref.length - 1));
}

/** Whether a path is a directory itself, not a link to one. */
export async function isPlainDirectory(path: string): Promise<boolean> {
  return lstat(path).then(
    found => found.isDirectory(),
    () => false,
  );
}

type FileRead =
  | { readonly kind: 'read'; readonly text: string }
  | { readonly kind: 'missing' }
  /** A link, a device, a directory, or too large. */
  | { readonly kind: 'odd' };

/** Reads a regular file below `root`, none of whose folders is a link. */
export async function readPlainFile(root: string, path: string, maxBytes: number): Promise<FileRead> {
  const folders = path.split('/').slice(0, -1);
  for (let depth = 1; depth <= folders.length; depth += 1) {
    const folder = join(root, ...folders.slice(0, depth));
    if (await isPlainDirectory(folder)) continue;
    return (await isMissing(folder)) ? { kind: 'missing' } : { kind: 'odd' };
  }
  return readRegular(join(root, path), maxBytes);
}

async function isMissing(path: string): Promise<boolean> {
  return lstat(path).then(
    () => false,
    error => codeOf(error) === 'ENOENT',
  );
}

async function readRegular(path: string, maxBytes: number): Promise<FileRead> {
  // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, flags);
  } catch (error) {
    return { kind: codeOf(error) === 'ENOENT' ? 'missing' : 'odd' };
  }
  try {
    const found = await file.stat();
    if (!found.isFile() || found.size > maxBytes) return { kind: 'odd' };
    return { kind: 'read', text: await file.readFile('utf8') };
  } finally {
    await file.close();
  }
}
