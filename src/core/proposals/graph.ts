import { circlesIn } from '../circles.ts';
import { edgesOf } from '../edges.ts';
import { isSatisfied } from '../lookup.ts';
import type { ReferenceState } from '../world.ts';
import { blockerOf, isKey } from './references.ts';

/** An issue of a proposal, as far as the order of work goes. */
export interface Node {
  readonly key: string;
  readonly blockedBy: readonly string[];
}

/** What is already there, as far as a proposal may refer to it. */
export interface Surroundings {
  readonly repo: string;
  /** The PRD that the issues are for; null for PRDs. */
  readonly parent: number | null;
  readonly stateOf: (repo: string, number: number) => ReferenceState;
  /** Whether an issue waits for the parent, however indirectly: to wait for it would never end. */
  readonly waitsForParent: (repo: string, number: number) => boolean;
}

/** Everything that is wrong with who waits for whom, and whether anything can start. */
export function graphProblems(nodes: readonly Node[], around: Surroundings): readonly string[] {
  const problems = orderProblems(nodes, around);
  if (problems.length > 0 || nodes.length === 0) return problems;
  return nodes.some(node => canStart(node, around))
    ? []
    : ['no issue can be started: each one waits for another, or for an issue that is not done'];
}

/** What is wrong with who waits for whom, where all may have to wait for what is there. */
export function orderProblems(nodes: readonly Node[], around: Surroundings): readonly string[] {
  const keys = new Set(nodes.map(({ key }) => key));
  return [
    ...keyProblems(nodes),
    ...nodes.flatMap(node => node.blockedBy.flatMap(text => blockerProblems(node, text, { keys, around }))),
    ...circleProblems(nodes),
  ];
}

function keyProblems(nodes: readonly Node[]): readonly string[] {
  const seen = new Set<string>();
  return nodes.flatMap(({ key }) => {
    if (!isKey(key))
      return [`"${key.slice(0, 60)}" is no key: small letters, digits and hyphens, at most 40`];
    if (seen.has(key)) return [`the key "${key}" is used twice`];
    seen.add(key);
    return [];
  });
}

interface Known {
  readonly keys: ReadonlySet<string>;
  readonly around: Surroundings;
}

function blockerProblems({ key }: Node, text: string, { keys, around }: Known): readonly string[] {
  const blocker = blockerOf(text, around.repo);
  switch (blocker.kind) {
    case 'unreadable':
      return [`${key}: "${text.slice(0, 60)}" is neither a key, nor #5, nor owner/repo#5`];
    case 'key':
      if (blocker.key === key) return [`${key} waits for itself`];
      return keys.has(blocker.key) ? [] : [`${key}: there is no key "${blocker.key}" in the proposal`];
    case 'issue':
      return issueProblems(key, blocker, around);
    default:
      return blocker satisfies never;
  }
}

function issueProblems(
  key: string,
  { repo, number }: { readonly repo: string; readonly number: number },
  around: Surroundings,
): readonly string[] {
  const name = `${repo}#${number}`;
  const isOwn = repo.toLowerCase() === around.repo.toLowerCase();
  if (isOwn && number === around.parent) return [`${key} waits for its own PRD, ${name}`];
  const state = around.stateOf(repo, number);
  if (state === 'missing') return [`${key}: there is no issue ${name}`];
  if (state === 'not_planned' || state === 'duplicate') {
    return [`${key} waits for ${name}, which was closed and will never be done`];
  }
  return around.waitsForParent(repo, number)
    ? [`${key} waits for ${name}, which itself waits for the PRD`]
    : [];
}

function circleProblems(nodes: readonly Node[]): readonly string[] {
  const indexOf = new Map(nodes.map(({ key }, index) => [key, index]));
  const edges = nodes.flatMap(({ key, blockedBy }, index) =>
    blockedBy.flatMap(blocker => {
      const to = indexOf.get(blocker);
      return to === undefined || blocker === key ? [] : [[index, to] as const];
    }),
  );
  const circles = circlesIn(
    edgesOf(nodes.length, { from: edges.map(([from]) => from), to: edges.map(([, to]) => to) }),
  );
  return circles.map(circle => {
    const named = [...circle].slice(0, NAMED).map(index => nodes[index]?.key);
    const more = circle.length > NAMED ? ` and ${circle.length - NAMED} more` : '';
    return `${named.join(', ')}${more} wait for each other in a circle`;
  });
}

const NAMED = 8;

function canStart({ blockedBy }: Node, { repo, stateOf }: Surroundings): boolean {
  return blockedBy.every(text => {
    const blocker = blockerOf(text, repo);
    return blocker.kind === 'issue' && isSatisfied(stateOf(blocker.repo, blocker.number));
  });
}

/** The nodes so that each comes after those it waits for, else in the order given. There must be no circle. */
export function inOrder<N extends Node>(nodes: readonly N[]): readonly N[] {
  const keys = new Set(nodes.map(({ key }) => key));
  const placed = new Set<string>();
  const ordered: N[] = [];
  let left = [...nodes];
  while (left.length > 0) {
    const next = left.find(({ blockedBy }) => blockedBy.every(text => !keys.has(text) || placed.has(text)));
    if (!next) throw new Error('The issues wait for each other in a circle.');
    ordered.push(next);
    placed.add(next.key);
    left = left.filter(node => node !== next);
  }
  return ordered;
}

/** Tells of each key whether it waits, however indirectly, for another one. */
export function waitsWithin(nodes: readonly Node[]): (key: string, other: string) => boolean {
  const blockers = new Map(nodes.map(({ key, blockedBy }) => [key, blockedBy]));
  return (key, other) => {
    const seen = new Set<string>();
    const next = [...(blockers.get(key) ?? [])];
    for (let at = next.pop(); at !== undefined; at = next.pop()) {
      if (at === other) return true;
      if (seen.has(at)) continue;
      seen.add(at);
      next.push(...(blockers.get(at) ?? []));
    }
    return false;
  };
}
