import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';

/** Replaces a file as a whole, readable by its owner only; nobody ever sees half of it. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}-${randomUUID()}`;
  try {
    await writeFile(draft, text, { mode: 0o600, flag: 'wx' });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** A file's parsed content, read again only when another file has taken its place; null when there is none. */
export function createFileView<T>(path: string, parse: (text: string) => T | null): () => Promise<T | null> {
  let seen: { readonly identity: string; readonly value: T | null } | null = null;
  return async () => {
    const identity = await identityOf(path);
    if (identity === null) return null;
    if (seen?.identity !== identity) seen = { identity, value: parse(await readText(path)) };
    return seen.value;
  };
}

async function identityOf(path: string): Promise<string | null> {
  try {
    const { ino, size, mtimeMs } = await stat(path);
    return `${ino} ${size} ${mtimeMs}`;
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return '';
    throw error;
  }
}

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';
