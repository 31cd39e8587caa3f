import { readFile } from 'node:fs/promises';
import { parseSetting } from '../core/parse-settings.ts';
import { isSettingName, type SettingName } from '../core/settings.ts';
import { HarnessError, messageOf } from '../errors.ts';
import { isUnknownName, nearestSetting } from './names.ts';
import { parseConfigText } from './parse.ts';

/** One place where settings come from. Blank values are left out. */
export interface Layer {
  readonly origin: 'file' | 'local' | 'environment' | 'policy';
  readonly values: ReadonlyMap<SettingName, { readonly value: string; readonly where: string }>;
  readonly warnings: readonly string[];
}

/** The text of a configuration file; null when there is none. Throws `config-unreadable`. */
export async function readConfigText(path: string): Promise<string | null> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new HarnessError('config-unreadable', `${path}: ${messageOf(cause)}`, { cause });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new HarnessError('config-unreadable', `${path}: expected UTF-8 text.`, { cause });
  }
}

/** The settings in the text of a file that `path` names. Throws `config-invalid` for a line that is none. */
export function layerOfText(origin: Layer['origin'], text: string, path: string): Layer {
  const values = new Map<SettingName, { value: string; where: string }>();
  const warnings: string[] = [];
  const lines = new Map<string, number>();
  for (const { key, value, line } of parseConfigText(text, path)) {
    const where = `${path}:${line}`;
    const earlier = lines.get(key);
    if (earlier !== undefined)
      warnings.push(`${where}: ${key} was set in line ${earlier} already; this line counts.`);
    lines.set(key, line);
    if (!isSettingName(key)) {
      if (isUnknownName(key)) warnings.push(`${where}: ${describeUnknown(key)}`);
      continue;
    }
    if (value.trim() === '') values.delete(key);
    else values.set(key, { value: value.trim(), where });
  }
  return { origin, values, warnings };
}

/** The settings among environment variables. Inside an agent's session those that tell the agent of its work are none. */
export function layerOfEnvironment(env: Readonly<Record<string, string | undefined>>): Layer {
  const isInSession = env.HARNESS_SESSION !== undefined;
  const set = Object.entries(env).flatMap(([name, value]) =>
    name.startsWith('HARNESS_') &&
    value !== undefined &&
    value.trim() !== '' &&
    !(isInSession && OF_AGENTS.has(name))
      ? [{ name, value: value.trim() }]
      : [],
  );
  const where = 'the environment';
  return {
    origin: 'environment',
    values: new Map(
      set.flatMap(({ name, value }) => (isSettingName(name) ? [[name, { value, where }]] : [])),
    ),
    warnings: set
      .filter(({ name }) => isUnknownName(name))
      .map(({ name }) => `${where}: ${describeUnknown(name)}`),
  };
}

/** Agents get the repository and the commit that they work from under the names of settings. */
const OF_AGENTS: ReadonlySet<string> = new Set(['HARNESS_REPO', 'HARNESS_BASE']);

function describeUnknown(name: string): string {
  const nearest = nearestSetting(name);
  return `${name} is not a setting${nearest === null ? '' : `; did you mean ${nearest}?`}`;
}

/**
 * Throws `config-invalid` with every value that is wrong, where it is. Every layer must make sense, also where
 * a stronger one hides its value: what is hidden comes back one day.
 */
export function refuseWrongValues(layers: readonly Layer[]): void {
  const problems = layers.flatMap(({ values }) =>
    [...values].flatMap(([name, { value, where }]) => {
      try {
        parseSetting(name, value);
        return [];
      } catch (error) {
        return [`${where}: ${messageOf(error)}`];
      }
    }),
  );
  if (problems.length > 0) throw new HarnessError('config-invalid', problems.join('\n'));
}
