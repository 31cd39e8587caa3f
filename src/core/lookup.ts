import type { Unit } from './units.ts';
import type { Issue, Pull, ReferenceState, RepoState, World } from './world.ts';

/** What a reference leads to. */
export interface Found {
  /** `owner/repo#n`, spelt as the world spells the repository. */
  readonly name: string;
  readonly state: ReferenceState;
  /** The issue, when one of the world's repositories holds it. */
  readonly issue: Issue | null;
  /** The world says something of that repository. */
  readonly isKnownRepo: boolean;
}

/** Looks a reference up: in the repositories' issues, then their pulls, then among the read references. */
export type LookUp = (reference: { readonly repo: string; readonly number: string }) => Found;

/** Indexes a world once, so that each look-up is quick. Repositories compare without case. */
export function lookUpIn(world: Pick<World, 'repos' | 'references'>, units: readonly Unit[]): LookUp {
  const shelves = new Map(
    Object.entries(world.repos).map(([name, repo]) => [name.toLowerCase(), shelfOf(name, repo)]),
  );
  const spellings = new Map(
    Object.keys(world.references).map(name => [ownerAndName(name).toLowerCase(), ownerAndName(name)]),
  );
  for (const { name } of shelves.values()) spellings.set(name.toLowerCase(), name);
  for (const { repo } of units) spellings.set(repo.toLowerCase(), repo);
  const read = new Map(Object.entries(world.references).map(([name, state]) => [name.toLowerCase(), state]));

  return ({ repo, number }) => {
    const key = repo.toLowerCase();
    const shelf = shelves.get(key);
    const issue = shelf?.issues.get(Number(number)) ?? null;
    const pull = issue ? undefined : shelf?.pulls.get(Number(number));
    const state =
      (issue && stateOfIssue(issue)) ??
      (pull && stateOfPull(pull)) ??
      read.get(`${key}#${number}`) ??
      (shelf?.isFresh ? 'missing' : 'unknown');
    return { name: `${spellings.get(key) ?? repo}#${number}`, state, issue, isKnownRepo: spellings.has(key) };
  };
}

/** Whether whoever waits for it may go on. */
export function isSatisfied(state: ReferenceState): boolean {
  return state === 'closed' || state === 'merged';
}

interface Shelf {
  readonly name: string;
  readonly isFresh: boolean;
  readonly issues: ReadonlyMap<number, Issue>;
  readonly pulls: ReadonlyMap<number, Pull>;
}

const shelfOf = (name: string, { read, issues, pulls }: RepoState): Shelf => ({
  name,
  isFresh: read === 'fresh',
  issues: new Map(issues.map(issue => [issue.number, issue])),
  pulls: new Map(pulls.map(pull => [pull.number, pull])),
});

function stateOfIssue({ state, stateReason }: Issue): ReferenceState {
  if (state === 'open') return 'open';
  switch (stateReason) {
    case null:
    case 'completed':
      return 'closed';
    case 'not_planned':
    case 'duplicate':
      return stateReason;
    case 'reopened':
      // A closed issue can't have been reopened: the two facts are of different moments.
      return 'unknown';
    default:
      return stateReason satisfies never;
  }
}

function stateOfPull({ state, merged }: Pull): ReferenceState {
  if (merged) return 'merged';
  return state === 'open' ? 'open' : 'not_planned';
}

const ownerAndName = (reference: string) => reference.slice(0, reference.lastIndexOf('#'));
