import { join } from 'node:path';
import { execa } from 'execa';
import type { RepositoryName } from '../records.ts';

/** Git in the forge's bare repositories, one process per call. */
export interface Git {
  /** Directory of the bare repositories: `<projectRoot>/<owner>/<name>.git`. */
  readonly projectRoot: string;
  directoryOf(repository: RepositoryName): string;
  /** Standard output; throws when git fails. */
  run(repository: RepositoryName, args: readonly string[], options?: GitOptions): Promise<string>;
  /** Standard output as it is. */
  bytes(repository: RepositoryName, args: readonly string[]): Promise<Uint8Array<ArrayBuffer>>;
  /** The exit code with standard output; never throws for a failure of git itself. */
  attempt(
    repository: RepositoryName,
    args: readonly string[],
    options?: GitOptions,
  ): Promise<{ readonly exit: number; readonly stdout: string; readonly stderr: string }>;
  /** Environment of every git process: nothing of the user's configuration or repository. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface GitOptions {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
}

/** Git on the repositories under `root/git`, found on `searchPath` (a PATH). */
export function createGit({ root, searchPath }: { root: string; searchPath: string }): Git {
  const projectRoot = join(root, 'git');
  const environment = gitEnvironment(searchPath);
  const directoryOf = (repository: RepositoryName) => join(projectRoot, `${repository}.git`);

  const attempt: Git['attempt'] = async (repository, args, options = {}) => {
    const { exitCode, stdout, stderr, failed, message } = await execa('git', args, {
      cwd: directoryOf(repository),
      env: { ...environment, ...options.env },
      extendEnv: false,
      reject: false,
      stripFinalNewline: false,
      ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    });
    return { exit: exitCode ?? 255, stdout, stderr: failed && stderr === '' ? String(message) : stderr };
  };

  return {
    projectRoot,
    environment,
    directoryOf,
    attempt,
    async run(repository, args, options) {
      const { exit, stdout, stderr } = await attempt(repository, args, options);
      if (exit !== 0) throw new Error(`git ${args.join(' ')} in ${repository}: ${stderr.trim()}`);
      return stdout;
    },
    async bytes(repository, args) {
      const { stdout } = await execa('git', args, {
        cwd: directoryOf(repository),
        env: environment,
        extendEnv: false,
        stripFinalNewline: false,
        stdin: 'ignore',
        encoding: 'buffer',
      });
      return new Uint8Array(stdout);
    },
  };
}

/** What every git of the forge gets, with `searchPath` as its PATH: nothing of the user's configuration. */
export function gitEnvironment(searchPath: string): Readonly<Record<string, string>> {
  return {
    PATH: searchPath,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
  };
}
