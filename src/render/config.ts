import { Chalk } from 'chalk';
import { columns } from './columns.ts';

/** One setting as `explain --config` shows it. */
export interface SettingFact {
  readonly name: string;
  readonly value: string | number | boolean;
  readonly origin: string;
  /** `<path>:<line>`, or the name of the environment; null for a default. */
  readonly where: string | null;
  /** policy: shared by every host; host: a matter of this one. */
  readonly home: string;
}

/** The settings in two groups, those that somebody set first in each. */
export function renderSettings(
  settings: readonly SettingFact[],
  { width, color }: { width: number; color: boolean },
): string {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  const group = (title: string, home: string) => {
    const rows = settings
      .filter(setting => setting.home === home)
      .toSorted(setFirst)
      .map(rowOf);
    return `${chalk.bold(title)}\n${columns(rows, width)}`;
  };
  return `${group('Policy, the same on every host', 'policy')}\n\n${group('This host', 'host')}\n`;
}

const setFirst = (a: SettingFact, b: SettingFact) =>
  Number(a.origin === 'default') - Number(b.origin === 'default');

const rowOf = ({ name, value, origin, where }: SettingFact) => [
  `  ${name}`,
  value === '' ? '(empty)' : String(value),
  where ?? origin,
];
