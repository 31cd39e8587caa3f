import { Command, CommanderError, Option } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
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

type Finish = (exit: number) => void;

function buildProgram(io: Invocation, finish: Finish): Command {
  const program = new Command('harness')
    .description('Runs a fleet of coding agents against GitHub issues, and lands only what is proven.')
    .version(packageJson.version, '-V, --version')
    .option('-C, --dir <path>', 'the project directory (default: found upwards from here)')
    .showHelpAfterError('Run with --help for the options and examples.')
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .configureHelp({ helpWidth: Math.min(io.columns, 100), sortSubcommands: false })
    .addHelpText('after', EXIT_CODES);

  addProjectCommands(program, io, finish);
  addInjectionCommands(program, io, finish);
  addReadCommands(program, io, finish);
  addHostCommands(program, io, finish);
  addForgeCommands(program, io, finish);
  return program;
}

function addProjectCommands(program: Command, io: Invocation, finish: Finish): void {
  const dir = () => program.opts<{ dir?: string }>().dir;

  program
    .command('init')
    .description('set up Harness in a git checkout: writes .harness/config')
    .option('--repo <owner/name>', 'the repository to work on (default: from the git remote)')
    .option('--remote <name>', 'the git remote to read it from (default: origin, or the only one)')
    .option('--mode <mode>', 'issue-only, prd or planned')
    .option('--topology <topology>', 'single or multi')
    .option('--pool <n>', 'resident workers on this host')
    .option('--cap <n>', 'agent sessions at a time')
    .option('--base <branch>', 'branch that work starts from and lands on')
    .option('--spec <path>', 'the specification (planned mode)')
    .option('--setup <command>', 'prepares a fresh checkout')
    .option('--verify <command>', 'proves a change')
    .option('--agent-command <command>', 'the agent program and its arguments')
    .option('--label-ready <label>', 'label of the issues that agents may take')
    .option('--allow-authors <logins>', 'logins whose issues count besides your own')
    .option('--prefix <prefix>', 'prefix of the tmux session names')
    .option('--api-url <url>', 'address of the GitHub API')
    .option('--gitignore', "add Harness's files to .gitignore instead of .git/info/exclude")
    .option('--force', 'change keys that are set to something else')
    .option('-y, --yes', 'ask nothing: take flags, guesses and defaults')
    .option('--json', 'print what was done as JSON')
    .addHelpText(
      'after',
      examples('harness init', 'harness init --yes --verify "npm test" --agent-command "claude -p"'),
    )
    .action(async options => {
      const [{ initCommand }, { initSeams }] = await Promise.all([
        import('./commands/init.ts'),
        import('./context/init-seams.ts'),
      ]);
      finish(await initCommand({ ...options, dir: dir() }, io, initSeams(io)));
    });

  program
    .command('start')
    .description('start the fleet: resident workers in tmux')
    .option('--recover', 'return only when all that was under way before has been looked at')
    .option('--json', 'print what was started as JSON')
    .addHelpText(
      'after',
      examples('harness start', 'HARNESS_POOL=1 harness start', 'harness start --recover --json'),
    )
    .action(async options => {
      const { startCommand } = await import('./commands/start.ts');
      finish(await startCommand({ ...options, dir: dir() }, io));
    });

  program
    .command('stop')
    .description('stop the fleet: no new work, live sessions get HARNESS_PAUSE_GRACE to finish')
    .option('--now', 'end live sessions at once; what they have is saved all the same')
    .option('--clean', 'also remove worktrees that hold nothing unsaved, and say what is kept')
    .option('--json', 'print what was stopped as JSON')
    .addHelpText('after', examples('harness stop', 'harness stop --now', 'harness stop --clean'))
    .action(async options => {
      const { stopCommand } = await import('./commands/stop.ts');
      finish(await stopCommand({ ...options, dir: dir() }, io));
    });

  program
    .command('pause')
    .description('start nothing new; what runs finishes and lands')
    .option('--force', 'ask what runs for a handoff, end it after HARNESS_PAUSE_GRACE, save what it has')
    .option('--json', 'print the state, and what was saved, as JSON')
    .addHelpText('after', examples('harness pause', 'HARNESS_PAUSE_GRACE=60 harness pause --force'))
    .action(async options => {
      const { pauseCommand } = await import('./commands/pause.ts');
      finish(await pauseCommand({ ...options, dir: dir() }, io));
    });

  program
    .command('resume')
    .description('go on after a pause')
    .option('--json', 'print the state as JSON')
    .addHelpText('after', examples('harness resume'))
    .action(async options => {
      const { resumeCommand } = await import('./commands/pause.ts');
      finish(await resumeCommand({ ...options, dir: dir() }, io));
    });

  program
    .command('setup')
    .description(
      'make the repositories ready: labels, the right to push, on request the repositories themselves',
    )
    .option('--create', 'create repositories that do not exist, private')
    .option('--public', 'those that are created can be seen by everybody')
    .option('--dry-run', 'only say what would be done')
    .option('--json', 'print what was done as JSON')
    .addHelpText('after', examples('harness setup --dry-run', 'harness setup --create'))
    .action(async options => {
      const { setupCommand } = await import('./commands/setup.ts');
      finish(await setupCommand({ ...options, dir: dir() }, io));
    });

  program
    .command('retry')
    .description('let an issue be tried again: its earlier failures no longer count')
    .argument('<issue>', '7, #7 or owner/name#7; the name of a unit means its stages PLAN and PRD')
    .option('--json', 'print what was changed as JSON')
    .addHelpText('after', examples('harness retry 7', 'harness retry main'))
    .action(async (issue, options) => {
      const { retryCommand } = await import('./commands/retry.ts');
      finish(await retryCommand({ ...options, issue, dir: dir() }, io));
    });

  program
    .command('approve')
    .description('let a change land that waits for a person: it holds for one head')
    .argument('<issue>', '7, #7 or owner/name#7')
    .requiredOption('--sha <commit>', 'the head that you have looked at, seven digits or more')
    .option('--json', 'print what was approved as JSON')
    .addHelpText('after', examples('harness approve 7 --sha 3f9a1c7e5b2d'))
    .action(async (issue, options) => {
      const { approveCommand } = await import('./commands/approve.ts');
      finish(await approveCommand({ ...options, issue, dir: dir() }, io));
    });

  program
    .command('adopt')
    .description("take a person's pull request through all gates and, if they hold, onto the base")
    .argument('<pull>', 'the pull request: 12, #12 or owner/name#12')
    .option('--issue <issue>', 'the issue that it is for, where it does not say which it closes')
    .option('--title <text>', 'file an issue with this title, where it closes none')
    .option('--json', 'print what became of it as JSON')
    .addHelpText(
      'after',
      `${examples('harness adopt 12', 'harness adopt 12 --issue 7')}\n\nExit codes: 0 it landed; 1 a gate refused it; 5 it waits, or can't be adopted now.`,
    )
    .action(async (pull, options) => {
      const { adoptCommand } = await import('./commands/adopt.ts');
      finish(await adoptCommand({ ...options, pull, dir: dir() }, io));
    });

  program
    .command('answer')
    .description('answer what an agent asks: at once, or for the next attempt')
    .argument('<issue>', '7, #7 or owner/name#7')
    .argument('<answer>', 'what it is told')
    .option('--json', 'print who gets it as JSON')
    .addHelpText('after', examples('harness answer 7 "Use the blue one."'))
    .action(async (issue, answer, options) => {
      const { answerCommand } = await import('./commands/answer.ts');
      finish(await answerCommand({ ...options, issue, answer, dir: dir() }, io));
    });

  program
    .command('attach')
    .description("attach this terminal to an agent's session, or to a unit's worker")
    .argument('<unit>', 'the unit; main for a single repository')
    .argument('[issue]', 'the issue whose session to attach to')
    .option('--watch', 'read only')
    .addHelpText('after', examples('harness attach main 7', 'harness attach main --watch'))
    .action(async (unit, issue, options) => {
      const { attachCommand } = await import('./commands/attach.ts');
      finish(await attachCommand({ ...options, unit, issue, dir: dir() }, io));
    });

  program
    .command('worker', { hidden: true })
    .description('one resident worker; start runs these in tmux')
    .requiredOption('--slot <n>', 'its number in the pool')
    .action(async options => {
      const { workerCommand } = await import('./commands/worker.ts');
      finish(await workerCommand({ ...options, dir: dir() }, io));
    });
}

