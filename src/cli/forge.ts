import { type Command, Option } from 'commander';
import type { Invocation } from '../invocation.ts';
import { examples, type Finish } from './finish.ts';

/** The commands that need no GitHub. */
export function addForgeCommands(program: Command, io: Invocation, finish: Finish): void {
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
      const { forgeCommand } = await import('../commands/forge.ts');
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
        'harness demo --repo . --issues issues.md --agent "claude -p --dangerously-skip-permissions" --verify "npm test"',
      ),
    )
    .action(async options => {
      const { demoCommand } = await import('../commands/demo.ts');
      finish(await demoCommand(options, io));
    });
}
