import { explain, standings } from '../core/explain.ts';
import { explainUnit, unitStandings } from '../core/explain-unit.ts';
import { EXIT } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { renderExplanation, renderStandings } from '../render/explain.ts';
import { seenWorld, type WorldOptions } from './seen-world.ts';

export interface ExplainOptions extends WorldOptions {
  /**
   * `7`, `#7`, `acme/app#7` or a URL; the name of a unit means its stages PLAN and PRD. Left out, every open issue is told
   * about in a line.
   */
  readonly issue?: string | undefined;
  readonly json?: boolean | undefined;
}

/** Says why an issue, or the stage of a unit, is or is not worked on: every gate in order, what it found and what would change it. */
export async function explainCommand(options: ExplainOptions, io: Invocation): Promise<number> {
  const world = await seenWorld(options, io);
  const page = { width: io.columns, color: io.useColor, now: Date.parse(world.now) };
  if (options.issue === undefined) {
    const all = [...unitStandings(world), ...standings(world)];
    io.out(options.json ? `${JSON.stringify(all, null, 2)}\n` : renderStandings(all, page));
  } else {
    const explanation = explainUnit(world, options.issue) ?? explain(world, options.issue);
    io.out(options.json ? `${JSON.stringify(explanation, null, 2)}\n` : renderExplanation(explanation, page));
  }
  return EXIT.ok;
}
