import { parseConfigText, quoteValue } from '../../config/parse.ts';
import { SETTINGS, type SettingName } from '../../core/settings.ts';

/** One setting as it should stand in a configuration file. */
export interface Change {
  readonly name: SettingName;
  readonly value: string;
}

/**
 * A configuration file with some settings changed: in their own lines where they have one, at the end with a
 * comment where not. Everything else stays as it is, down to the line ends.
 */
export function changeSettings(text: string, changes: readonly Change[], where: string): string {
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const entries = parseConfigText(text, where);
  const lineOf = (name: SettingName) => entries.findLast(({ key }) => key === name)?.line;

  const lines = text.split(/(?<=\n|\r(?!\n))/);
  for (const change of changes) {
    const line = lineOf(change.name);
    if (line === undefined) continue;
    const ending = /[\r\n]*$/.exec(lines[line - 1] ?? '')?.[0] ?? '';
    lines[line - 1] = `${assignment(change)}${ending}`;
  }
  const kept = lines.join('');
  const added = changes
    .filter(({ name }) => lineOf(name) === undefined)
    .map(change => ['', `# ${SETTINGS[change.name].help}`, assignment(change), ''].join(lineEnd));
  const needsLineEnd = added.length > 0 && kept !== '' && !/[\r\n]$/.test(kept);
  return `${kept}${needsLineEnd ? lineEnd : ''}${added.join('')}`;
}

const assignment = ({ name, value }: Change) => `${name}=${quoteValue(value)}`;
