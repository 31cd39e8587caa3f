import { execa, type Options } from 'execa';
import { HarnessError } from '../../errors.ts';
import { type Access, environmentOf } from './environment.ts';
import { failureOf, redact } from './failures.ts';
import type { GitOptions } from './options.ts';
import { limitGroup } from './time-limit.ts';

/** One git command. */
export interface GitCommand {
  /** The repository it works in, absolute; named explicitly, so that none is ever looked for. */
  readonly gitDir: string;
  readonly args: readonly string[];
  /** `owner/name` when the command talks to its remote. */
  readonly remote?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Buffer;
  readonly inputFile?: string;
  /** `latin1` keeps file names that are not UTF-8 apart. */
  readonly encoding?: 'utf8' | 'latin1';
  readonly limitMs?: number;
}

/** How a git command ended. The secret is taken out of `stderr`. */
export interface GitRun {
  /** null when the time limit or a signal ended it. */
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs git, the only place that does. A git that can't be started throws `tool-missing`. */
export interface Git {
  readonly options: GitOptions;
  /** Any exit status is an answer. */
  attempt(command: GitCommand): Promise<GitRun>;
  /** Standard output as it is. Throws when the exit status is not 0. */
  read(command: GitCommand): Promise<string>;
  /** Standard output without surrounding white space. Throws when the exit status is not 0. */
  line(command: GitCommand): Promise<string>;
  /** Whether it succeeded; for commands that answer a question by their exit status. */
  holds(command: GitCommand): Promise<boolean>;
}

/** Time limit for reading refs, which are small. */
export const READ_LIMIT_MS = 120_000;

const LIMIT_MS = 300_000;

/** A runner of git under `options`. */
export function createGit(options: GitOptions): Git {
  const attempt = async (command: GitCommand): Promise<GitRun> => {
    const access = command.remote === undefined ? null : await accessTo(options, command.remote);
    const child = execa('git', command.args, settingsOf(options, command, access));
    const callOff = limitGroup(child.pid, command.limitMs ?? LIMIT_MS);
    const ended = await child;
    callOff();
    if (ended.code === 'ENOENT') throw new HarnessError('tool-missing', 'git was not found on PATH.');
    return {
      exit: ended.exitCode ?? null,
      stdout: String(ended.stdout ?? ''),
      stderr: redact(String(ended.stderr ?? ''), access?.credentials ?? null),
    };
  };
  const read = async (command: GitCommand) => {
    const run = await attempt(command);
    if (run.exit !== 0) throw failureOf(command, run);
    return run.stdout;
  };
  return {
    options,
    attempt,
    read,
    line: async command => (await read(command)).trim(),
    holds: async command => (await attempt(command)).exit === 0,
  };
}

async function accessTo({ remoteUrl, credentials }: GitOptions, repo: string): Promise<Access> {
  const url = remoteUrl(repo);
  return { url, credentials: /^https?:/i.test(url) ? await credentials() : null };
}

function settingsOf(options: GitOptions, command: GitCommand, access: Access | null): Options {
  const { gitDir, args, env = {}, input, inputFile, encoding = 'utf8' } = command;
  options.log.debug('git', { args });
  return {
    cwd: options.clonesDir,
    env: { ...environmentOf(options, gitDir, access), ...env },
    extendEnv: false,
    reject: false,
    // A group of its own, which ends as a whole when its time is up.
    detached: true,
    stripFinalNewline: false,
    encoding,
    maxBuffer: 256 * 1024 * 1024,
    stdin: input === undefined && inputFile === undefined ? 'ignore' : 'pipe',
    ...(input === undefined ? {} : { input }),
    ...(inputFile === undefined ? {} : { inputFile }),
  };
}
