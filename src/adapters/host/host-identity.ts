import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { HostIdentity } from '../../ports.ts';
import { bootId, type ProcessIdentity } from '../processes.ts';

/** Names a project's fleet on this host: the same after every restart, another one in every other directory. */
export function fleetOf({ projectDir, harnessHome }: { projectDir: string; harnessHome: string }): string {
  return digest([machine(), projectDir, harnessHome]);
}

/** Who a worker is. `worker` is its number in the fleet. */
export function identifyHost(options: {
  readonly projectDir: string;
  readonly harnessHome: string;
  readonly worker: number;
  readonly self: ProcessIdentity;
}): HostIdentity {
  const { pid, started } = options.self;
  return {
    fleet: fleetOf(options),
    host: digest([machine()]),
    boot: digest([bootId()]),
    worker: `w${options.worker}:${pid}:${started}`,
  };
}

/** The name alone changes with the network, the id alone is shared by clones of one image. */
function machine(): string {
  const path = '/etc/machine-id';
  const id = existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  return `${id} ${hostname()}`;
}

const digest = (parts: readonly string[]) =>
  createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 12);