function addInjectionCommands(program: Command, io: Invocation, finish: Finish): void {
  const dir = () => program.opts<{ dir?: string }>().dir;
  const withConsent = (command: Command) =>
    command
      .option('--unit <id>', 'the unit to add to (default: the only one)')
      .option('--dry-run', 'only show what would be added')
      .option('-y, --yes', 'add it without asking')
      .option('--json', 'print the facts as JSON');
  const add = async (wants: 'plan' | 'prd' | 'issue', brief: string, options: object) => {
    const { briefCommand } = await import('./commands/inject/brief.ts');
    finish(await briefCommand({ ...options, wants, brief, dir: dir() }, io));
  };

  withConsent(
    program
      .command('issue')
      .description('add issues: an agent proposes them from your words, or a file holds them')
      .argument('[brief]', 'what is wanted, in your words')
      .option('--file <path>', 'file the issues of this Markdown, JSON or CSV file; no agent is asked'),
  )
    .addHelpText(
      'after',
      examples(
        'harness issue "The report should also count sentences" --dry-run',
        'harness issue --file issues.md',
        'harness issue --file issues.csv --unit lib --yes --json',
      ),
    )
    .action(async (brief, options) => {
      if ((brief === undefined) === (options.file === undefined)) {
        throw new HarnessError('usage-invalid', 'Say what is wanted, or name a file with --file.');
      }
      if (brief === undefined) {
        const { fileCommand } = await import('./commands/inject/file.ts');
        finish(await fileCommand({ ...options, dir: dir() }, io));
        return;
      }
      await add('issue', brief, options);
    });

  withConsent(
    program
      .command('prd')
      .description('add PRDs: an agent proposes them from your words')
      .argument('<brief>', 'what is wanted, in your words'),
  )
    .addHelpText('after', examples('harness prd "Reports in French and German" --dry-run'))
    .action((brief, options) => add('prd', brief, options));

  withConsent(
    program
      .command('plan')
      .description('add PRDs and issues, whatever your words need, and open finished PRDs again')
      .argument('<brief>', 'what is wanted, in your words'),
  )
    .addHelpText('after', examples('harness plan "Make the report usable by blind people"'))
    .action((brief, options) => add('plan', brief, options));
}

