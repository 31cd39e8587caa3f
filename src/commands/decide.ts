import { decide } from '../core/decide.ts';
import { EXIT } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { decisionJson } from '../render/decision-json.ts';
import { readWorld } from './read-world.ts';

/** `world` is a path, or `-` for standard input. */
export interface DecideOptions {
  readonly world: string;
  readonly json: boolean;
}

/** Decides offline on a world file and prints what a tick would do. Touches nothing but that file. */
export async function decideCommand({ world: source, json }: DecideOptions, io: Invocation): Promise<number> {
  const decision = decide(await readWorld(source, io.cwd));
  if (json) {
    io.out(decisionJson(decision));
  } else {
    const { renderDecision } = await import('../render/decision.ts');
    io.out(renderDecision(decision, { width: io.columns, color: io.useColor }));
  }
  return EXIT.ok;
}
