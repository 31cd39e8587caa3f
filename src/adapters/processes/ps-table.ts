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
  const columns = ['pid=', 'ppid=', 'pgid=', 'stat=', 'lstart='].flatMap(column => ['-o', column]);
  const { stdout, error } = spawnSync('ps', [...selection, ...columns], {
    encoding: 'utf8',
    env: { PATH: '/bin:/usr/bin', LC_ALL: 'C' },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) throw new HarnessError('tool-missing', `ps can't be run: ${error.message}`, { cause: error });
  return stdout.split('\n').flatMap(line => parseLine(line) ?? []);
}

function parseLine(line: string): ProcessEntry | null {
  const [, pid, parent, group, state = '', started = ''] =
    /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line) ?? [];
  if (pid === undefined) return null;
  return {
    pid: Number(pid),
    parent: Number(parent),
    group: Number(group),
    started,
    isZombie: state.startsWith('Z'),
  };
}