function addReadCommands(program: Command, io: Invocation, finish: Finish): void {
  const dir = () => program.opts<{ dir?: string }>().dir;

  program
    .command('status')
    .description('what runs, what comes next, what waits and why')
    .option('--json', 'print the facts as JSON')
    .addHelpText('after', examples('harness status', 'harness status --json | jq .holds'))
    .action(async options => {
      const { statusCommand } = await import('./commands/status.ts');
      finish(await statusCommand({ ...options, dir: dir() }, io));
    });

  program
    .command('prompt')
    .description('exactly what the next agent of a stage would get')
    .argument('<stage>', 'plan, prd, decompose, impl, review, replan, triage, fix or inject')
    .argument('[issue]', '7, #7 or owner/name#7; not for plan and prd; for inject, what is wanted')
    .addHelpText(
      'after',
      examples(
        'harness prompt impl 7',
        'harness prompt decompose 3',
        'harness prompt plan',
        'harness prompt inject "Count sentences, too"',
      ),
    )
    .action(async (stage, issue = '') => {
      if (stage.toLowerCase() === 'inject') {
        const { injectPromptCommand } = await import('./commands/inject/prompt.ts');
        finish(await injectPromptCommand({ brief: issue, dir: dir() }, io));
        return;
      }
      const { promptCommand } = await import('./commands/prompt.ts');
      finish(await promptCommand({ stage, issue, dir: dir() }, io));
    });

  program
    .command('explain')
    .description('why an issue is, or is not, worked on: every gate in order')
    .argument('[issue]', '7, acme/app#7 or a URL; without it, every open issue in a line')
    .option('--config', 'every setting instead, with its value and where that came from')
    .option('--world <file>', 'explain a world file instead of the project as it is now')
    .option('--json', 'print the facts as JSON')
    .addHelpText('after', examples('harness explain 12', 'harness explain', 'harness explain --config'))
    .action(async (issue, options) => {
      if (options.config) {
        const { explainConfigCommand } = await import('./commands/explain-config.ts');
        finish(await explainConfigCommand({ ...options, dir: dir() }, io));
        return;
      }
      const { explainCommand } = await import('./commands/explain.ts');
      finish(await explainCommand({ ...options, issue, dir: dir() }, io));
    });

  program
    .command('packet')
    .description('what a person needs to judge a change: criteria, gates, tests, risks, attempts and cost')
    .argument('<issue>', '7, #7 or owner/name#7; the number of its pull request means the same')
    .option('--json', 'print the facts as JSON')
    .addHelpText('after', examples('harness packet 7', 'harness packet 7 --json | jq .gates'))
    .action(async (issue, options) => {
      const { packetCommand } = await import('./commands/packet.ts');
      finish(await packetCommand({ ...options, issue, dir: dir() }, io));
    });

  program
    .command('next')
    .description('the decisions of a person that would free most work')
    .option('--world <file>', 'look at a world file instead of the project as it is now')
    .option('--json', 'print the facts as JSON')
    .addHelpText('after', examples('harness next'))
    .action(async options => {
      const { nextCommand } = await import('./commands/next.ts');
      finish(await nextCommand({ ...options, dir: dir() }, io));
    });

  program
    .command('graph')
    .description('the dependency graph with states')
    .option('--mermaid', 'as Mermaid, for a comment or a document')
    .option('--dot', 'as DOT, for Graphviz')
    .option('--world <file>', 'draw a world file instead of the project as it is now')
    .option('--json', 'print nodes and edges as JSON')
    .addHelpText('after', examples('harness graph', 'harness graph --dot | dot -Tsvg > graph.svg'))
    .action(async options => {
      const { graphCommand } = await import('./commands/graph.ts');
      finish(await graphCommand({ ...options, dir: dir() }, io));
    });

  program
    .command('world')
    .description('print everything that a decision depends on as a world file')
    .addHelpText('after', examples('harness world > bug.json', 'harness world | harness decide --world -'))
    .action(async () => {
      const { worldCommand } = await import('./commands/world.ts');
      finish(await worldCommand({ dir: dir() }, io));
    });

  program
    .command('decide')
    .description('decide offline on a world file and print what a tick would do')
    .requiredOption('--world <file>', 'the world file; - for standard input')
    .option('--json', 'print the decision as JSON', false)
    .addHelpText(
      'after',
      examples('harness decide --world bug.json', 'harness world | harness decide --world - --json'),
    )
    .action(async options => {
      const { decideCommand } = await import('./commands/decide.ts');
      finish(await decideCommand(options, io));
    });

  program
    .command('simulate')
    .description('what this board would come to with these settings, in a time-lapse')
    .option('--world <file>', 'simulate a world file instead of the project as it is now')
    .option('--hosts <n>', 'hosts, each with a fleet', '1')
    .option('--cap <n>', 'agent sessions at a time on each host (default: as configured)')
    .option('--minutes <n>', 'how long an agent works on an issue, on average', '20')
    .option('--seed <n>', 'what is drawn: the same number gives the same result', '1')
    .option('--json', 'print the facts as JSON')
    .addHelpText('after', examples('harness simulate', 'harness simulate --hosts 3 --cap 6 --minutes 45'))
    .action(async options => {
      const { simulateCommand } = await import('./commands/simulate.ts');
      finish(await simulateCommand({ ...options, dir: dir() }, io));
    });
}

