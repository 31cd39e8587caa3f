import { type Layer, layerOfText, readConfigText, refuseWrongValues } from '../../config/layer.ts';
import { parseConfigText } from '../../config/parse.ts';
import { SETTING_NAMES, SETTINGS, type SettingName } from '../../core/settings.ts';
import { HarnessError } from '../../errors.ts';
import { type Change, changeSettings } from './edit.ts';

/** What a setting should be, and who says so: a flag, a person at the terminal, or the look of the project. */
export interface Answer extends Change {
  readonly from: 'flag' | 'person' | 'guess';
  /** What a guess rests on; empty for the others. */
  readonly because: string;
}

/** A configuration file as it is, or as it begins when there is none. */
export interface SettingsFile {
  readonly home: 'policy' | 'host';
  readonly path: string;
  readonly text: string;
  readonly values: Layer['values'];
  readonly warnings: Layer['warnings'];
}

/** A configuration file as it should become. */
export interface PlannedFile extends SettingsFile {
  /** Settings that are new or different; nothing is written when there are none. */
  readonly changed: readonly SettingName[];
}

const BEGINNINGS = {
  policy: `# Harness: what every host that works on this repository must agree on. Commit this file.
# KEY=VALUE lines, read as text and never executed.
`,
  host: `# Harness: what holds on this machine only. This file is not committed.
# KEY=VALUE lines, read as text and never executed.
`,
} as const;

/** Reads a configuration file of the project. Throws `config-unreadable` and `config-invalid`. */
export async function readSettingsFile(home: SettingsFile['home'], path: string): Promise<SettingsFile> {
  return readSettings(home, (await readConfigText(path)) ?? BEGINNINGS[home], path);
}

function readSettings(home: SettingsFile['home'], text: string, path: string): SettingsFile {
  const layer = layerOfText(home === 'policy' ? 'file' : 'local', text, path);
  refuseWrongValues([layer]);
  return { home, path, text, values: layer.values, warnings: layer.warnings };
}

/** The value that counts now; undefined when it is set nowhere. `files` has the stronger one first. */
export function currentValue(files: readonly SettingsFile[], name: SettingName): string | undefined {
  return files.map(file => file.values.get(name)?.value).find(value => value !== undefined);
}

/**
 * The files with the answers in them. A flag replaces what is set differently only with `force`: throws
 * `config-differs` otherwise. What somebody typed at the terminal is as good as `force`.
 */
export function planFiles(
  files: readonly SettingsFile[],
  answers: readonly Answer[],
  { force }: { readonly force: boolean },
): readonly PlannedFile[] {
  const changed = answers.filter(({ name, value }) => (currentValue(files, name) ?? '') !== value);
  refuseConflicts(files, force ? [] : changed);

  const missing = answers.filter(({ name }) => !files.some(file => hasLine(file, name)));
  const due = [...new Set([...missing, ...changed])].sort((a, b) => orderOf(a) - orderOf(b));
  return files.map(file => {
    const changes = due.filter(({ name }) => holderOf(files, name) === file);
    const text = changeSettings(file.text, changes, file.path);
    return { ...readSettings(file.home, text, file.path), changed: changes.map(({ name }) => name) };
  });
}

const orderOf = ({ name }: Answer) => SETTING_NAMES.indexOf(name);

const isUnset = (files: readonly SettingsFile[], name: SettingName) =>
  currentValue(files, name) === undefined;

const hasLine = (file: SettingsFile, name: SettingName) =>
  parseConfigText(file.text, file.path).some(({ key }) => key === name);

/** The file to change: the one whose value counts, else one with an empty line for it, else where it belongs. */
function holderOf(files: readonly SettingsFile[], name: SettingName): SettingsFile | undefined {
  return (
    files.find(file => file.values.has(name)) ??
    files.find(file => hasLine(file, name)) ??
    files.find(file => file.home === SETTINGS[name].home)
  );
}

function refuseConflicts(files: readonly SettingsFile[], changed: readonly Answer[]): void {
  const conflicts = changed
    .filter(({ from, name }) => from === 'flag' && !isUnset(files, name))
    .map(({ name, value }) => {
      const set = files.map(file => file.values.get(name)).find(found => found !== undefined);
      return `${set?.where}: ${name} is ${JSON.stringify(set?.value)}, not ${JSON.stringify(value)}.`;
    });
  if (conflicts.length > 0) throw new HarnessError('config-differs', conflicts.join('\n'));
}
