import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { plainText } from '../core/plain-text.ts';
import { redact } from '../core/redact.ts';
import { HarnessError } from '../errors.ts';
import type { CommandResult, CommandRun, Commands } from '../ports.ts';
import { childEnv, type Environment, secretsIn } from './child-env.ts';
import type { Enclosure } from './enclosure.ts';
import { drainOutput } from './processes/drain-output.ts';
import { endTree, MARK } from './processes/process-tree.ts';
import { identifyProcess } from './processes.ts';
import { clearReports, readReports } from './report-files.ts';

export interface CommandsOptions {
  /** This process's environment, of which commands get what `childEnv` lets pass. */
  readonly env: Environment;
  /** The names in HARNESS_PASS_ENV. */
  readonly pass: readonly string[];
  /** What commands run in; null: nothing holds them. Throws `tool-missing` when the settings ask for more. */
  readonly enclosure: () => Promise<Enclosure | null>;
  /** Values that must not be in an output. */
  readonly secrets: readonly string[];
  /** Time that a command gets between SIGTERM and SIGKILL. */
  readonly graceMs: number;
}

/**
 * Runs commands of the configuration with `sh -c`: they are the owner's own text. Nothing that a command
 * started is left when `run` returns, and what a crashed engine left of the same tag ends first; so two
 * commands at a time need two tags.
 */
export function createCommands(options: CommandsOptions): Commands {
  return { run: command => runCommand(options, command) };
}

async function runCommand(options: CommandsOptions, command: CommandRun): Promise<CommandResult> {
  const { env, pass, graceMs } = options;
  const mark = command.tag;
  await endTree({ leaders: [], mark }, { graceMs });

  const shell = ['/bin/sh', '-c', command.command] as const;
  const { cwd } = command;
  const enclosure = await options.enclosure();
  const reports = { cwd, places: command.reports ?? [] };
  clearReports(reports);
  const [program, ...args] =
    enclosure?.wrap({ argv: shell, cwd, readable: [], writable: [], ownsTerminal: false }) ?? shell;
  const startedAt = performance.now();
  const child = spawn(program, args, {
    cwd,
    env: childEnv(env, { pass, extras: { ...enclosure?.variables(cwd, pass), [MARK]: mark } }),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const output = collectTail(child);
  const exited = waitForExit(child, command.cwd);
  const leader = child.pid === undefined ? null : identifyProcess(child.pid);
  const timedOut = await outlasts(exited, command.timeoutMs);
  await endTree({ leaders: leader === null ? [] : [leader], mark }, { graceMs });
  const exit = await exited;
  await drainOutput(child);

  const secrets = [...options.secrets, ...secretsIn(env, pass)];
  return {
    exit: timedOut ? null : exit,
    timedOut,
    seconds: (performance.now() - startedAt) / 1000,
    // Redacted before it is cut: half a secret would not be recognised.
    tail: cutToTail(redact(plainText(output.text()), secrets)),
    ...(command.reports ? { reports: readReports(reports) } : {}),
  };
}

/** Not by the `close` event: that one waits for every process that has inherited the pipes. */
function waitForExit(child: ChildProcess, cwd: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('exit', code => resolve(code));
    child.once('error', cause => {
      const message = `A shell can't be started in ${cwd}: ${cause.message}`;
      reject(new HarnessError('engine-failed', message, { cause }));
    });
  });
}

async function outlasts(exited: Promise<unknown>, limitMs: number): Promise<boolean> {
  const limit = new AbortController();
  const isUp = pause(limitMs, true, { signal: limit.signal }).catch(() => true);
  try {
    return await Promise.race([exited.then(() => false), isUp]);
  } finally {
    limit.abort();
  }
}

/** Keeps the end of what a child writes: more than is needed, yet a bounded piece of memory. */
function collectTail({ stdout, stderr }: ChildProcess): { text(): string } {
  let tail: Buffer = Buffer.alloc(0);
  for (const stream of [stdout, stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      tail = Buffer.concat([tail, chunk]).subarray(-4 * TAIL_BYTES);
    });
  }
  return { text: () => tail.toString() };
}

const TAIL_BYTES = 16 * 1024;

/** The last 16 KB of text, from a whole character on. */
function cutToTail(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= TAIL_BYTES) return text;
  const tail = bytes.subarray(-TAIL_BYTES);
  // Bytes 10xxxxxx are the inside of a character in UTF-8.
  return tail.subarray(tail.findIndex(byte => (byte & 0xc0) !== 0x80)).toString();
}
