import { execa } from 'execa';
import { HarnessError } from '../errors.ts';
import { childEnv, type Environment } from './child-env.ts';

/** A fleet's own tmux server, on a socket of its own and without the user's configuration. */
export interface Tmux {
  /** Starts a program in a new detached session; false when the name is taken. */
  newSession(session: NewSession): Promise<boolean>;
  hasSession(name: string): Promise<boolean>;
  /** Empty when no server runs. */
  listSessions(): Promise<readonly TmuxSession[]>;
  /** Ends a session; its processes get SIGHUP. Ending what is gone is a success. */
  killSession(name: string): Promise<void>;
  /** Ends the server and with it every session of the fleet. */
  killServer(): Promise<void>;
  /** Presses keys in a session's pane, in tmux's names for them: `Enter`, `C-c`. */
  sendKeys(name: string, keys: readonly string[]): Promise<void>;
  /** The command that attaches a terminal to a session; `env` is its whole environment. */
  attachCommand(name: string, options: { readOnly: boolean }): AttachCommand;
}

export interface NewSession {
  /** Letters, digits, `_` and `-`. */
  readonly name: string;
  /** A program and at least one argument: tmux hands a lone word to a shell. */
  readonly argv: readonly [string, string, ...string[]];
  readonly cwd: string;
  /** On top of what every child gets and of what tmux adds: TERM, TMUX, TMUX_PANE. */
  readonly env: Readonly<Record<string, string>>;
  /** Kept with the session for whoever finds it; a few kilobytes at most. */
  readonly note: string;
}

export interface TmuxSession {
  readonly name: string;
  /** The process that the session was started with. */
  readonly pid: number;
  /** Empty when there is none. */
  readonly note: string;
}

