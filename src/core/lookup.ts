import type { Reference } from './grammar/references.ts';
import type { Unit } from './units.ts';
import type { Issue, Pull, ReferenceState, RepoState, World } from './world.ts';

/** What a reference leads to. The same reference always leads to the same object. */
export interface Found {
  /** `owner/repo#n`, spelt as the world spells the repository: equal names are the same issue. */
  readonly name: string;
  readonly state: ReferenceState;
  /** The issue, when one of the world's repositories holds it. */
  readonly issue: Issue | null;
  /** The owner was guessed, and the world knows no such repository. */
  readonly isGuess: boolean;
}

/** What has to be known of a reference to look it up. */
export type Wanted = Pick<Reference, 'repo' | 'number'> & Partial<Pick<Reference, 'isShort'>>;

/** Looks a reference up: in the repositories' issues, then their pulls, then among the read references. */
export type LookUp = (reference: Wanted) => Found;

/** Indexes a world once, so that each look-up is quick. Repositories compare without case. */
export function lookUpIn(world: Pick<World, 'repos' | 'references'>, units: readonly Unit[]): LookUp {
  const read = new Map(Object.entries(world.references).map(([name, state]) => [name.toLowerCase(), state]));
  const shelves = new Map<string, Shelf>();
  const open = (name: string, repo: RepoState | null, isGuess = false) => {
    const key = name.toLowerCase();
    const readState = (number: number) => read.get(`${key}#${number}`);
    const shelf = shelves.get(key) ?? shelfOf({ name, repo, isGuess, readState });
    shelves.set(key, shelf);
    return shelf;
  };
  const spellings = new Map(units.map(({ repo }) => [repo.toLowerCase(), repo]));
  for (const [name, repo] of Object.entries(world.repos))
    open(spellings.get(name.toLowerCase()) ?? name, repo);
  for (const { repo } of units) open(repo, null);
  for (const name of Object.keys(world.references)) open(name.slice(0, name.lastIndexOf('#')), null);

  return ({ repo, number, isShort = false }) => {
    const shelf = shelves.get(repo) ?? shelves.get(repo.toLowerCase()) ?? open(repo, null, isShort);
    return shelf(number);
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
  const issues = new Map(repo?.issues.map(issue => [issue.number, issue]));
  const pulls = new Map(repo?.pulls.map(pull => [pull.number, pull]));
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
