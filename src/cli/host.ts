import { type Command, Option } from 'commander';
import type { Invocation } from '../invocation.ts';
import { examples, type Finish } from './finish.ts';

/** The commands about this host and others. */
export function addHostCommands(program: Command, io: Invocation, finish: Finish): void {
  const dir = () => program.opts<{ dir?: string }>().dir;

  program
    .command('poll')
    .description('how fresh the snapshots of this host are, who needs them, and what that costs')
    .addOption(new Option('--once', "read the project's repositories now").conflicts('status'))
    .option('--status', 'tell about all snapshots of this host (the default)')
    .option('--json', 'print the facts as JSON')
    .addHelpText('after', examples('harness poll', 'harness poll --once'))
    .action(async options => {
      const { pollCommand } = await import('../commands/poll.ts');
      finish(await pollCommand({ ...options, dir: dir() }, io));
    });

  program
    .command('hosts')
    .description('which fleets are at work, what they hold, and how old their last sign is')
    .option('--json', 'print the facts as JSON')
    .addHelpText('after', examples('harness hosts', 'harness hosts --json | jq .fleets'))
    .action(async options => {
      const { hostsCommand } = await import('../commands/hosts.ts');
      finish(await hostsCommand({ ...options, dir: dir() }, io));
    });

  program
    .command('doctor')
    .description('what would keep a fleet from working: programs, settings, token, GitHub, repository')
    .option('--probe', 'also push a ref under refs/harness/ and delete it again')
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', examples('harness doctor', 'harness doctor --probe'))
    .action(async options => {
      const { doctorCommand } = await import('../commands/doctor.ts');
      finish(await doctorCommand({ ...options, dir: dir() }, io));
    });
}
