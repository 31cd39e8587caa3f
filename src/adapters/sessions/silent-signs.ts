import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cpuMsOf, type ProcessTree } from '../processes/process-tree.ts';

/** Where an agent that says nothing can be seen at work. */
export interface Workplace {
  /** The worktree. */
  readonly dir: string;
  readonly tree: ProcessTree;
  /** The agent has this process's terminal: there it draws while it waits, which is no work. */
  readonly ownsTerminal: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Whether files changed, commits were made or its processes worked since the last call; false at the first one. */
export function silentSigns({ dir, tree, ownsTerminal, now }: Workplace): () => boolean {
  let last: { readonly at: number; readonly cpuMs: number } | null = null;
  return () => {
    const before = last;
    last = { at: now(), cpuMs: cpuMsOf(tree, { withoutOwnGroup: ownsTerminal }) };
    if (before === null) return false;
    const busy = (last.cpuMs - before.cpuMs) / Math.max(1, last.at - before.at);
    return busy > IDLE_SHARE || newestChange(dir) > before.at;
  };
}

/** A program that only waits uses less than this share of one processor, timers and garbage collection included. */
const IDLE_SHARE = 0.05;

/** When anything in a directory changed last, in milliseconds since the epoch: git's own files tell of commits. */
function newestChange(dir: string): number {
  let newest = 0;
  let left = MOST_ENTRIES;
  const open = [dir];
  for (let next = open.pop(); next !== undefined && left > 0; next = open.pop()) {
    newest = Math.max(newest, changedAt(next));
    for (const entry of entriesOf(next)) {
      left -= 1;
      const path = join(next, entry.name);
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) open.push(path);
      else newest = Math.max(newest, changedAt(path));
    }
  }
  return newest;
}

// Large, and nothing changes in them but what shows elsewhere too.
const SKIPPED: ReadonlySet<string> = new Set(['node_modules', 'objects']);

/** A look must not become work itself. */
const MOST_ENTRIES = 50_000;

// The change time: programs set the other one to whatever they like.
const changedAt = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.ctimeMs ?? 0;

function entriesOf(dir: string): readonly Dirent[] {
  try {
    return readdirSync(dir, { withFileTypes: true });
  } catch {
    // Gone meanwhile, or not ours to read.
    return [];
  }
}
