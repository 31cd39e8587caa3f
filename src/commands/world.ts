import { openProject, withReader } from '../context.ts';
import { EXIT } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { look } from '../loop/observe.ts';
import { formatWorld } from '../world-file.ts';

/** Prints the world as `harness decide` reads it. Writes nothing. */
export async function worldCommand(options: { dir?: string | undefined }, io: Invocation): Promise<number> {
  const project = await openProject(io, options.dir);
  const { world } = await withReader(project, io, look);
  io.out(formatWorld(world));
  return EXIT.ok;
}
