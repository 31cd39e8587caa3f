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
 * Which open issues wait for which. An issue's end is step `2i`; that a PRD may contribute work is step
 * `2i + 1`, for its children wait for that only, while the PRD's end waits for its children. A step's edges
 * lead to the steps that must come before.
 */
export interface WaitGraph {
  readonly nodes: readonly WaitNode[];
  readonly edges: Edges;
}

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
  const list: EdgeList = { from: [], to: [] };
  for (const [index, node] of nodes.entries()) addEdges(list, { node, index, indices });
  return { nodes, edges: edgesOf(2 * nodes.length, list) };
}

function foreignNode(name: string, issue: Issue, board: Board): WaitNode {
  const text = board.read(name.slice(0, name.lastIndexOf('#')), issue);
  const blockers = unsatisfied(blockersNamedBy(issue, text, board.lookUp));
  return { name, issue, known: null, unit: null, blockers };
}

interface Place {
  readonly node: WaitNode;
  readonly index: number;
  readonly indices: ReadonlyMap<Issue, number>;
}

/** A PRD's end waits for its start and its open issues; a child's for its blockers and its PRD's start. */
function addEdges(list: EdgeList, { node, index, indices }: Place): void {
  const { known, unit, blockers } = node;
  const isPrd = known?.kind === 'prd';
  const waits = (step: number, other: Issue | null, stepOf: (index: number) => number) => {
    const before = other === null ? undefined : indices.get(other);
    if (before === undefined) return;
    list.from.push(step);
    list.to.push(stepOf(before));
  };
  for (const { issue } of blockers) waits(isPrd ? startOf(index) : endOf(index), issue, endOf);
  if (isPrd) {
    waits(endOf(index), node.issue, startOf);
    for (const { issue } of unit?.issuesOf(node.issue.number) ?? []) waits(endOf(index), issue, endOf);
  } else if (known?.kind === 'child' && known.parent !== null) {
    waits(endOf(index), unit?.find(known.parent)?.issue ?? null, startOf);
  }
}
