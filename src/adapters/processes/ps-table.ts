import { spawnSync } from 'node:child_process';
import { HarnessError } from '../../errors.ts';
import type { ProcessEntry, ProcessTable } from './process-table.ts';

/** Asks `ps`, where there is no /proc. It can't tell environments. */
export const psTable: ProcessTable = {
  read: pid => ask(['-p', String(pid)])[0] ?? null,
  all: () => ask(['-A']),
  hasVariable: () => false,
};

function ask(selection: readonly string[]): readonly ProcessEntry[] {
  const columns = ['pid=', 'ppid=', 'pgid=', 'stat=', 'time=', 'lstart='].flatMap(column => ['-o', column]);
  const { stdout, error } = spawnSync('ps', [...selection, ...columns], {
    encoding: 'utf8',
    env: { PATH: '/bin:/usr/bin', LC_ALL: 'C' },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) throw new HarnessError('tool-missing', `ps can't be run: ${error.message}`, { cause: error });
  return stdout.split('\n').flatMap(line => parseLine(line) ?? []);
}

function parseLine(line: string): ProcessEntry | null {
  const [, pid, parent, group, state = '', time = '', started = ''] =
    /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(.+?)\s*$/.exec(line) ?? [];
  if (pid === undefined) return null;
  return {
    pid: Number(pid),
    parent: Number(parent),
    group: Number(group),
    started,
    isZombie: state.startsWith('Z'),
    cpuMs: millisecondsOf(time),
  };
}

/** `1-02:03:04` or `2:03.45` */
function millisecondsOf(time: string): number {
  const [clock = '', days = '0'] = time.split('-').reverse();
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return (Number(days) * 86_400 + seconds) * 1000;
}
