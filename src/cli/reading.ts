import { type Command, Option } from 'commander';
import type { Invocation } from '../invocation.ts';
import { examples, type Finish } from './finish.ts';

/** The commands that only read. */
export function addReadCommands(program: Command, io: Invocation, finish: Finish): void {
  const dir = () => program.opts<{ dir?: string }>().dir;

  program
    .command('status')
    .description('what runs, what comes next, what waits and why')
    .option('--json', 'print the facts as JSON')
    .addHelpText('after', examples('harness status', 'harness status --json | jq .holds'))
    .action(async options => {
      const { statusCommand } = await import('../commands/status.ts');
      finish(await statusCommand({ ...options, dir: dir() }, io));
    });

  program
    .command('prompt')
    .description('exactly what the next agent would get')
    .argument(
      '<name>',
      'plan, prd, decompose, impl, review, judge, replan, triage, fix, code-review or inject; or a part of those of impl and fix: resume, conflict, review-round, checkpoint',
    )
    .argument('[issue]', '7, #7 or owner/name#7; not for plan and prd; for inject, what is wanted')
    .option('--unit <id>', 'the unit that it is for (default: the only one, or that of the issue)')
    .option('--wants <what>', 'for inject: what may be added, as by harness plan, prd or issue', 'plan')
    .addHelpText(
      'after',
      examples(
        'harness prompt impl 7',
        'harness prompt decompose 3',
        'harness prompt plan --unit lib',
        'harness prompt code-review 7',
        'harness prompt inject "Count sentences, too" --wants issue',
      ),
    )
    .action(async (name, issue, { unit, wants }) => {
      if (name.toLowerCase() === 'inject') {
        const { injectPromptCommand } = await import('../commands/inject/prompt.ts');
        finish(await injectPromptCommand({ brief: issue ?? '', unit, wants, dir: dir() }, io));
        return;
      }
      const { promptCommand } = await import('../commands/prompt.ts');
      finish(await promptCommand({ name, issue, unit, dir: dir() }, io));
    });

  program
    .command('explain')
    .description('why an issue is, or is not, worked on: every gate in order')
    .argument(
      '[issue]',
      '7, acme/app#7 or a URL; the name of a unit means its stages PLAN and PRD; without it, every open issue in a line',
    )
    .addOption(
      new Option('--config', 'every setting instead, with its value and where that came from').conflicts(
        'world',
      ),
    )
    .option(
      '--world <file>',
      'explain a world file (- for standard input) instead of the project as it is now',
    )
    .option('--json', 'print the facts as JSON')
    .addHelpText(
      'after',
      examples('harness explain 12', 'harness explain main', 'harness explain', 'harness explain --config'),
    )
    .action(async (issue, options) => {
      if (options.config) {
        const { explainConfigCommand } = await import('../commands/explain-config.ts');
        finish(await explainConfigCommand({ ...options, dir: dir() }, io));
        return;
      }
      const { explainCommand } = await import('../commands/explain.ts');
      finish(await explainCommand({ ...options, issue, dir: dir() }, io));
    });

  program
    .command('packet')
    .description('what a person needs to judge a change: criteria, gates, tests, risks, attempts and cost')
    .argument('<issue>', '7, #7 or owner/name#7; the number of its pull request means the same')
    .option('--json', 'print the facts as JSON')
    .addHelpText('after', examples('harness packet 7', 'harness packet 7 --json | jq .gates'))
    .action(async (issue, options) => {
      const { packetCommand } = await import('../commands/packet.ts');
      finish(await packetCommand({ ...options, issue, dir: dir() }, io));
    });

  program
    .command('next')
    .description('the decisions of a person that would free most work')
    .option(
      '--world <file>',
      'look at a world file (- for standard input) instead of the project as it is now',
    )
    .option('--json', 'print the facts as JSON')
    .addHelpText('after', examples('harness next'))
    .action(async options => {
      const { nextCommand } = await import('../commands/next.ts');
      finish(await nextCommand({ ...options, dir: dir() }, io));
    });

  program
    .command('graph')
    .description('the dependency graph with states')
    .addOption(new Option('--mermaid', 'as Mermaid, for a comment or a document').conflicts(['dot', 'json']))
    .addOption(new Option('--dot', 'as DOT, for Graphviz').conflicts('json'))
    .option('--world <file>', 'draw a world file (- for standard input) instead of the project as it is now')
    .option('--json', 'print nodes and edges as JSON')
    .addHelpText('after', examples('harness graph', 'harness graph --dot | dot -Tsvg > graph.svg'))
    .action(async options => {
      const { graphCommand } = await import('../commands/graph.ts');
      finish(await graphCommand({ ...options, dir: dir() }, io));
    });

  program
    .command('world')
    .description('print everything that a decision depends on as a world file')
    .addHelpText('after', examples('harness world > bug.json', 'harness world | harness decide --world -'))
    .action(async () => {
      const { worldCommand } = await import('../commands/world.ts');
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
      const { decideCommand } = await import('../commands/decide.ts');
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
      const { simulateCommand } = await import('../commands/simulate.ts');
      finish(await simulateCommand({ ...options, dir: dir() }, io));
    });
}
