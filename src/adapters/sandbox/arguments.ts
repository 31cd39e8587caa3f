import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { unlessMissing } from '../missing.ts';
import { toolchains } from './toolchains.ts';

/** What every program in the sandbox sees and does not see. */
export interface SandboxPlaces {
  readonly home: string;
  /** PATH of the programs. */
  readonly path: string;
  /** What the owner of this host lets them see besides, and change. */
  readonly readable: readonly string[];
  readonly writable: readonly string[];
  /** Directories of ours whose content is hidden wherever they are, also inside of those; other fleets come and go. */
  readonly hidden: () => readonly string[];
  /** What of them every program needs all the same. */
  readonly needed: readonly string[];
}

/** Directories that stand for a home and for `/tmp`. */
export interface Scratch {
  readonly home: string;
  readonly tmp: string;
}

/**
 * Arguments of bubblewrap 0.8. The system is there, read-only; homes, projects, sockets and temporary files of others
 * are not; what the program needs is put back, in this order, since the last one for a path counts.
 */
export function sandboxArguments(
  places: SandboxPlaces,
  run: {
    readonly cwd: string;
    readonly mayChangeCwd?: boolean;
    readonly readable: readonly string[];
    readonly writable: readonly string[];
    readonly ownsTerminal: boolean;
    readonly scratch: Scratch;
  },
): readonly string[] {
  const { home, path } = places;
  const masked = existing([...PRIVATE, ...outsideSystem(), home]);
  const hidden = existing(places.hidden().map(realPath));
  const isMasked = (place: string) => [...masked, ...hidden].some(dir => isIn(dir, place));
  const shown = existing([...toolchains({ home, path }), ...places.readable]).filter(isMasked);
  const opened = existing(places.writable);
  // What is covered already is left alone: hiding it once more would tell its name.
  const uncovered = hidden.filter(
    dir =>
      !masked.some(mask => isIn(mask, dir)) ||
      [...shown, ...opened].some(place => isIn(place, dir) || isIn(dir, place)),
  );
  return [
    ...['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try', '--cap-drop', 'ALL'],
    // With the session of this process it could press keys in its terminal.
    ...(run.ownsTerminal ? [] : ['--new-session']),
    ...['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'],
    ...masked.flatMap(dir => ['--tmpfs', dir]),
    // Names of hosts are resolved through sockets and files in /run.
    ...existing(RESOLVERS).flatMap(readOnly),
    ...['--bind', run.scratch.tmp, '/tmp'],
    ...(masked.includes(home) ? ['--bind', run.scratch.home, home] : []),
    ...shown.flatMap(readOnly),
    ...opened.flatMap(writable),
    ...uncovered.flatMap(dir => ['--tmpfs', dir]),
    ...existing([...places.needed, ...run.readable])
      .filter(isMasked)
      .flatMap(readOnly),
    ...existing(run.writable).flatMap(writable),
    ...existing([run.cwd]).flatMap(run.mayChangeCwd === false ? readOnly : writable),
    ...['--chdir', run.cwd],
  ];
}

const readOnly = (path: string) => ['--ro-bind', path, path];

const writable = (path: string) => ['--bind', path, path];

/** Homes, sockets (docker, ssh-agent, tmux, the keyring) and what others leave in temporary directories. */
const PRIVATE = ['/home', '/root', '/run', '/tmp', '/var/tmp'];

/** Directories at the root that are no part of a system: data disks, projects, what somebody else keeps there. */
const outsideSystem = () =>
  readdirSync('/', { withFileTypes: true })
    .filter(entry => entry.isDirectory() && !SYSTEM.has(entry.name) && !/^lib(?:x?\d+)?$/.test(entry.name))
    .map(({ name }) => `/${name}`);

/** Filesystem Hierarchy Standard 3.0, and where NixOS, Guix and snap keep programs. */
const SYSTEM: ReadonlySet<string> = new Set([
  ...['bin', 'boot', 'dev', 'etc', 'opt', 'proc', 'sbin', 'sys', 'usr', 'var'],
  ...['nix', 'gnu', 'snap'],
]);

const RESOLVERS = ['/run/systemd/resolve', '/run/nscd', '/run/resolvconf', '/run/NetworkManager/resolv.conf'];

const existing = (paths: readonly string[]) => [
  ...new Set(paths.filter(path => path.startsWith('/') && path !== '/' && existsSync(path))),
];

// Over a link nothing can be mounted.
const realPath = (path: string) => unlessMissing(() => realpathSync(path)) ?? path;

const isIn = (dir: string, path: string) => path === dir || path.startsWith(`${dir}/`);
