import { Chalk } from 'chalk';
import { SETTINGS, type SettingName } from '../core/settings.ts';
import { columns } from './columns.ts';

/** One setting as `explain --config` shows it. */
export interface SettingFact {
  readonly name: SettingName;
  readonly value: string | number | boolean;
  readonly origin: string;
  /** `<path>:<line>`, or the name of the environment; null for a default. */
  readonly where: string | null;
  /** policy: shared by every host; host: a matter of this one. */
  readonly home: string;
}

/**
 * The settings in two groups, those that somebody set first in each: a row has the name, where the value comes from,
 * as seen from the project's directory, and the value as it would be written, which is never cut.
 */
export function renderSettings(
  settings: readonly SettingFact[],
  { projectDir, color }: { projectDir: string; color: boolean },
): string {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  const group = (title: string, home: string) => {
    const rows = settings
      .filter(setting => setting.home === home)
      .toSorted(setFirst)
      .map(setting => [`  ${setting.name}`, placeOf(setting, projectDir), written(setting)]);
    return `${chalk.bold(title)}\n${columns(rows, Number.POSITIVE_INFINITY)}`;
  };
  return `${group('Policy, the same on every host', 'policy')}\n\n${group('This host', 'host')}\n`;
}

const setFirst = (a: SettingFact, b: SettingFact) =>
  Number(a.origin === 'default') - Number(b.origin === 'default');

function placeOf({ where, origin }: SettingFact, projectDir: string): string {
  if (where === null) return origin;
  return where.startsWith(`${projectDir}/`) ? where.slice(projectDir.length + 1) : where;
}

function written({ name, value }: SettingFact): string {
  const rule = SETTINGS[name];
  if (rule.type === 'flag') return value === true ? rule.on : rule.off;
  return value === '' ? '(empty)' : String(value);
}
