import { openProject, withReader } from '../context.ts';
import type { World } from '../core/world.ts';
import type { Invocation } from '../invocation.ts';
import { look } from '../loop/observe.ts';
import { readWorld } from './read-world.ts';

/** Where a read command gets its world: a file (`-` for standard input), or the project as it is now. */
export interface WorldOptions {
  readonly world?: string | undefined;
  readonly dir?: string | undefined;
}

/** The world that a read command speaks of. Writes nothing. */
export async function seenWorld({ world, dir }: WorldOptions, io: Invocation): Promise<World> {
  if (world !== undefined) return readWorld(world, io.cwd);
  const project = await openProject(io, dir);
  return (await withReader(project, io, look)).world;
}
