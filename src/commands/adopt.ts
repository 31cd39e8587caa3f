import { openEngine, openProject } from '../context.ts';
import { EXIT } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { type Adopted, adoptPull } from '../loop/adopt.ts';
import { asInjector } from '../loop/inject.ts';
import { parseIssueName } from './issue-name.ts';

export interface AdoptOptions {
  readonly dir?: string | undefined;
  /** `12`, `#12` or `acme/app#12`. */
  readonly pull: string;
  /** The issue that it is for, as a pull request is named. */
  readonly issue?: string | undefined;
  /** Title of the issue to file where it closes none. */
  readonly title?: string | undefined;
  readonly json?: boolean | undefined;
}

/**
 * Brings a person's pull request under the rules that agents' changes have: all gates, the train, one receipt. No
 * session is started, and nothing is pushed to its branch.
 */
export async function adoptCommand(options: AdoptOptions, io: Invocation): Promise<number> {
  const { json } = options;
  const project = await openProject(io, options.dir);
  const { repo, unit, number: pull } = parseIssueName(project.units(), options.pull);
  const issue = options.issue === undefined ? null : parseIssueName(project.units(), options.issue).number;
  const engine = asInjector(await openEngine(project, io));
  const adopted = await adoptPull(engine, { repo, unit, pull, issue, title: options.title ?? null });
  project.ring(`adoption of ${repo}#${pull}`);
  if (json) {
    const { end, ...facts } = adopted;
    io.out(`${JSON.stringify({ pull: `${repo}#${pull}`, ...facts, ...end, end: end.kind }, null, 2)}\n`);
  } else io.out(describe(`${repo}#${pull}`, pull, adopted));
  return EXITS[adopted.end.kind];
}

const EXITS = { landed: EXIT.ok, waiting: EXIT.refused, failed: EXIT.failed } as const;

function describe(name: string, pull: number, { issue, head, end, gates }: Adopted): string {
  switch (end.kind) {
    case 'landed':
      return `${name} landed as ${end.commit.slice(0, 12)}; issue #${issue} is closed.\n`;
    case 'waiting':
      return [
        `${name} waits: ${end.reason}.`,
        `When that has come, run \`harness adopt ${pull}\` again. Your word for it, where one is missing:`,
        `\`harness approve ${issue} --sha ${head.slice(0, 12)}\`.`,
        '',
      ].join('\n');
    case 'failed': {
      const gate = gates.find(({ verdict }) => verdict === 'fail')?.gate;
      const said = end.output === null ? '' : `\n${end.output.trimEnd()}\n`;
      return `${name} does not land${gate === undefined ? '' : ` (${gate})`}: ${end.reason}.\n${said}`;
    }
    default:
      return end satisfies never;
  }
}
