import { existsSync } from 'node:fs';
import type { Scratch } from './scratch.ts';
import { toolchains } from './toolchains.ts';

/** What every program in the sandbox sees and does not see. */
export interface SandboxPlaces {
  readonly home: string;
  /** PATH of the programs. */
  readonly path: string;
  /** Directories whose content is hidden, wherever they are. */
  readonly hidden: readonly string[];
  readonly readable: readonly string[];
  readonly writable: readonly string[];
}

/**
 * Arguments of bubblewrap 0.8. The system is there, read-only; homes, sockets and temporary files of others
 * are not; what the program needs is put back, in this order, since the last one for a path counts.
 */
export function sandboxArguments(
  places: SandboxPlaces,
  run: {
    readonly cwd: string;
    readonly readable: readonly string[];
    readonly writable: readonly string[];
    readonly ownsTerminal: boolean;
    readonly scratch: Scratch;
  },
): readonly string[] {
  const { home, path } = places;
  const hidden = existing([...PRIVATE, home, ...places.hidden]);
  const readable = existing([...toolchains({ home, path }), ...places.readable, ...run.readable]);
  return [
    ...['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try', '--cap-drop', 'ALL'],
    // With the session of this process it could press keys in its terminal.
    ...(run.ownsTerminal ? [] : ['--new-session']),
    ...['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'],
    ...hidden.flatMap(dir => ['--tmpfs', dir]),
    // Names of hosts are resolved through sockets and files in /run.
    ...existing(RESOLVERS).flatMap(dir => ['--ro-bind', dir, dir]),
    ...['--bind', run.scratch.tmp, '/tmp'],
    ...(hidden.includes(home) ? ['--bind', run.scratch.home, home] : []),
    ...readable
      .filter(place => hidden.some(dir => isIn(dir, place)))
      .flatMap(place => ['--ro-bind', place, place]),
    ...existing([...places.writable, ...run.writable, run.cwd]).flatMap(place => ['--bind', place, place]),
    ...['--chdir', run.cwd],
  ];
}

/** Homes, sockets (docker, ssh-agent, tmux, the keyring) and what others leave in temporary directories. */
const PRIVATE = ['/home', '/root', '/run', '/tmp', '/var/tmp'];

const RESOLVERS = ['/run/systemd/resolve', '/run/nscd', '/run/resolvconf', '/run/NetworkManager/resolv.conf'];

const existing = (paths: readonly string[]) => [
  ...new Set(paths.filter(path => path.startsWith('/') && path !== '/' && existsSync(path))),
];

const isIn = (dir: string, path: string) => path === dir || path.startsWith(`${dir}/`);
