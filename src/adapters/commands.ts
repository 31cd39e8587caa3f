import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { plainText } from '../core/plain-text.ts';
import { redact } from '../core/redact.ts';
import type { CommandResult, CommandRun, Commands } from '../ports.ts';
import { childEnv, type Environment } from './child-env.ts';
import { endTree, MARK } from './processes/process-tree.ts';
import { identifyProcess } from './processes.ts';

export interface CommandsOptions {
  /** This process's environment, of which commands get what `childEnv` lets pass. */
  readonly env: Environment;
  /** The names in HARNESS_PASS_ENV. */
  readonly pass: readonly string[];
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
  await endTree({ leaders: [], mark: command.tag }, { graceMs });

  const startedAt = performance.now();
  const child = spawn('/bin/sh', ['-c', command.command], {
    cwd: command.cwd,
    env: childEnv(env, { pass, extras: { [MARK]: command.tag } }),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const output = collectTail(child);
  const leader = child.pid === undefined ? null : identifyProcess(child.pid);
  const exited = waitForExit(child);
  const limit = new AbortController();
  const timedOut = await Promise.race([
    exited.then(() => false),
    pause(command.timeoutMs, true, { signal: limit.signal }).catch(() => true),
  ]);
  limit.abort();
  await endTree({ leaders: leader === null ? [] : [leader], mark: command.tag }, { graceMs });
  const exit = await exited;
  await output.drain();

  const secrets = [...options.secrets, ...pass.flatMap(name => env[name] ?? [])];
  return {
    exit: timedOut ? null : exit,
    timedOut,
    seconds: (performance.now() - startedAt) / 1000,
    // Redacted before it is cut: half a secret would not be recognised.
    tail: cutToTail(redact(plainText(output.text()), secrets)),
  };
}

/** Not by the `close` event: that one waits for every process that has inherited the pipes. */
function waitForExit(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('exit', code => resolve(code));
    child.once('error', reject);
  });
}

/** Keeps the end of what a child writes, several times what is needed, so that memory stays bounded. */
function collectTail(child: ChildProcess): { text(): string; drain(): Promise<void> } {
  let chunks: Buffer = Buffer.alloc(0);
  const streams = [child.stdout, child.stderr].flatMap(stream => stream ?? []);
  for (const stream of streams) {
    stream.on('data', (chunk: Buffer) => {
      chunks = Buffer.concat([chunks, chunk]).subarray(-4 * TAIL_BYTES);
    });
  }
  return {
    text: () => chunks.toString(),
    drain: async () => {
      const ends = streams
        .filter(stream => !stream.readableEnded)
        .map(stream => new Promise(resolve => stream.once('end', resolve)));
      await Promise.race([Promise.all(ends), pause(DRAIN_MS, undefined, { ref: false })]);
      for (const stream of streams) stream.destroy();
    },
  };
}

const TAIL_BYTES = 16 * 1024;
const DRAIN_MS = 1_000;

/** The last 16 KB of text, from a whole character on. */
function cutToTail(text: string): string {
  const bytes = Buffer.from(text);
  let start = Math.max(0, bytes.length - TAIL_BYTES);
  // 10xxxxxx is the inside of a character in UTF-8.
  while (start < bytes.length && start > 0 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
  return bytes.subarray(start).toString();
}