export interface AttachCommand {
  readonly program: 'tmux';
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Name of a fleet's tmux socket, in TMUX_TMPDIR or else /tmp. */
export function socketName(fleet: string): string {
  return `harness-${fleet}`;
}

export interface TmuxOptions {
  readonly socket: string;
  /** This process's environment, of which TMUX_TMPDIR and what every child gets are used. */
  readonly env: Environment;
  /** How long an answer of the server is waited for; 30,000 unless given. */
  readonly patienceMs?: number;
}

/**
 * The tmux server on `socket`. Throws `tool-missing` without tmux, and `tmux-failed` for what tmux refuses or does not
 * answer in time: a server that is stopped would hold whoever asks it for ever.
 */
export function createTmux({ socket, env, patienceMs = 30_000 }: TmuxOptions): Tmux {
  const base = {
    ...childEnv(env, { pass: [], extras: {} }),
    ...(env.TMUX_TMPDIR === undefined ? {} : { TMUX_TMPDIR: env.TMUX_TMPDIR }),
  };
  const run = (args: readonly string[], runEnv: Readonly<Record<string, string>> = base) =>
    runTmux(['-u', '-L', socket, '-f', '/dev/null', ...args], { env: runEnv, patienceMs });

  return {
    newSession: async session => {
      const args = newSessionArgs(session);
      await run(START_SERVER);
      const answer = await run(args, { ...base, ...session.env });
      if (answer.ok) return true;
      await run(['set-option', '-s', 'exit-empty', 'on']);
      if (answer.message.includes('duplicate session')) return false;
      throw failure(answer);
    },
    hasSession: async name => {
      const answer = await run(['has-session', '-t', target(name)]);
      return answer.ok || refuseUnlessAbsent(answer);
    },
    listSessions: async () => {
      const format = `#{session_name}\t#{pane_pid}\t#{${NOTE}}`;
      const answer = await run(['list-sessions', '-F', format]);
      if (answer.ok) return answer.stdout.split('\n').flatMap(line => parseSession(line) ?? []);
      refuseUnlessAbsent(answer);
      return [];
    },
    killSession: async name => {
      const answer = await run(['kill-session', '-t', target(name)]);
      if (!answer.ok) refuseUnlessAbsent(answer);
    },
    killServer: async () => {
      const answer = await run(['kill-server']);
      if (!answer.ok) refuseUnlessAbsent(answer);
    },
    sendKeys: async (name, keys) => {
      const answer = await run(['send-keys', '-t', `${target(name)}:`, '--', ...keys.map(escapeWord)]);
      if (!answer.ok) throw failure(answer);
    },
    attachCommand: (name, { readOnly }) => ({
      program: 'tmux',
      argv: [
        ...['-u', '-L', socket, '-f', '/dev/null', 'attach-session'],
        ...(readOnly ? ['-r'] : []),
        ...['-t', target(name)],
      ],
      env: base,
    }),
  };
}

/** A user option of the session: tmux keeps it and never looks at it. */
const NOTE = '@harness_note';

/**
 * The server starts apart from any session, so that its global environment, which every session inherits,
 * has nothing of a single one. A pane goes when its program ends: what it said and how it ended is in
 * files, and so a session that exists is one that runs.
 */
const START_SERVER = [
  ...['start-server', ';', 'set-option', '-s', 'exit-empty', 'off', ';'],
  ...['set-option', '-g', 'remain-on-exit', 'off', ';', 'set-option', '-g', 'history-limit', '20000'],
];

/**
 * The environment travels through the socket, by tmux's own list of variables that a client hands over:
 * `-e NAME=value` could be read by everybody in the list of processes.
 */
function newSessionArgs({ name, argv, cwd, env, note }: NewSession): string[] {
  return [
    ...['set-option', '-g', 'update-environment', Object.keys(env).join(' '), ';'],
    ...['new-session', '-d', '-s', name, '-x', '200', '-y', '50', '-c', escapeWord(cwd), '--'],
    ...argv.map(escapeWord),
    ...[';', 'set-option', '-t', `${target(name)}:`, NOTE, Buffer.from(note).toString('base64url')],
    ...[';', 'set-option', '-s', 'exit-empty', 'on'],
  ];
}

/** An exact target: a bare name would also mean every session whose name begins with it. */
function target(name: string): string {
  if (/^[A-Za-z0-9_-]+$/.test(name)) return `=${name}`;
  throw new HarnessError('tmux-failed', `Not a session name: ${JSON.stringify(name)}.`);
}

/** tmux takes a semicolon at the end of a word for the end of the command. */
const escapeWord = (word: string) => word.replace(/;$/, '\\;');

function parseSession(line: string): TmuxSession | null {
  const [name, pid, note] = line.split('\t');
  if (!name) return null;
  return { name, pid: Number(pid), note: Buffer.from(note ?? '', 'base64url').toString() };
}

type Answer =
  | { readonly ok: true; readonly stdout: string }
  | { readonly ok: false; readonly message: string };

async function runTmux(
  args: readonly string[],
  { env, patienceMs }: { readonly env: Readonly<Record<string, string>>; readonly patienceMs: number },
): Promise<Answer> {
  const running = execa('tmux', args, { env, extendEnv: false, reject: false, stdin: 'ignore' });
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    running.kill('SIGKILL');
    // A client has handed its output over to the server, which does not close what it has not read of yet.
    running.stdout.destroy();
    running.stderr.destroy();
  }, patienceMs);
  const result = await running.finally(() => clearTimeout(timer));
  if (result.code === 'ENOENT') {
    throw new HarnessError('tool-missing', 'tmux is not installed, or not in PATH.', { cause: result.cause });
  }
  if (isLate) return { ok: false, message: `no answer in ${patienceMs / 1000} s` };
  if (result.failed) return { ok: false, message: result.stderr || (result.shortMessage ?? '') };
  return { ok: true, stdout: result.stdout ?? '' };
}

type Refusal = Extract<Answer, { ok: false }>;

/** false when there is no such session or no server; anything else that tmux says is a failure. */
function refuseUnlessAbsent(answer: Refusal): false {
  if (ABSENT.test(answer.message)) return false;
  throw failure(answer);
}

const ABSENT =
  /no server running|error connecting to .*(No such file|Connection refused)|can't find session|session not found|no current target|lost server|server exited/;

const failure = ({ message }: Refusal) => new HarnessError('tmux-failed', `tmux: ${message}`);
