/**
 * The circles of a directed graph whose nodes are 0 … n-1: every set of two or more nodes that can all reach
 * each other, and every node with an edge to itself; members ascending. `edges[n]` lists where the edges of
 * node n lead. Tarjan's algorithm, without recursion: a chain of a hundred thousand issues must not exhaust
 * the stack.
 */
export function circlesIn(edges: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const count = edges.length;
  const order = new Int32Array(count).fill(UNVISITED);
  const low = new Int32Array(count);
  const next = new Int32Array(count);
  const isOpen = new Uint8Array(count);
  const open: number[] = [];
  const circles: number[][] = [];
  let visited = 0;

  for (let root = 0; root < count; root += 1) {
    if (order[root] !== UNVISITED) continue;
    const path = [enter(root)];
    while (path.length > 0) {
      const node = path[path.length - 1] as number;
      const target = edges[node]?.[next[node] as number];
      if (target === undefined) {
        path.pop();
        leave(node, path[path.length - 1]);
        continue;
      }
      next[node] = (next[node] as number) + 1;
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
    if (open[open.length - 1] === node && !edges[node]?.includes(node)) {
      open.pop();
      isOpen[node] = 0;
      return;
    }
    const members = open.splice(open.lastIndexOf(node));
    for (const member of members) isOpen[member] = 0;
    circles.push(members.sort((a, b) => a - b));
  }
}

const UNVISITED = -1;
