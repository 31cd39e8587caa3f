/** The edges of a directed graph whose nodes are 0 … n-1: those of node i lead to `to[first[i]]` … `to[first[i + 1] - 1]`. */
export interface Edges {
  readonly first: Int32Array;
  readonly to: Int32Array;
}

/** One edge after the other, as parallel lists of where they start and where they lead. */
export interface EdgeList {
  readonly from: number[];
  readonly to: number[];
}

/** Edges of `count` nodes; those of one node keep their order. */
export function edgesOf(count: number, list: EdgeList): Edges {
  const first = new Int32Array(count + 1);
  for (const node of list.from) first[node + 1] = (first[node + 1] as number) + 1;
  for (let node = 0; node < count; node += 1)
    first[node + 1] = (first[node + 1] as number) + (first[node] as number);
  const next = first.slice(0, count);
  const to = new Int32Array(list.to.length);
  list.from.forEach((node, edge) => {
    to[next[node] as number] = list.to[edge] as number;
    next[node] = (next[node] as number) + 1;
  });
  return { first, to };
}

/** The same edges turned round. */
export function reversed({ first, to }: Edges): Edges {
  const list: EdgeList = { from: [], to: [] };
  for (let node = 0; node + 1 < first.length; node += 1) {
    for (let edge = first[node] as number; edge < (first[node + 1] as number); edge += 1) {
      list.from.push(to[edge] as number);
      list.to.push(node);
    }
  }
  return edgesOf(first.length - 1, list);
}

/** Every node that can be reached from these, themselves included. */
export function reachable({ first, to }: Edges, from: readonly number[]): ReadonlySet<number> {
  const seen = new Set(from);
  for (const node of seen) {
    for (let edge = first[node] as number; edge < (first[node + 1] as number); edge += 1)
      seen.add(to[edge] as number);
  }
  return seen;
}
