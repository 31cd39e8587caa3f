import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isUnknownName, nearestSetting } from './config/names.ts';
import { parseConfigText } from './config/parse.ts';
import {
  isSettingName,
  parseSetting,
  parseSettings,
  SETTING_NAMES,
  SETTINGS,
  type SettingName,
  type Settings,
} from './core/settings.ts';
import { HarnessError, messageOf } from './errors.ts';

export {
  type FleetPaths,
  findHarnessHome,
  findProject,
  fleetPaths,
  type ProjectPaths,
  projectPaths,
} from './config/paths.ts';

/** The configuration of a project, and where each value of it came from. */
export interface Config {
  readonly settings: Settings;
  /** The settings that are set anywhere, as text; what `World.config` holds. */
  readonly raw: Readonly<Record<string, string>>;
  readonly origins: Readonly<Record<SettingName, SettingOrigin>>;
  /** For people, one line each: misspelt names, duplicates, values that another layer overrules. */
  readonly warnings: readonly string[];
}

export interface SettingOrigin {
  readonly value: string | number | boolean;
  readonly origin: 'default' | Layer['origin'];
  /** `<path>:<line>`, or the name of the environment; null for a default. */
  readonly where: string | null;
}

/** The `.harness/config` that is committed on the default branch. */
export interface PolicyFile {
  readonly text: string;
  /** Names it for people: `acme/app@main:.harness/config`. */
  readonly where: string;
}

export interface ConfigSources {
  readonly projectDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** null or left out: nothing is committed, and the project directory's file is the policy. */
  readonly policy?: PolicyFile | null;
}

/**
 * Reads and validates a project's configuration. Strongest first, a blank value counting as none:
 *
 * - host settings: environment, `.harness/config.local`, `.harness/config`, default;
 * - policy: the file committed on the default branch, then the same four. The repository's own name
 *   (HARNESS_OWNER, HARNESS_REPO) is the exception: it says where to look for that file, and a fork
 *   inherits the file of its origin, so the committed one comes after the other layers.
 *
 * Throws `not-initialised` without `.harness/config`, `config-unreadable` for a file that can't be read and
 * `config-invalid`, with file and line, for a line or value that makes no sense.
 */
export async function loadConfig({ projectDir, env, policy = null }: ConfigSources): Promise<Config> {
  const file = await readLayer('file', join(projectDir, '.harness', 'config'));
  if (file === null) throw new HarnessError('not-initialised', `No .harness/config in ${projectDir}.`);
  const local = await readLayer('local', join(projectDir, '.harness', 'config.local'));

  const own = [readEnvironment(env), ...(local === null ? [] : [local]), file];
  const committed = policy === null ? [] : [readText('policy', policy.text, policy.where)];
  const layers = [...own, ...committed];
  refuseWrongValues(layers);

  const chosen = SETTING_NAMES.map(name => choose(name, { own, committed }));
  const raw = Object.fromEntries(
    chosen.flatMap(({ name, winner }) => (winner ? [[name, winner.value]] : [])),
  );
  const settings = parseSettings(raw);
  return {
    settings,
    raw,
    origins: Object.fromEntries(
      chosen.map(({ name, winner }) => [
        name,
        { value: settings[name], origin: winner?.origin ?? 'default', where: winner?.where ?? null },
      ]),
    ) as Record<SettingName, SettingOrigin>,
    warnings: [...layers.flatMap(layer => layer.warnings), ...chosen.flatMap(({ overruled }) => overruled)],
  };
}

/** One place where settings come from. Blank values are left out. */
interface Layer {
  readonly origin: 'file' | 'local' | 'environment' | 'policy';
  readonly values: ReadonlyMap<SettingName, { readonly value: string; readonly where: string }>;
  readonly warnings: readonly string[];
}

const LOCATORS: ReadonlySet<SettingName> = new Set(['HARNESS_OWNER', 'HARNESS_REPO']);

function choose(name: SettingName, layers: { own: readonly Layer[]; committed: readonly Layer[] }) {
  const { own, committed } = layers;
  const order = LOCATORS.has(name) ? [...own, ...committed] : [...committed, ...own];
  const eligible = SETTINGS[name].home === 'policy' ? order : own;
  const found = eligible.flatMap(layer => {
    const set = layer.values.get(name);
    return set ? [{ ...set, origin: layer.origin }] : [];
  });
  const winner = found[0];
  // A person who sets a policy here would otherwise wonder why nothing changes.
  const overruled = found
    .slice(1)
    .filter(other => winner?.origin === 'policy' && other.value !== winner.value)
    .map(other => `${other.where}: ${name} has no effect: ${winner?.where} sets it for every host.`);
  return { name, winner, overruled };
}

async function readLayer(origin: Layer['origin'], path: string): Promise<Layer | null> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new HarnessError('config-unreadable', `${path}: ${messageOf(cause)}`, { cause });
  }
  return readText(origin, decode(bytes, path), path);
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new HarnessError('config-unreadable', `${path}: expected UTF-8 text.`, { cause });
  }
}

function readText(origin: Layer['origin'], text: string, path: string): Layer {
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

function readEnvironment(env: ConfigSources['env']): Layer {
  const set = Object.entries(env).flatMap(([name, value]) =>
    name.startsWith('HARNESS_') && value !== undefined && value.trim() !== ''
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

function describeUnknown(name: string): string {
  const nearest = nearestSetting(name);
  return `${name} is not a setting${nearest === null ? '' : `; did you mean ${nearest}?`}`;
}

/** Every layer must make sense, also where a stronger one hides its value: what is hidden comes back one day. */
function refuseWrongValues(layers: readonly Layer[]): void {
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
