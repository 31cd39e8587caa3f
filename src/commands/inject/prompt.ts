import { openProject, withReader } from '../../context.ts';
import { EXIT } from '../../errors.ts';
import type { Invocation } from '../../invocation.ts';
import { prepareInjection } from '../../loop/injection-session.ts';
import { unitNamed } from './unit.ts';

/** Prints exactly what an agent would get for a sentence of `harness plan`. Writes nothing. */
export async function injectPromptCommand(
  { dir, brief }: { readonly dir?: string | undefined; readonly brief: string },
  io: Invocation,
): Promise<number> {
  const project = await openProject(io, dir);
  const { repo, id: unit } = unitNamed(project, undefined);
  const { prompt } = await withReader(project, io, engine =>
    prepareInjection(engine, { repo, unit, wants: 'plan', text: brief }),
  );
  io.out(prompt);
  return EXIT.ok;
}
