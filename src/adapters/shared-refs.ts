import { mkdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { Refs, RefsView } from '../ports.ts';
import { writeAtomic } from './atomic-file.ts';

/** How old another process's reading of the leases may be for a command that only looks, in milliseconds. */
const BORROW_MS = 30_000;

/** Leaves each reading of the refs in `directory`, for commands that only look. */
export function lendRefs(refs: Refs, directory: string): Refs {
  const last = new Map<string, string>();
  return {
    ...refs,
    async read(repo) {
      const view = await refs.read(repo);
      const text = JSON.stringify(view);
      const path = fileOf(directory, repo);
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      if (last.get(repo) === text && touch(path)) return view;
      writeAtomic(path, text);
      last.set(repo, text);
      return view;
    },
  };
}

/** Takes a reading of the last half minute from `directory`; reads for itself where there is none. */
export function borrowRefs(refs: Refs, directory: string): Refs {
  return {
    ...refs,
    read: async repo => readLent(fileOf(directory, repo)) ?? refs.read(repo),
    // A reading that was lent brings no objects.
    attachment: async (repo, journal, name) => {
      await refs.read(repo);
      return refs.attachment(repo, journal, name);
    },
    packet: async (repo, journal) => {
      await refs.read(repo);
      return refs.packet(repo, journal);
    },
  };
}

const fileOf = (directory: string, repo: string) =>
  join(directory, `${repo.toLowerCase().replace('/', '__')}.json`);

function touch(path: string): boolean {
  try {
    const now = new Date();
    utimesSync(path, now, now);
    return true;
  } catch {
    return false;
  }
}

// Only this engine's own version writes here: its directory is named after it.
function readLent(path: string): RefsView | null {
  try {
    if (Date.now() - statSync(path).mtimeMs > BORROW_MS) return null;
    return JSON.parse(readFileSync(path, 'utf8')) as RefsView;
  } catch {
    return null;
  }
}
