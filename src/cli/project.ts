import type { Command } from 'commander';
import type { Invocation } from '../invocation.ts';
import { examples, type Finish } from './finish.ts';

/** The commands that set a project up and run its fleet. */
export function addProjectCommands(program: Command, io: Invocation, finish: Finish): void {
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
    .addHelpText('after', examples('harness init', 'harness init --yes --verify "npm test" --pool 2'))
    .action(async options => {
      const [{ initCommand }, { initSeams }] = await Promise.all([
        import('../commands/init.ts'),
        import('../context/init-seams.ts'),
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
      const { startCommand } = await import('../commands/start.ts');
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
      const { stopCommand } = await import('../commands/stop.ts');
      finish(await stopCommand({ ...options, dir: dir() }, io));
    });

  program
    .command('pause')
    .description('start nothing new; what runs finishes and lands')
    .option('--force', 'ask what runs for a handoff, end it after HARNESS_PAUSE_GRACE, save what it has')
    .option('--json', 'print the state, and what was saved, as JSON')
    .addHelpText('after', examples('harness pause', 'HARNESS_PAUSE_GRACE=60 harness pause --force'))
    .action(async options => {
      const { pauseCommand } = await import('../commands/pause.ts');
      finish(await pauseCommand({ ...options, dir: dir() }, io));
    });

  program
    .command('resume')
    .description('go on after a pause')
    .option('--json', 'print the state as JSON')
    .addHelpText('after', examples('harness resume'))
    .action(async options => {
      const { resumeCommand } = await import('../commands/pause.ts');
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
      const { setupCommand } = await import('../commands/setup.ts');
      finish(await setupCommand({ ...options, dir: dir() }, io));
    });

  program
    .command('attach')
    .description("attach this terminal to an agent's session, or to a unit's worker")
    .argument('<unit>', 'the unit; main for a single repository')
    .argument('[issue]', 'the issue whose session to attach to')
    .option('--watch', 'read only')
    .addHelpText('after', examples('harness attach main 7', 'harness attach main --watch'))
    .action(async (unit, issue, options) => {
      const { attachCommand } = await import('../commands/attach.ts');
      finish(await attachCommand({ ...options, unit, issue, dir: dir() }, io));
    });

  program
    .command('worker', { hidden: true })
    .description('one resident worker; start runs these in tmux')
    .requiredOption('--slot <n>', 'its number in the pool')
    .action(async options => {
      const { workerCommand } = await import('../commands/worker.ts');
      finish(await workerCommand({ ...options, dir: dir() }, io));
    });
}
