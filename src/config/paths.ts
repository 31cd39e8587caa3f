import { realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { HarnessError } from '../errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the files of a project and of this host are. */
export interface ProjectPaths {
  readonly projectDir: string;
  /** Policy; meant to be committed. */
  readonly configFile: string;
  /** Settings of this host. */
  readonly localFile: string;
  /** The units of a `multi` fleet. */
  readonly targetsFile: string;
  /** Disposable state of this fleet: claims, session records, logs, the pause flag. */
  readonly runDir: string;
  /** What all fleets of this user share: the engine, snapshots, clones. */
  readonly harnessHome: string;
  readonly snapshotsDir: string;
}

/** What one fleet keeps under the Harness home; all of it can be made again. */
export interface FleetPaths {
  readonly fleetDir: string;
  /** Bare clones, the only ones that the engine's git works in. */
  readonly clonesDir: string;
  /** Private clones that agents work in. */
  readonly worktreesDir: string;
  /** Clean checkouts for verification. */
  readonly checkoutsDir: string;
}

/**
 * The nearest directory upwards from `cwd` with a `.harness/config`, with symlinks resolved so that a
 * project has one name. Throws `not-initialised`.
 */
export async function findProject(cwd: string): Promise<string> {
  const start = await realpath(cwd);
  let directory = start;
  while (!(await isFile(join(directory, '.harness', 'config')))) {
    const parent = dirname(directory);
    if (parent === directory) {
      throw new HarnessError('not-initialised', `No .harness/config in ${start} or above it.`);
    }
    directory = parent;
  }
  return directory;
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    entry => entry.isFile(),
    () => false,
  );
}

/** The paths of a project. Throws `config-invalid` when HARNESS_HOME is no absolute path. */
export function projectPaths(projectDir: string, env: Environment): ProjectPaths {
  const harnessDir = join(projectDir, '.harness');
  const harnessHome = findHarnessHome(env);
  return {
    projectDir,
    configFile: join(harnessDir, 'config'),
    localFile: join(harnessDir, 'config.local'),
    targetsFile: join(harnessDir, 'targets.tsv'),
    runDir: join(harnessDir, 'run'),
    harnessHome,
    snapshotsDir: join(harnessHome, 'snapshots'),
  };
}

/**
 * HARNESS_HOME, or `.harness` in the home directory. Throws `config-invalid` for an empty or relative one:
 * what is derived from it would end up in whatever directory is current.
 */
export function findHarnessHome(env: Environment): string {
  const [name, path] =
    env.HARNESS_HOME === undefined
      ? ['HOME', join(env.HOME ?? homedir(), '.harness')]
      : ['HARNESS_HOME', env.HARNESS_HOME];
  if (isAbsolute(path)) return path;
  throw new HarnessError(
    'config-invalid',
    `${name}: expected an absolute path, got ${JSON.stringify(env[name])}.`,
  );
}

/** The directories of one fleet. `fleet` is its identifier; throws `config-invalid` when that is no plain name. */
export function fleetPaths(harnessHome: string, fleet: string): FleetPaths {
  if (!/^[A-Za-z0-9][\w-]*$/.test(fleet)) {
    throw new HarnessError('config-invalid', `Not the identifier of a fleet: ${JSON.stringify(fleet)}.`);
  }
  const fleetDir = join(harnessHome, 'fleets', fleet);
  return {
    fleetDir,
    clonesDir: join(fleetDir, 'clones'),
    worktreesDir: join(fleetDir, 'worktrees'),
    checkoutsDir: join(fleetDir, 'checkouts'),
  };
}