function addHostCommands(program: Command, io: Invocation, finish: Finish): void {
  const dir = () => program.opts<{ dir?: string }>().dir;

  program
    .command('poll')
    .description('how fresh the snapshots of this host are, who needs them, and what that costs')
    .addOption(new Option('--once', "read the project's repositories now").conflicts('status'))
    .option('--status', 'tell about all snapshots of this host (the default)')
    .option('--json', 'print the facts as JSON')
    .addHelpText('after', examples('harness poll', 'harness poll --once'))
    .action(async options => {
      const { pollCommand } = await import('./commands/poll.ts');
      finish(await pollCommand({ ...options, dir: dir() }, io));
    });

  program
    .command('hosts')
    .description('which fleets are at work, what they hold, and how old their last sign is')
    .option('--json', 'print the facts as JSON')
    .addHelpText('after', examples('harness hosts', 'harness hosts --json | jq .fleets'))
    .action(async options => {
      const { hostsCommand } = await import('./commands/hosts.ts');
      finish(await hostsCommand({ ...options, dir: dir() }, io));
    });

  program
    .command('doctor')
    .description('what would keep a fleet from working: programs, settings, token, GitHub, repository')
    .option('--probe', 'also push a ref under refs/harness/ and delete it again')
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', examples('harness doctor', 'harness doctor --probe'))
    .action(async options => {
      const { doctorCommand } = await import('./commands/doctor.ts');
      finish(await doctorCommand({ ...options, dir: dir() }, io));
    });
}

