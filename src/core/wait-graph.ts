import type { Board, UnitBoard } from './board.ts';
import { type BoardIssue, blockersNamedBy, unsatisfied } from './board-issue.ts';
import { type EdgeList, type Edges, edgesOf } from './edges.ts';
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
 * Which open issues wait for which. An issue's end is one step; that a PRD may contribute work is another, its
 * start, for its children wait for that only, while the PRD's end waits for its children. A step's edges lead
 * to the steps that must come before. Starts are numbered first and ends of PRDs last, so that on a usual
 * board every edge leads to a lower step.
 */
export interface WaitGraph {
  readonly nodes: readonly WaitNode[];
  readonly edges: Edges;
}

/** Step at which a PRD's children may start; only a PRD's is connected to anything. */
export const startOf = (index: number) => index;

/** Step at which an issue is done. */
export function endOf(index: number, { nodes }: Pick<WaitGraph, 'nodes'>): number {
  const isPrd = nodes[index]?.known?.kind === 'prd';
  return index + (isPrd ? 2 : 1) * nodes.length;
}

/** The node that a step belongs to. */
export const nodeOf = (step: number, { nodes }: Pick<WaitGraph, 'nodes'>) => step % nodes.length;

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
  return { nodes, edges: edgesOf(3 * nodes.length, edgeListOf(nodes, indices)) };
}

function foreignNode(name: string, issue: Issue, board: Board): WaitNode {
  const text = board.read(name.slice(0, name.lastIndexOf('#')), issue);
  const blockers = unsatisfied(blockersNamedBy(issue, text, board.lookUp));
  return { name, issue, known: null, unit: null, blockers };
}

/** A PRD's end waits for its start and its open issues; a child's for its blockers and its PRD's start. */
function edgeListOf(nodes: readonly WaitNode[], indices: ReadonlyMap<Issue, number>): EdgeList {
  const list: EdgeList = { from: [], to: [] };
  const graph = { nodes };
  const wait = (step: number, before: number) => {
    list.from.push(step);
    list.to.push(before);
  };
  const waitForEnds = (step: number, others: readonly { readonly issue: Issue | null }[]) => {
    others.forEach(({ issue }) => {
      const other = issue === null ? undefined : indices.get(issue);
      if (other !== undefined) wait(step, endOf(other, graph));
    });
  };
  nodes.forEach(({ known, unit, blockers, issue }, index) => {
    const end = endOf(index, graph);
    if (known?.kind === 'prd') {
      waitForEnds(startOf(index), blockers);
      wait(end, startOf(index));
      waitForEnds(end, unit?.issuesOf(issue.number) ?? []);
      return;
    }
    waitForEnds(end, blockers);
    if (known?.kind !== 'child' || known.parent === null) return;
    const prd = unit?.find(known.parent);
    const start = prd ? indices.get(prd.issue) : undefined;
    if (start !== undefined) wait(end, startOf(start));
  });
  return list;
}
