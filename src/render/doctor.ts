import { Chalk } from 'chalk';
import { columns } from './columns.ts';

/** One thing that was looked at; `--json` prints a list of these as it is. */
export interface DoctorFinding {
  /** What it concerns decides the exit code when it failed. */
  readonly about: 'program' | 'project' | 'github';
  readonly name: string;
  readonly verdict: 'ok' | 'warning' | 'failed';
  readonly says: string;
  /** What to do; null when there is nothing to do. */
  readonly fix: string | null;
}

/** Renders what was found, and below it what to do. */
export function renderDoctor(
  findings: readonly DoctorFinding[],
  { width, color }: { width: number; color: boolean },
): string {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  const paint = { ok: chalk.green, warning: chalk.yellow, failed: chalk.red };
  const table = columns(
    findings.map(({ verdict, name, says }) => [MARKS[verdict], name, says]),
    width,
  );
  const lines = table.split('\n').map((line, index) => {
    const verdict = findings[index]?.verdict ?? 'ok';
    return line.replace(MARKS[verdict], paint[verdict](MARKS[verdict]));
  });
  const fixes = findings.flatMap(({ name, verdict, says, fix }) =>
    verdict === 'ok' ? [] : [`${name}: ${says}${fix === null ? '' : `\n  ${fix}`}`],
  );
  return `${[lines.join('\n'), ...(fixes.length === 0 ? ['All is well.'] : fixes)].join('\n\n')}\n`;
}

const MARKS = { ok: 'ok', warning: 'warn', failed: 'FAIL' } as const;
