import { join } from 'node:path';
import {
  type Layer,
  layerOfEnvironment,
  layerOfText,
  readConfigText,
  refuseWrongValues,
} from './config/layer.ts';
import { parseSettings } from './core/parse-settings.ts';
import { SETTING_NAMES, SETTINGS, type SettingName, type Settings } from './core/settings.ts';
import { HarnessError } from './errors.ts';

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

  const own = [layerOfEnvironment(env), ...(local === null ? [] : [local]), file];
  const committed = policy === null ? [] : [layerOfText('policy', policy.text, policy.where)];
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

async function readLayer(origin: Layer['origin'], path: string): Promise<Layer | null> {
  const text = await readConfigText(path);
  return text === null ? null : layerOfText(origin, text, path);
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
