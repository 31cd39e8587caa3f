import { graphOf } from '../core/graph.ts';
import { EXIT } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { graphDot, graphMermaid, graphText } from '../render/graph.ts';
import { seenWorld, type WorldOptions } from './seen-world.ts';

/** At most one of the formats is set; text is the default. */
export interface GraphOptions extends WorldOptions {
  readonly mermaid?: boolean | undefined;
  readonly dot?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** Draws what waits for what among the open issues. */
export async function graphCommand(options: GraphOptions, io: Invocation): Promise<number> {
  const graph = graphOf(await seenWorld(options, io));
  if (options.json) io.out(`${JSON.stringify(graph, null, 2)}\n`);
  else if (options.mermaid) io.out(graphMermaid(graph));
  else if (options.dot) io.out(graphDot(graph));
  else io.out(graphText(graph));
  return EXIT.ok;
}
