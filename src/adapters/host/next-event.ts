import { type FSWatcher, mkdirSync, readdirSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import { eventsDir, readBell } from '../bell.ts';
import { unlessMissing } from '../missing.ts';
import { snapshotStem } from '../snapshots/store.ts';

/** Waits for events; what happened between two calls counts for the second one. */
export interface Events {
  /** The reason, for people: a bell's own words, `snapshot`, `timeout` or `aborted`. */
  next(timeoutMs: number, signal: AbortSignal): Promise<string>;
}

/** Snapshots of some repositories in a directory that may have those of others too. */
export interface WatchedSnapshots {
  readonly directory: string;
  /** `owner/name` */
  readonly repos: readonly string[];
}

/**
 * Watches a fleet's bell and the snapshots of its repositories. The watchers only hint that it is time to look; what is looked at tells whether something has changed, so that a hint that was lost
 * before the call costs nothing.
 */
export function createEvents(runDir: string, snapshots: WatchedSnapshots | null): Events {
  let seen = look(runDir, snapshots);
  const news = (): string | null => {
    const now = look(runDir, snapshots);
    const before = seen;
    seen = now;
    if (now.stroke !== before.stroke && now.stroke !== '') return now.reason;
    return now.snapshots === before.snapshots ? null : 'snapshot';
  };

  return {
    next: (timeoutMs, signal) =>
      new Promise(resolve => {
        const finish = (reason: string) => {
          clearTimeout(timer);
          clearInterval(poll);
          signal.removeEventListener('abort', onAbort);
          for (const watcher of watchers) watcher.close();
          resolve(reason);
        };
        const check = () => {
          const reason = news();
          if (reason !== null) finish(reason);
        };
        const onAbort = () => finish('aborted');
        const timer = setTimeout(() => finish('timeout'), timeoutMs);
        const poll = setInterval(check, POLL_MS);
        const watchers = [eventsDir(runDir), snapshots?.directory ?? null].flatMap(path =>
          openWatcher(path, check),
        );
        signal.addEventListener('abort', onAbort);
        if (signal.aborted) onAbort();
        else check();
      }),
  };
}

/** For file systems that tell nothing, and for a directory that was deleted under its watcher. */
const POLL_MS = 1_000;

function look(runDir: string, snapshots: WatchedSnapshots | null) {
  return { ...readBell(runDir), snapshots: snapshots === null ? '' : stampOf(snapshots) };
}

/**
 * Changes with every snapshot that is replaced. The other files there change with every look at GitHub, and
 * waking for those would let an idle fleet keep itself busy.
 */
function stampOf({ directory, repos }: WatchedSnapshots): string {
  const stems = repos.map(snapshotStem);
  const names = (unlessMissing(() => readdirSync(directory)) ?? []).filter(
    name => name.endsWith('.jsonl') && stems.some(stem => name.startsWith(stem)),
  );
  const stamps = names.map(name => {
    const entry = statSync(join(directory, name), { throwIfNoEntry: false });
    return `${name} ${entry?.ino} ${entry?.mtimeMs}`;
  });
  return stamps.sort().join('\n');
}

function openWatcher(path: string | null, onChange: () => void): readonly FSWatcher[] {
  if (path === null) return [];
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const watcher = watch(path, onChange);
    watcher.on('error', () => watcher.close());
    return [watcher];
  } catch {
    // No watcher to be had (the limit of the system, a full disk): the poll does it alone.
    return [];
  }
}
