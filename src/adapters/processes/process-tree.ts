import { setTimeout as pause } from 'node:timers/promises';
import { bootId, type ProcessIdentity, processTable } from '../processes.ts';
import type { ProcessEntry, ProcessTable } from './process-table.ts';

/** What belongs to a session or a command, found in two ways since each one alone can be escaped. */
export interface ProcessTree {
  /** They, their process groups and their descendants. */
  readonly leaders: readonly ProcessIdentity[];
  /** The value of MARK in the environment of all its processes; finds those that left group and parent (Linux). */
  readonly mark: string;
}

/** The variable that marks every process that is started for an attempt. */
export const MARK = 'HARNESS_SESSION';

/**
 * Ends a whole tree: SIGTERM, after `graceMs` SIGKILL, until nothing of it is left. Returns the pids that
 * even SIGKILL did not end within five seconds, which is normally nobody.
 */
export async function endTree(
  tree: ProcessTree,
  { graceMs, table = processTable }: { graceMs: number; table?: ProcessTable },
): Promise<readonly number[]> {
  const startedAt = performance.now();
  const asked = new Set<string>();
  let members = findMembers(tree, [], table);
  while (members.length > 0) {
    const elapsedMs = performance.now() - startedAt;
    if (elapsedMs > graceMs + KILL_MS) return members.map(({ pid }) => pid);
    for (const member of members) {
      if (elapsedMs >= graceMs) signal(member.pid, 'SIGKILL');
      else if (!asked.has(keyOf(member))) signal(member.pid, 'SIGTERM');
      asked.add(keyOf(member));
    }
    await pause(Math.min(POLL_MS, Math.max(1, graceMs - elapsedMs)));
    members = findMembers(tree, members, table);
  }
  return [];
}

const KILL_MS = 5_000;
const POLL_MS = 20;

/**
 * Processor time that a tree has used so far, in milliseconds; it shrinks when a process ends. `withoutOwnGroup` leaves
 * out what is in the process group of this process.
 */
export function cpuMsOf(
  tree: ProcessTree,
  { withoutOwnGroup }: { readonly withoutOwnGroup: boolean },
  table: ProcessTable = processTable,
): number {
  const own = withoutOwnGroup ? table.all().find(({ pid }) => pid === process.pid)?.group : undefined;
  return findMembers(tree, [], table)
    .filter(({ group }) => group !== own)
    .reduce((sum, { cpuMs }) => sum + cpuMs, 0);
}

/** `known` are members of an earlier look: a child whose parent has ended is not found through it any more. */
function findMembers(
  { leaders, mark }: ProcessTree,
  known: readonly ProcessEntry[],
  table: ProcessTable,
): readonly ProcessEntry[] {
  const entries = table.all().filter(entry => !entry.isZombie && entry.pid > 1);
  const present = leaders.filter(leader => leader.boot === bootId() && !isReused(leader, entries));
  const groups = new Set(present.map(({ pid }) => pid));
  const keys = new Set([...present, ...known].map(keyOf));
  const isMember = (entry: ProcessEntry) =>
    keys.has(keyOf(entry)) || groups.has(entry.group) || table.hasVariable(entry.pid, `${MARK}=${mark}`);

  const found = new Set(entries.filter(isMember).map(({ pid }) => pid));
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const { pid, parent } of entries) if (found.has(parent)) found.add(pid);
  }
  found.delete(process.pid);
  return entries.filter(({ pid }) => found.has(pid));
}

/** A group keeps its leader's number until its last member ends, unless another process has got that pid. */
function isReused(leader: ProcessIdentity, entries: readonly ProcessEntry[]): boolean {
  const now = entries.find(({ pid }) => pid === leader.pid);
  return now !== undefined && now.started !== leader.started;
}

const keyOf = ({ pid, started }: { pid: number; started: string }) => `${pid} ${started}`;

/** Signals one process. Never pid 0 or 1, which would be this process's own group and init. */
export function signal(pid: number, name: NodeJS.Signals): void {
  if (!Number.isInteger(pid) || pid <= 1) return;
  try {
    process.kill(pid, name);
  } catch {
    // Gone meanwhile, or not ours to signal; the caller looks again.
  }
}
