import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { HarnessError } from '../errors.ts';
import { linuxTable } from './processes/linux-table.ts';
import type { ProcessTable } from './processes/process-table.ts';
import { psTable } from './processes/ps-table.ts';

/** Tells one process from every other, also after its pid was given to another one or the host restarted. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly started: string;
  readonly boot: string;
}

/** The processes of this host. */
export const processTable: ProcessTable = existsSync('/proc/self/stat') ? linuxTable : psTable;

/** The identity of a process that exists now, or null. A child that just ended still has one. */
export function identifyProcess(pid: number, table: ProcessTable = processTable): ProcessIdentity | null {
  const entry = table.read(pid);
  return entry && { pid, started: entry.started, boot: bootId() };
}

/** The identity of this process. */
export function identifySelf(): ProcessIdentity {
  const self = identifyProcess(process.pid);
  if (self !== null) return self;
  throw new HarnessError('engine-failed', `The list of processes does not have this one, ${process.pid}.`);
}

/** Whether exactly this process still runs. */
export function isAlive(identity: ProcessIdentity, table: ProcessTable = processTable): boolean {
  if (identity.boot !== bootId()) return false;
  const entry = table.read(identity.pid);
  return entry !== null && !entry.isZombie && entry.started === identity.started;
}

/** Names this run of the operating system; another one after every restart of the host. */
export function bootId(): string {
  boot ??= readBootId();
  return boot;
}

let boot: string | undefined;

function readBootId(): string {
  const path = '/proc/sys/kernel/random/boot_id';
  if (existsSync(path)) return readFileSync(path, 'utf8').trim();
  // macOS has the first, FreeBSD the second.
  const { stdout } = spawnSync('sysctl', ['-n', 'kern.bootsessionuuid', 'kern.boottime'], {
    encoding: 'utf8',
    env: { PATH: '/sbin:/usr/sbin:/bin:/usr/bin' },
  });
  return stdout?.trim().split('\n')[0] ?? '';
}
