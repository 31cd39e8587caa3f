import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessEntry, ProcessTable } from './process-table.ts';

/** Reads /proc. Synchronous: the kernel answers from memory, faster than a thread could be asked. */
export const linuxTable: ProcessTable = {
  read,
  all: () =>
    readdirSync('/proc')
      .filter(name => /^\d+$/.test(name))
      .flatMap(name => read(Number(name)) ?? []),
  hasVariable: (pid, variable) => `\0${readText(`/proc/${pid}/environ`)}`.includes(`\0${variable}\0`),
};

function read(pid: number): ProcessEntry | null {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === '') return null;
  // The program's name is in parentheses and may itself contain blanks and parentheses: proc(5).
  const [state = '', parent, group, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    started: rest[16] ?? '',
    isZombie: state === 'Z' || state === 'X',
    cpuMs: rest.slice(8, 12).reduce((sum, ticks) => sum + Number(ticks), 0) * TICK_MS,
  };
}

/** The kernel tells user programs of hundredths of seconds, whatever it counts itself: USER_HZ, time(7). */
const TICK_MS = 10;

/** Empty when the process is gone or somebody else's. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
