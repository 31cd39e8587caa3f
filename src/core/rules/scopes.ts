/** Declared paths that are in use, and by whom; asks about overlap in time proportional to the path's depth. */
export interface Scopes {
  /** The issue whose declared paths contain, or lie inside, one of these; null when none does. */
  readonly overlapping: (paths: readonly (readonly string[])[]) => string | null;
  /** The same with one more issue's paths in use. */
  readonly add: (paths: readonly (readonly string[])[], owner: string) => void;
}

interface Node {
  readonly next: Map<string, Node>;
  /** Somebody whose path ends here, and somebody whose path ends here or below. */
  owner: string | null;
  any: string | null;
}

export function emptyScopes(): Scopes {
  const root: Node = { next: new Map(), owner: null, any: null };
  return {
    overlapping: paths => {
      for (const path of paths) {
        const owner = ownerAlong(root, path);
        if (owner !== null) return owner;
      }
      return null;
    },
    add: (paths, owner) => {
      for (const path of paths) addPath(root, path, owner);
    },
  };
}

/** Whose path is a part of this one, or has it as a part. `src/api` and `src/api2` are two paths. */
function ownerAlong(root: Node, path: readonly string[]): string | null {
  let node = root;
  for (const segment of path) {
    if (node.owner !== null) return node.owner;
    const next = node.next.get(segment);
    if (!next) return null;
    node = next;
  }
  return node.any;
}

function addPath(root: Node, path: readonly string[], owner: string): void {
  let node = root;
  node.any ??= owner;
  for (const segment of path) {
    let next = node.next.get(segment);
    if (!next) {
      next = { next: new Map(), owner: null, any: null };
      node.next.set(segment, next);
    }
    node = next;
    node.any ??= owner;
  }
  node.owner ??= owner;
}
