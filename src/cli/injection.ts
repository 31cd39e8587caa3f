import type { Command } from 'commander';
import { HarnessError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { examples, type Finish } from './finish.ts';

/** The commands that add work. */
export function addInjectionCommands(program: Command, io: Invocation, finish: Finish): void {
  const dir = () => program.opts<{ dir?: string }>().dir;
  const withConsent = (command: Command) =>
    command
      .option('--unit <id>', 'the unit to add to (default: the only one)')
      .option('--dry-run', 'only show what would be added')
      .option('-y, --yes', 'add it without asking')
      .option('--json', 'print the facts as JSON');
  const add = async (wants: 'plan' | 'prd' | 'issue', brief: string, options: object) => {
    const { briefCommand } = await import('../commands/inject/brief.ts');
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
        const { fileCommand } = await import('../commands/inject/file.ts');
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
