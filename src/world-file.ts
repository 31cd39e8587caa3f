import { parseSettings } from './core/parse-settings.ts';
import type { World } from './core/world.ts';
import { HarnessError, messageOf } from './errors.ts';
import { worldReader } from './world-file/fields.ts';
import { Misfit, pathOf } from './world-file/shape.ts';

/** The longest world file that is read, in bytes: 100,000 issues with short bodies take about a third of it. */
export const WORLD_LIMIT = 64 * 1024 * 1024;

/**
 * A world from its file's text; `now` (ISO 8601) stands for a `now` that the file leaves out. Throws
 * `world-invalid` with the path to what is wrong, or `config-invalid` for a setting's value.
 */
export function parseWorld(json: string, now: string): World {
  const world = read(parsed(json), now);
  refuseWrongSettings(world);
  return world;
}

function refuseWrongSettings({ config }: World): void {
  try {
    parseSettings(config);
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    throw new HarnessError(error.code, `config.${error.message}`, { cause: error });
  }
}

/** A world as the text of a file, which `parseWorld` reads back to the same world. */
export function formatWorld(world: World): string {
  return `${JSON.stringify(world, null, 2)}\n`;
}

/** Why a file of at least this size is not read; null when it may be. */
export function faultOfSize(bytes: number): HarnessError | null {
  if (bytes <= WORLD_LIMIT) return null;
  return invalid(`the file is longer than ${WORLD_LIMIT / 1024 / 1024} MB, the most that is read.`);
}

function parsed(json: string): unknown {
  const tooLong = faultOfSize(json.length);
  if (tooLong) throw tooLong;
  try {
    return JSON.parse(json.startsWith(BYTE_ORDER_MARK) ? json.slice(1) : json);
  } catch (error) {
    throw invalid(`the file is not valid JSON: ${messageOf(error).slice(0, 200)}`);
  }
}

const BYTE_ORDER_MARK = '\ufeff';

function read(value: unknown, now: string): World {
  try {
    return worldReader(now)(value);
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    const path = pathOf(error);
    const message = `${path === '' ? 'the world' : path}: ${error.message}`;
    throw error.path.at(-1) === 'config' ? new HarnessError('config-invalid', message) : invalid(message);
  }
}

const invalid = (message: string) => new HarnessError('world-invalid', message);
