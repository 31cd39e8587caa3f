import { Chalk } from 'chalk';
import { columns } from './columns.ts';

/** What was, or would be, done for one repository; `--json` prints a list of these as it is. */
export interface SetupFact {
  readonly repo: string;
  readonly created: boolean;
  /** Names of the labels that were added. */
  readonly labels: readonly string[];
  /** Why a fleet can't work on it, one line each. */
  readonly problems: readonly string[];
}

/** Renders what `setup` did, and below it what keeps a repository from being used. */
export function renderSetup(
  facts: readonly SetupFact[],
  { width, color, isDry }: { readonly width: number; readonly color: boolean; readonly isDry: boolean },
): string {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  const rows = facts.map(fact => [fact.repo, fact.problems.length > 0 ? 'not ready' : said(fact, isDry)]);
  const problems = facts.flatMap(fact => fact.problems.map(problem => chalk.red(problem)));
  return [columns(rows, width), ...problems, ...(isDry ? ['Nothing was changed.'] : []), ''].join('\n');
}

function said({ created, labels }: SetupFact, isDry: boolean): string {
  const done = [
    ...(created ? ['created'] : []),
    ...(labels.length > 0 ? [`labels ${labels.join(', ')} added`] : []),
  ];
  if (done.length > 0) return `${isDry ? 'would be ready: ' : 'ready: '}${done.join('; ')}`;
  return isDry ? 'nothing to do' : 'ready';
}
