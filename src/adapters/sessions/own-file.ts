import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';

/** A file that an agent may have made: its text, nothing, or why it is not read. */
export type OwnFile =
  | { readonly kind: 'missing' }
  | { readonly kind: 'refused'; readonly problem: string }
  | { readonly kind: 'text'; readonly text: string };

/**
 * Reads up to `maxBytes` of a regular file of this user. No link is followed, and a named pipe is not waited
 * for: whoever made the file may want the engine to read another one, or to stall.
 */
export function readOwnFile(file: {
  readonly dir: string;
  readonly path: string;
  maxBytes: number;
}): OwnFile {
  let descriptor: number;
  try {
    if (!lstatSync(file.dir).isDirectory()) return refused('its directory was replaced by something else');
    // O_NONBLOCK: opening a named pipe would wait for a writer.
    descriptor = openSync(file.path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { kind: 'missing' };
    return refused(code === 'ELOOP' ? 'it is a symbolic link, not a regular file' : `unreadable: ${code}`);
  }
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) return refused('it is not a regular file');
    if (stat.uid !== process.getuid?.()) return refused('it belongs to another user');
    const bytes = Buffer.alloc(Math.min(stat.size, file.maxBytes));
    const length = readSync(descriptor, bytes, 0, bytes.length, 0);
    return { kind: 'text', text: bytes.toString('utf8', 0, length) };
  } finally {
    closeSync(descriptor);
  }
}

const refused = (problem: string): OwnFile => ({ kind: 'refused', problem });