function addForgeCommands(program: Command, io: Invocation, finish: Finish): void {
  program
    .command('forge')
    .description('run the embedded GitHub on this machine, to try the tool without touching GitHub')
    .option('--root <dir>', 'where its state is kept; the same directory continues it', '.harness-forge')
    .option('--port <n>', 'port on 127.0.0.1; 0 takes a free one', '0')
    .option('--login <login>', 'login of the account that it accepts', 'me')
    .addOption(
      new Option('--token <token>', 'token of that account')
        .default('forge-token')
        .env('HARNESS_FORGE_TOKEN'),
    )
    .option(
      '--repo <repository...>',
      'create these when they are missing: owner/name for an empty one, or the path of a git repository ' +
        'to copy (it begins with / or .)',
    )
    .option('--issues <file>', 'file the issues of this Markdown or JSON file in the one repository')
    .option('--branches-only', 'refuse pushes of refs that are neither branches nor tags')
    .option('--json', 'print addresses as JSON')
    .addHelpText(
      'after',
      examples(
        'harness forge --port 8080 --repo acme/app',
        'harness forge --root ~/forge --repo . --issues issues.md',
      ),
    )
    .action(async options => {
      const { forgeCommand } = await import('./commands/forge.ts');
      finish(await forgeCommand(options, io));
    });

  program
    .command('demo')
    .description('show the whole job on the embedded GitHub: real git, real tmux, scripted agents')
    .option('--mode <mode>', 'issue-only, or planned: from one page to the finished plan', 'issue-only')
    .option('--agent <command>', 'use this agent program instead of the scripted one')
    .option('--repo <path>', 'work on a copy of this git repository, which stays as it is')
    .option('--issues <file>', 'with these issues, Markdown or JSON (default: one small issue)')
    .option('--verify <command>', 'what proves a change there (default: guessed from its files)')
    .option('--limit <minutes>', 'stop after so long', '30')
    .option('--pool <n>', 'resident workers', '3')
    .option('--cap <n>', 'agent sessions at a time', '3')
    .option('--keep', 'leave everything there for a look')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      examples(
        'harness demo',
        'harness demo --mode planned',
        'harness demo --keep',
        'harness demo --repo . --issues issues.md --agent "claude -p" --verify "npm test"',
      ),
    )
    .action(async options => {
      const { demoCommand } = await import('./commands/demo.ts');
      finish(await demoCommand(options, io));
    });
}

const examples = (...lines: string[]) => `\nExamples:\n${lines.map(line => `  $ ${line}`).join('\n')}`;

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 bad input or configuration, 3 a program is missing,
4 GitHub refused or could not be reached, 5 refused in this state, 130 interrupted.`;

/** Prints a failure as what happened and what to do; a stack only when it was asked for. */
function report(error: unknown, io: Invocation): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (io.env.HARNESS_DEBUG === '1') io.err(`${stackOf(error)}\n`);
  if (error instanceof HarnessError) {
    io.err(`error: ${error.message}\n${error.fix}\n`);
    return error.exit;
  }
  const unexpected = new HarnessError('engine-failed', `Unexpected: ${messageOf(error)}`);
  io.err(`error: ${unexpected.message}\n${unexpected.fix}\n`);
  return unexpected.exit;
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? `${error.stack}` : `${error.stack}\ncaused by: ${stackOf(error.cause)}`;
}

function invocation(): Invocation {
  const { stdout, stdin, stderr, env } = process;
  let signal: AbortSignal | null = null;
  return {
    cwd: process.cwd(),
    env,
    out: text => void stdout.write(text),
    err: text => void stderr.write(text),
    columns: stdout.columns ?? 80,
    isTerminal: stdout.isTTY === true,
    isInteractive: stdout.isTTY === true && stdin.isTTY === true,
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
