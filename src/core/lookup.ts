import type { Reference } from './grammar/references.ts';
import type { Unit } from './units.ts';
import type { Issue, Pull, ReferenceState, RepoState, World } from './world.ts';

/** What a reference leads to. */
export interface Found {
  /** `owner/repo#n`, spelt as the world spells the repository: equal names are the same issue. */
  readonly name: string;
  readonly state: ReferenceState;
  /** The issue, when one of the world's repositories holds it. */
  readonly issue: Issue | null;
  /** The owner was guessed, and the world knows no such repository. */
  readonly isGuess: boolean;
}

/** Looks a reference up: in the repositories' issues, then their pulls, then among the read references. */
export type LookUp = (reference: Pick<Reference, 'repo' | 'number' | 'isShort'>) => Found;

/** Indexes a world once, so that each look-up is quick. Repositories compare without case. */
export function lookUpIn(world: Pick<World, 'repos' | 'references'>, units: readonly Unit[]): LookUp {
  const read = new Map(Object.entries(world.references).map(([name, state]) => [name.toLowerCase(), state]));
  const states = new Map(Object.entries(world.repos).map(([name, state]) => [name.toLowerCase(), state]));
  const shelves = new Map<string, Shelf>();
  const open = (name: string, place: string, isGuess: boolean) => {
    const key = name.toLowerCase();
    const readState = (number: number) => read.get(`${key}#${number}`);
    const shelf = shelfOf({ name, repo: states.get(key) ?? null, isGuess, readState });
    shelves.set(place, shelf);
    return shelf;
  };
  const known = [
    ...units.map(({ repo }) => repo),
    ...Object.keys(world.repos),
    ...Object.keys(world.references).map(name => name.slice(0, name.lastIndexOf('#'))),
  ];
  for (const name of known) if (!shelves.has(name.toLowerCase())) open(name, name.toLowerCase(), false);

  return ({ repo, number, isShort }) => {
    const key = repo.toLowerCase();
    const shelf = shelves.get(key);
    if (shelf) return shelf(number);
    // What one text guesses at must not look known to another that names it in full, or the other way round.
    const place = isShort ? `guessed ${key}` : `named ${key}`;
    return (shelves.get(place) ?? open(repo, place, isShort))(number);
  };
}

/** What the world knows of one repository, by number. */
type Shelf = (number: number) => Found;

interface ShelfFacts {
  readonly name: string;
  /** null when the world does not hold that repository. */
  readonly repo: RepoState | null;
  readonly isGuess: boolean;
  readonly readState: (number: number) => ReferenceState | undefined;
}

function shelfOf({ name, repo, isGuess, readState }: ShelfFacts): Shelf {
  const issues = byNumber(repo?.issues ?? []);
  const pulls = byNumber(repo?.pulls ?? []);
  const unseen = repo?.read === 'fresh' ? 'missing' : 'unknown';
  const found = new Map<number, Found>();
  return number => {
    const known = found.get(number);
    if (known) return known;
    const issue = issues.get(number) ?? null;
    const pull = pulls.get(number);
    const inRepo = issue ? stateOfIssue(issue) : pull && stateOfPull(pull);
    const first = { name: `${name}#${number}`, state: inRepo ?? readState(number) ?? unseen, issue, isGuess };
    found.set(number, first);
    return first;
  };
}

function byNumber<T extends { readonly number: number }>(all: readonly T[]): ReadonlyMap<number, T> {
  const found = new Map<number, T>();
  for (const one of all) found.set(one.number, one);
  return found;
}

/** Whether whoever waits for it may go on. */
export function isSatisfied(state: ReferenceState): boolean {
  return state === 'closed' || state === 'merged';
}

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
