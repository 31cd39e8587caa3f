import { circlesIn } from '../circles.ts';
import type { Finding } from '../decision.ts';
import { nodeOf, type WaitGraph } from '../wait-graph.ts';

/** Names of open issues that wait for each other in a circle; those in other repositories included. */
export type Cycle = readonly string[];

/** Every circle of two issues or more. One that waits for itself is told apart. */
export function cyclesIn(graph: WaitGraph): readonly Cycle[] {
  return circlesIn(graph.edges)
    .map(steps => [...new Set(steps.map(step => nodeOf(step, graph)))])
    .filter(members => members.length > 1)
    .map(members => members.map(index => graph.nodes[index]?.name as string));
}

export function cycleFindings(cycles: readonly Cycle[], repo: string): readonly Finding[] {
  const prefix = `${repo}#`;
  return cycles.flatMap(cycle => {
    const issues = cycle
      .filter(name => name.startsWith(prefix))
      .map(name => Number(name.slice(prefix.length)));
    if (issues.length === 0) return [];
    const shown = cycle.slice(0, SHOWN).join(', ');
    const more = cycle.length > SHOWN ? ` and ${cycle.length - SHOWN} more` : '';
    return [
      {
        code: 'dependency-cycle',
        repo,
        issues: issues.sort((a, b) => a - b),
        message: `${shown}${more} wait for each other in a circle; none of them can start`,
        fix: 'Take one of the references out of a `Blocked by` or `Parent` section, or close one of the issues.',
      },
    ];
  });
}

const SHOWN = 8;
