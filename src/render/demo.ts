import { Chalk } from 'chalk';
import type { PlanReport } from '../demo/plan-report.ts';
import type { Standing } from '../demo/progress.ts';
import type { DemoReport, DemoRow } from '../demo/report.ts';
import { columns, cutToWidth } from './columns.ts';

/** How the demo's progress is shown. */
export interface ProgressView {
  readonly show: (standings: readonly Standing[]) => void;
}

interface ViewOptions {
  readonly out: (text: string) => void;
  readonly isTerminal: boolean;
  readonly color: boolean;
  readonly width: number;
  /** Seconds since the start, for the lines of a plain log. */
  readonly elapsed: () => number;
}

/** A table that is redrawn in place in a terminal; a line per change in a plain log. */
export function createProgressView(options: ViewOptions): ProgressView {
  return options.isTerminal ? liveTable(options) : plainLines(options);
}

const MARKS: Readonly<Record<Standing['phase'], string>> = {
  waiting: '·',
  working: '▶',
  landing: '⇡',
  done: '✓',
};

function liveTable({ out, color, width, elapsed }: ViewOptions): ProgressView {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  const paint = { waiting: chalk.dim, working: chalk.cyan, landing: chalk.yellow, done: chalk.green };
  let drawn = 0;
  return {
    show(standings) {
      const lines = standings.map(({ phase, number, title, note }) =>
        paint[phase](
          cutToWidth(
            `  ${MARKS[phase]} #${String(number).padEnd(2)} ${title.padEnd(34)} ${note || phase}`,
            width - 1,
          ),
        ),
      );
      const done = standings.filter(({ phase }) => phase === 'done').length;
      const footer = chalk.dim(`  ${done} of ${standings.length} closed, ${elapsed().toFixed(0)} s`);
      // Up to the first line of the last drawing, then everything below it anew.
      out(`${drawn > 0 ? `\u001b[${drawn}A\u001b[0J` : ''}${[...lines, footer].join('\n')}\n`);
      drawn = lines.length + 1;
    },
  };
}

function plainLines({ out, elapsed }: ViewOptions): ProgressView {
  const last = new Map<number, string>();
  return {
    show(standings) {
      for (const { number, title, phase, note } of standings) {
        const line = `#${number} ${title}: ${phase}${note ? ` — ${note}` : ''}`;
        if (last.get(number) === line || (phase === 'waiting' && !last.has(number))) continue;
        last.set(number, line);
        out(`${elapsed().toFixed(1).padStart(5)} s  ${line}\n`);
      }
    },
  };
}

/** The demo's closing table. */
export function renderReport(report: DemoReport, { width }: { width: number }): string {
  const head = ['issue', 'attempts', 'receipts', 'pull', 'merged as', 'seconds', 'title'];
  const rows = [head, ...report.issues.map(rowOf)];
  const stages = ['stages', ...report.issues.map(({ kinds }) => [...new Set(kinds)].join(', '))];
  // Without a plan they are all the same.
  const shown =
    report.plan === null ? rows : rows.map((row, index) => row.toSpliced(1, 0, stages[index] ?? ''));
  const table = columns(shown, width);
  const perIssue = report.issues.length > 0 ? (report.requests / report.issues.length).toFixed(1) : '0';
  return [
    table,
    '',
    ...(report.plan === null ? [] : [planLines(report.plan), '']),
    `API requests of the fleet: ${report.requests} (${perIssue} per issue), and ${report.freeRequests} that cost nothing (304).`,
    ...(report.testsPass === null
      ? []
      : [`The project's own tests ${report.testsPass ? 'pass' : 'FAIL'} on the default branch.`]),
    verdictOf(report),
    '',
  ].join('\n');
}

function verdictOf({ ok, plan, seconds }: DemoReport): string {
  if (plan === null) {
    return ok
      ? `Every issue was closed by a merged pull request, in ${seconds.toFixed(1)} s.`
      : 'NOT every issue was closed by exactly one merged pull request.';
  }
  return ok
    ? `From ${plan.spec} to the finished plan in ${seconds.toFixed(1)} s: every issue closed by a merged pull request, every PRD by its review.`
    : `${plan.spec} was NOT taken to the end of its plan.`;
}

function planLines({ steps, archived }: PlanReport): string {
  const said = steps.map(({ kind, pull }) => (pull === null ? kind : `${kind} (#${pull})`));
  const kept =
    archived === null ? 'no finished plan is on the default branch' : `the plan is now ${archived}`;
  return `For the repository as a whole: ${said.join(', ')}; ${kept}.`;
}

const rowOf = ({ number, attempts, receipts, pull, commit, seconds, title, state }: DemoRow) => [
  `#${number}`,
  String(attempts),
  String(receipts),
  pull === null ? '-' : `#${pull}`,
  commit === null ? state : commit.slice(0, 10),
  seconds === null ? '-' : seconds.toFixed(1),
  title,
];
