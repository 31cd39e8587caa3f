import type { Board, UnitBoard } from './board.ts';
import { type BoardIssue, blockersNamedBy, unsatisfied } from './board-issue.ts';
import type { Found } from './lookup.ts';
import type { Issue } from './world.ts';

/** An open issue that somebody's work waits for, or that waits itself. */
export interface WaitNode {
  /** `owner/repo#n` */
  readonly name: string;
  readonly issue: Issue;
  /** As its unit knows it; null for strangers' issues and those of repositories that are no unit's. */
  readonly known: BoardIssue | null;
  readonly unit: UnitBoard | null;
  /** Unsatisfied references, open or not. */
  readonly blockers: readonly Found[];
}

/**
 * Which open issues wait for which. An issue's end is step `2i`; that a PRD may contribute work is step
 * `2i + 1`, for its children wait for that only, while the PRD's end waits for its children. `edges[step]`
 * lists the steps that must come before.
 */
export interface WaitGraph {
  readonly nodes: readonly WaitNode[];
  readonly edges: Edges;
  readonly indexOf: (issue: Issue) => number | undefined;
}

export type Edges = readonly (readonly number[])[];

/** Step at which an issue is done, and step at which a PRD's children may start. */
export const endOf = (index: number) => 2 * index;
export const startOf = (index: number) => 2 * index + 1;
export const nodeOf = (step: number) => step >> 1;

/** The graph of every open issue of the units and of what those wait for, in whatever repository. */
export function waitGraphOf(board: Board): WaitGraph {
  const nodes: WaitNode[] = [];
  const indices = new Map<Issue, number>();
  const add = (node: WaitNode): void => {
    indices.set(node.issue, nodes.length);
    nodes.push(node);
  };
  for (const unit of board.units) {
    for (const known of unit.issues) {
      if (known.isOpen) add({ name: known.name, issue: known.issue, known, unit, blockers: known.blockers });
    }
  }
  // Grows while it is walked: what a blocker waits for is looked at as well.
  for (let index = 0; index < nodes.length; index += 1) {
    for (const { name, issue, state } of nodes[index]?.blockers ?? []) {
      if (issue && state === 'open' && !indices.has(issue)) add(foreignNode(name, issue, board));
    }
  }
  const indexOf = (issue: Issue) => indices.get(issue);
  const edges: (readonly number[])[] = [];
  nodes.forEach((node, index) => {
    edges.push(
      beforeEnd(node, index, indexOf),
      node.known?.kind === 'prd' ? endsOf(node.blockers, indexOf) : NONE,
    );
  });
  return { nodes, indexOf, edges };
}

function foreignNode(name: string, issue: Issue, board: Board): WaitNode {
  const text = board.read(name.slice(0, name.lastIndexOf('#')), issue);
  const blockers = unsatisfied(blockersNamedBy(issue, text, board.lookUp));
  return { name, issue, known: null, unit: null, blockers };
}

type IndexOf = WaitGraph['indexOf'];
const NONE: readonly number[] = [];

/** A PRD's end waits for its start and its open issues; a child's for its blockers and its PRD's start. */
function beforeEnd({ known, unit, blockers }: WaitNode, index: number, indexOf: IndexOf): readonly number[] {
  if (known?.kind === 'prd') {
    const open = unit?.issuesOf(known.issue.number).filter(({ isOpen }) => isOpen) ?? [];
    return [startOf(index), ...endsOf(open, indexOf)];
  }
  const ends = endsOf(blockers, indexOf);
  const prd = known?.kind === 'child' && known.parent !== null ? unit?.find(known.parent) : null;
  const prdIndex = prd ? indexOf(prd.issue) : undefined;
  return prdIndex === undefined ? ends : [...ends, startOf(prdIndex)];
}

function endsOf(waitedFor: readonly { readonly issue: Issue | null }[], indexOf: IndexOf): readonly number[] {
  if (waitedFor.length === 0) return NONE;
  const ends: number[] = [];
  for (const { issue } of waitedFor) {
    const index = issue === null ? undefined : indexOf(issue);
    if (index !== undefined) ends.push(endOf(index));
  }
  return ends;
}

/** The graph's edges turned round: which steps come after each. */
export function reversed(edges: Edges): Edges {
  const after: number[][] = edges.map(() => []);
  edges.forEach((before, step) => {
    for (const earlier of before) after[earlier]?.push(step);
  });
  return after;
}

/** Every step that can be reached from these, themselves included. */
export function reachable(edges: Edges, from: readonly number[]): ReadonlySet<number> {
  const seen = new Set(from);
  for (const step of seen) for (const next of edges[step] ?? NONE) seen.add(next);
  return seen;
}
