import { nextSteps } from '../core/next.ts';
import { EXIT } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { renderNext } from '../render/next.ts';
import { seenWorld, type WorldOptions } from './seen-world.ts';

export interface NextOptions extends WorldOptions {
  readonly json?: boolean | undefined;
}

/** Names the decisions of a person that would free most work, each with the command that settles it. */
export async function nextCommand(options: NextOptions, io: Invocation): Promise<number> {
  const steps = nextSteps(await seenWorld(options, io));
  io.out(
    options.json
      ? `${JSON.stringify(steps, null, 2)}\n`
      : renderNext(steps, { width: io.columns, color: io.useColor }),
  );
  return EXIT.ok;
}
