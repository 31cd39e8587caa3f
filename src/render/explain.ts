import { Chalk, type ChalkInstance } from 'chalk';
import type { Explanation, GateReport, Standing } from '../core/explain.ts';
import { plainText } from '../core/plain-text.ts';
import type { ChangeGate } from '../core/world.ts';
import { columns, cutToWidth, wrapped } from './columns.ts';
import { duration } from './duration.ts';

interface Page {
  readonly width: number;
  readonly color: boolean;
}

/** One issue's way through the gates, for a person; `now` in milliseconds since the epoch. */
export function renderExplanation(
  explanation: Explanation,
  { width, color, now }: Page & { now: number },
): string {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  const { name, title, kind, references, gates, change } = explanation;
  const waits = references.map(({ name: reference, state, openSince }) => {
    const opened = openSince === null ? Number.NaN : Date.parse(openSince);
    const age = Number.isNaN(opened) ? '' : `for ${duration(now - opened)}`;
    return [`  ${reference}`, state, age];
  });
  const parts = [
    `${chalk.bold(cutToWidth(clean(`${name}  ${title}`), width))}\n${kind}, ${explanation.state}`,
    verdictOf(explanation, chalk),
    gates.map(gate => gateLine(gate, { chalk, width })).join('\n'),
    ...(change.length === 0
      ? []
      : [[chalk.bold('Gates of its change'), ...change.map(gate => changeLine(gate, chalk))].join('\n')]),
    ...(waits.length === 0 ? [] : [`${chalk.bold('Waits for')}\n${columns(waits, width)}`]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function verdictOf({ actions, hold, gates }: Explanation, chalk: ChalkInstance): string {
  const done = actions.map(({ kind, reason }) => `${chalk.green(kind)}: ${clean(reason)}`);
  const held = hold
    ? [`${chalk.yellow(`Held (${hold.code})`)}: ${clean(hold.reason)}`, `Until ${clean(hold.until)}.`]
    : [];
  const lines = [...done, ...held];
  if (lines.length > 0) return lines.join('\n');
  const out = gates.find(({ verdict }) => verdict === 'closed');
  return out ? `The fleet does not look at it: ${clean(out.reason ?? '')}.` : 'Nothing is to be done on it.';
}

function gateLine(
  { question, verdict, evidence, reason, until }: GateReport,
  { chalk, width }: { chalk: ChalkInstance; width: number },
): string {
  if (verdict === 'moot') return chalk.dim(`  -  ${question}`);
  if (verdict === 'open') {
    const room = width - INDENT.length - question.length - 2;
    const seen = evidence === null || room < 4 ? '' : `  ${chalk.dim(cutToWidth(clean(evidence), room))}`;
    return `  ${chalk.green('✓')}  ${question}${seen}`;
  }
  const why = wrapped(clean(`${reason}; until ${until}`), width - INDENT.length);
  return [`  ${chalk.red('✗')}  ${question}`, ...why.map(line => chalk.dim(`${INDENT}${line}`))].join('\n');
}

const INDENT = '     ';

function changeLine({ gate, verdict, reason }: ChangeGate, chalk: ChalkInstance): string {
  const mark = { pass: chalk.green('✓'), fail: chalk.red('✗'), unknown: chalk.yellow('…'), skipped: '–' };
  return `  ${mark[verdict]}  ${clean(gate)}: ${clean(reason)}`;
}

/** Every open issue of the fleet with its verdict. */
export function renderStandings(all: readonly Standing[], { width, color }: Page): string {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  if (all.length === 0) return 'No open issue is a child, a PRD or a bug of a trusted author.\n';
  const rows = all.map(({ name, verdict, reason, title }) =>
    [name, verdict, `${reason}  ${title}`].map(clean),
  );
  return `${columns(rows, width)}\n\n${chalk.dim('`harness explain <issue>` goes through every gate.')}\n`;
}

const clean = (text: string) => plainText(text).replaceAll('\n', ' ');
