import { Chalk } from 'chalk';
import type { Decision, UnitDecision } from '../core/decision.ts';
import { plainText } from '../core/plain-text.ts';
import { columns } from './columns.ts';

/** A decision for people: what would be done, what waits and why, how the units stand, what needs a person. */
export function renderDecision(
  decision: Decision,
  { width, color }: { readonly width: number; readonly color: boolean },
): string {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  const { actions, holds, units, findings } = decision;
  const section = (title: string, rows: readonly (readonly string[])[], empty: string) =>
    `${chalk.bold(title)}\n${rows.length === 0 ? chalk.dim(`  ${empty}`) : columns(rows.map(clean), width)}`;
  const parts = [
    section(
      'Would do',
      actions.map(action => [`  ${action.kind}`, nameOf(action), action.reason]),
      'Nothing.',
    ),
    section(
      'Waits',
      holds.map(hold => [`  ${nameOf(hold)}`, hold.code, hold.reason]),
      'Nothing waits.',
    ),
    section(
      'Units',
      units.map(unit => [`  ${unit.id}`, unit.repo, unit.stage, standing(unit)]),
      'There are no units.',
    ),
    ...(findings.length === 0
      ? []
      : [
          `${chalk.bold('Needs a person')}\n${findings
            .map(({ code, repo, message, fix }) => {
              const [what = '', how = ''] = clean([`  ${repo}: ${message} (${code})`, `    ${fix}`]);
              return `${what}\n${chalk.dim(how)}`;
            })
            .join('\n')}`,
        ]),
  ];
  return `${parts.join('\n\n')}\n`;
}

// What a world says of itself (logins, refs) must not steer a terminal.
const clean = (cells: readonly string[]) => cells.map(cell => plainText(cell).replaceAll('\n', ' '));

const nameOf = ({ repo, issue }: { readonly repo: string; readonly issue: number | null }) =>
  issue === null ? repo : `${repo}#${issue}`;

function standing({ complete, claimable }: UnitDecision): string {
  if (complete) return 'complete';
  return claimable ? 'claimable' : 'not claimable';
}
