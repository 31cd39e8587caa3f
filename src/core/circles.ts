import type { Edges } from './edges.ts';

/**
 * The circles of a directed graph: every set of two or more nodes that can all reach each other, and every
 * node with an edge to itself; members ascending. Tarjan's algorithm, without recursion: a chain of a hundred
 * thousand issues must not exhaust the stack.
 */
export function circlesIn(edges: Edges): readonly (readonly number[])[] {
  return leadDownwards(edges) ? [] : componentsIn(edges);
}

/** Whether every edge leads to a lower node, which leaves no way back. Most boards are so: it spares the search. */
function leadDownwards({ first, to }: Edges): boolean {
  for (let node = 0; node + 1 < first.length; node += 1) {
    const end = first[node + 1] as number;
    for (let edge = first[node] as number; edge < end; edge += 1)
      if ((to[edge] as number) >= node) return false;
  }
  return true;
}

function componentsIn({ first, to }: Edges): readonly (readonly number[])[] {
  const count = first.length - 1;
  const order = new Int32Array(count).fill(UNVISITED);
  const low = new Int32Array(count);
  const next = first.slice(0, count);
  const isOpen = new Uint8Array(count);
  const open: number[] = [];
  const circles: number[][] = [];
  let visited = 0;

  for (let root = 0; root < count; root += 1) {
    if (order[root] !== UNVISITED) continue;
    const path = [enter(root)];
    while (path.length > 0) {
      const node = path[path.length - 1] as number;
      const edge = next[node] as number;
      if (edge === first[node + 1]) {
        path.pop();
        leave(node, path[path.length - 1]);
        continue;
      }
      next[node] = edge + 1;
      const target = to[edge] as number;
      if (order[target] === UNVISITED) path.push(enter(target));
      else if (isOpen[target]) low[node] = Math.min(low[node] as number, order[target] as number);
    }
  }
  return circles;

  function enter(node: number): number {
    order[node] = visited;
    low[node] = visited;
    visited += 1;
    isOpen[node] = 1;
    open.push(node);
    return node;
  }

  function leave(node: number, caller: number | undefined): void {
    if (caller !== undefined) low[caller] = Math.min(low[caller] as number, low[node] as number);
    if (low[node] !== order[node]) return;
    const members =
      open[open.length - 1] === node ? [open.pop() as number] : open.splice(open.lastIndexOf(node));
    for (const member of members) isOpen[member] = 0;
    if (members.length > 1 || leadsToItself(node)) circles.push(members.sort((a, b) => a - b));
  }

  function leadsToItself(node: number): boolean {
    return to.subarray(first[node], first[node + 1]).includes(node);
  }
}

const UNVISITED = -1;
