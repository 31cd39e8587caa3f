import { isatty } from 'node:tty';
import { Command, CommanderError } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { addDecisionCommands } from './cli/decisions.ts';
import type { Finish } from './cli/finish.ts';
import { addForgeCommands } from './cli/forge.ts';
import { addHostCommands } from './cli/host.ts';
import { addInjectionCommands } from './cli/injection.ts';
import { addProjectCommands } from './cli/project.ts';
import { addReadCommands } from './cli/reading.ts';
import { failureText } from './commands/failure-text.ts';
import { EXIT, HarnessError, messageOf } from './errors.ts';
import type { Invocation } from './invocation.ts';

/** Runs the command line: parses, dispatches to one file per verb, and turns failures into exit codes. */
async function main(): Promise<number> {
  const io = invocation();
  process.stdout.on('error', endOnBrokenPipe);
  try {
    let exit: number = EXIT.ok;
    const program = buildProgram(io, code => {
      exit = code;
    });
    if (process.argv.length <= 2) program.outputHelp();
    else await program.parseAsync(process.argv);
    return exit;
  } catch (error) {
    return report(error, io);
  }
}

function buildProgram(io: Invocation, finish: Finish): Command {
  const program = new Command('harness')
    .description('Runs a fleet of coding agents against GitHub issues, and lands only what is proven.')
    .version(packageJson.version, '-V, --version')
    .option('-C, --dir <path>', 'the project directory (default: found upwards from here)')
    .showHelpAfterError('Run with --help for the options and examples.')
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .configureHelp({ helpWidth: io.isTerminal ? Math.min(io.columns, 100) : 80, sortSubcommands: false })
    .addHelpText('after', EXIT_CODES);

  addProjectCommands(program, io, finish);
  addDecisionCommands(program, io, finish);
  addInjectionCommands(program, io, finish);
  addReadCommands(program, io, finish);
  addHostCommands(program, io, finish);
  addForgeCommands(program, io, finish);
  return program;
}

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 bad input or configuration, 3 a program is missing,
4 GitHub refused or could not be reached, 5 refused in this state, 130 interrupted.`;

/** Prints a failure as what happened and what to do; a stack only when it was asked for. */
function report(error: unknown, io: Invocation): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (io.env.HARNESS_DEBUG === '1') io.err(`${stackOf(error)}\n`);
  const failure =
    error instanceof HarnessError
      ? error
      : new HarnessError('engine-failed', `Unexpected: ${messageOf(error)}`);
  io.err(failureText(failure));
  return failure.exit;
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? `${error.stack}` : `${error.stack}\ncaused by: ${stackOf(error.cause)}`;
}

const STANDARD_INPUT = 0;

// Another program that reads the output is to have all of it.
const UNCUT = 1_000;

function invocation(): Invocation {
  const { stdout, stderr, env } = process;
  let signal: AbortSignal | null = null;
  return {
    cwd: process.cwd(),
    env,
    out: text => void stdout.write(text),
    err: text => void stderr.write(text),
    // A terminal that does not know its width says 0.
    columns: stdout.columns || UNCUT,
    isTerminal: stdout.isTTY === true,
    isInteractive: stdout.isTTY === true && isatty(STANDARD_INPUT),
    useColor: !env.NO_COLOR && env.TERM !== 'dumb' && (stdout.isTTY === true || env.FORCE_COLOR === '1'),
    exitNow: code => process.exit(code),
    // Only a command that asks for it handles Ctrl-C itself; for all others the default end is right.
    get signal() {
      signal ??= abortOnSignals();
      return signal;
    },
  };
}

/** Aborts at the first SIGINT, SIGTERM or SIGHUP; the second one ends the process at once. */
function abortOnSignals(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(EXIT.interrupted);
      controller.abort(name);
    });
  }
  return controller.signal;
}

function endOnBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(EXIT.ok);
  throw error;
}

const exit = await main();
// Idle keep-alive connections would hold the process for seconds; what was written is flushed first.
process.stdout.write('', () => process.stderr.write('', () => process.exit(exit)));
