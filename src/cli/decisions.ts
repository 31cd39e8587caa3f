import type { Command } from 'commander';
import type { Invocation } from '../invocation.ts';
import { examples, type Finish } from './finish.ts';

/** The commands by which a person decides what the fleet may not. */
export function addDecisionCommands(program: Command, io: Invocation, finish: Finish): void {
  const dir = () => program.opts<{ dir?: string }>().dir;

  program
    .command('retry')
    .description('let an issue be tried again: its earlier failures no longer count')
    .argument('<issue>', '7, #7 or owner/name#7; the name of a unit means its stages PLAN and PRD')
    .option('--json', 'print what was changed as JSON')
    .addHelpText('after', examples('harness retry 7', 'harness retry main'))
    .action(async (issue, options) => {
      const { retryCommand } = await import('../commands/retry.ts');
      finish(await retryCommand({ ...options, issue, dir: dir() }, io));
    });

  program
    .command('approve')
    .description(
      'let a change land, or a proposal be filed, that waits for a person: it holds for that alone',
    )
    .argument('<issue>', '7, #7 or owner/name#7; the name of a unit means its stages PLAN and PRD')
    .option('--sha <commit>', 'the head, or the proposal, that you have looked at, seven digits or more')
    .option('--dry-run', 'only show the proposal that waits')
    .option('--json', 'print what was approved as JSON')
    .addHelpText('after', examples('harness approve 7 --sha 3f9a1c7e5b2d', 'harness approve main --dry-run'))
    .action(async (issue, options) => {
      const { approveCommand } = await import('../commands/approve.ts');
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
      const { adoptCommand } = await import('../commands/adopt.ts');
      finish(await adoptCommand({ ...options, pull, dir: dir() }, io));
    });

  program
    .command('answer')
    .description(
      'answer what an agent asks: at once, or for the next attempt; a proposal that waits is made anew',
    )
    .argument('<issue>', '7, #7 or owner/name#7; the name of a unit means its stages PLAN and PRD')
    .argument('<answer>', 'what it is told')
    .option('--json', 'print who gets it as JSON')
    .addHelpText('after', examples('harness answer 7 "Use the blue one."'))
    .action(async (issue, answer, options) => {
      const { answerCommand } = await import('../commands/answer.ts');
      finish(await answerCommand({ ...options, issue, answer, dir: dir() }, io));
    });
}
