import { openProject, withReader } from '../../context.ts';
import { EXIT, HarnessError } from '../../errors.ts';
import type { Invocation } from '../../invocation.ts';
import { type Brief, prepareInjection } from '../../loop/injection-session.ts';
import { unitNamed } from './unit.ts';

export interface InjectPromptOptions {
  readonly dir?: string | undefined;
  /** What is wanted, in a person's words. */
  readonly brief: string;
  readonly unit?: string | undefined;
  /** The command that it would be said to: `plan`, `prd` or `issue`. */
  readonly wants: string;
}

/** Prints exactly what an agent would get for a sentence of `harness plan`, `prd` or `issue`. Writes nothing. */
export async function injectPromptCommand(options: InjectPromptOptions, io: Invocation): Promise<number> {
  const project = await openProject(io, options.dir);
  const { repo, id: unit } = unitNamed(project, options.unit);
  const wants = WANTS.find(one => one === options.wants);
  if (!wants) {
    throw new HarnessError('usage-invalid', `Nobody can ask for ${JSON.stringify(options.wants)}.`, {
      fix: `Name one of ${WANTS.join(', ')}.`,
    });
  }
  const { prompt } = await withReader(project, io, engine =>
    prepareInjection(engine, { repo, unit, wants, text: options.brief }),
  );
  io.out(prompt);
  return EXIT.ok;
}

const WANTS = ['plan', 'prd', 'issue'] as const satisfies readonly Brief['wants'][];
