import { readBoard } from './board.ts';
import type { BoardIssue } from './board-issue.ts';
import { standings } from './explain.ts';
import type { Found } from './lookup.ts';
import type { World } from './world.ts';

/** The dependency graph of everything that is open, with what it refers to. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphNode {
  /** `owner/repo#n` */
  readonly name: string;
  readonly title: string;
  /** A reference's state; `working`, `ready` or `held` for what the fleet takes. */
  readonly state: GraphState;
  /** Kind of the action that names it, or code of what holds it; null for what is none of the fleet's. */
  readonly verdict: string | null;
}

export type GraphState = 'ready' | 'working' | 'held' | 'open' | 'done' | 'never' | 'unknown';

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** `blocks`: `to` waits for `from`. `contains`: `to` is an issue of the PRD `from`. */
  readonly kind: 'blocks' | 'contains';
}

/** Open children, PRDs and bugs, their PRDs, and all that they wait for; in the order of units and numbers. */
export function graphOf(world: World): Graph {
  const board = readBoard({ ...world, unit: null });
  const verdicts = new Map(standings(world).map(({ name, verdict }) => [name, verdict]));
  const nodes = new Map<string, GraphNode>();
  const edges: GraphEdge[] = [];
  for (const { issues, find } of board.units) {
    for (const issue of issues.filter(({ isOpen, kind }) => isOpen && kind !== 'plain')) {
      nodes.set(issue.name, knownNode(issue, verdicts.get(issue.name) ?? null));
      const prd = issue.parent === null ? null : find(issue.parent);
      if (prd) {
        if (!nodes.has(prd.name)) nodes.set(prd.name, knownNode(prd, verdicts.get(prd.name) ?? null));
        edges.push({ from: prd.name, to: issue.name, kind: 'contains' });
      }
      for (const reference of issue.references) {
        if (!nodes.has(reference.name)) nodes.set(reference.name, foundNode(reference, verdicts));
        edges.push({ from: reference.name, to: issue.name, kind: 'blocks' });
      }
    }
  }
  return { nodes: [...nodes.values()], edges };
}

function knownNode({ name, issue, isOpen }: BoardIssue, verdict: string | null): GraphNode {
  return {
    name,
    title: issue.title,
    state: isOpen ? stateOfVerdict(verdict) : closedState(issue.stateReason),
    verdict,
  };
}

function foundNode({ name, issue, state }: Found, verdicts: ReadonlyMap<string, string>): GraphNode {
  const verdict = verdicts.get(name) ?? null;
  return {
    name,
    title: issue?.title ?? '',
    state: verdict === null ? STATES[state] : stateOfVerdict(verdict),
    verdict,
  };
}

function stateOfVerdict(verdict: string | null): GraphState {
  if (verdict === null) return 'open';
  if (verdict === 'working' || verdict === 'leased') return 'working';
  return verdict === verdict.toUpperCase() ? 'ready' : 'held';
}

const closedState = (reason: string | null): GraphState =>
  reason === 'not_planned' || reason === 'duplicate' ? 'never' : 'done';

const STATES: Readonly<Record<Found['state'], GraphState>> = {
  open: 'open',
  closed: 'done',
  merged: 'done',
  not_planned: 'never',
  duplicate: 'never',
  missing: 'never',
  unknown: 'unknown',
};
