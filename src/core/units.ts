import { HarnessError } from '../errors.ts';
import { circlesIn } from './circles.ts';
import { edgesOf } from './edges.ts';
import type { Settings } from './settings.ts';
import type { Target } from './world.ts';

/** One target repository's work. */
export interface Unit {
  readonly id: string;
  /** `owner/name`, as the configuration spells it. */
  readonly repo: string;
  /** Ids of the units that must be complete before this one starts. */
  readonly deps: readonly string[];
}

/**
 * The fleet's units, in the order in which workers take them: `main` of a single repository, or the rows of
 * targets.tsv. Throws `config-invalid` for what can't be worked on: no or a malformed repository, a duplicate
 * id or repository, an unknown dep, deps in a circle.
 */
export function unitsOf(
  settings: Pick<Settings, 'HARNESS_TOPOLOGY' | 'HARNESS_OWNER' | 'HARNESS_REPO'>,
  targets: readonly Target[],
): readonly Unit[] {
  const owner = settings.HARNESS_OWNER;
  if (settings.HARNESS_TOPOLOGY === 'single') {
    return [{ id: 'main', repo: fullName('HARNESS_REPO', settings.HARNESS_REPO, owner), deps: [] }];
  }
  const units = targets.map(({ id, repo, deps }) => ({
    id,
    repo: fullName(`target ${id}`, repo, owner),
    deps,
  }));
  refuseDuplicates(units);
  refuseUnknownDeps(units);
  refuseCircles(units);
  return units;
}

function fullName(where: string, name: string, owner: string): string {
  if (name === '') throw invalid(`${where}: the repository is not named; expected owner/name.`);
  const full = name.includes('/') ? name : `${owner}/${name}`;
  if (REPOSITORY.test(full)) return full;
  if (!name.includes('/') && owner === '') {
    throw invalid(
      `${where}: the repository ${JSON.stringify(name)} has no owner, and HARNESS_OWNER is not set.`,
    );
  }
  throw invalid(`${where}: expected owner/name, got ${JSON.stringify(full)}.`);
}

const REPOSITORY = /^[\w.-]+\/[\w.-]+$/;

function refuseDuplicates(units: readonly Unit[]): void {
  const ids = new Set<string>();
  const repos = new Map<string, string>();
  for (const { id, repo } of units) {
    if (ids.has(id)) throw invalid(`target ${id}: the id is used twice.`);
    const other = repos.get(repo.toLowerCase());
    if (other !== undefined) throw invalid(`target ${id}: ${repo} is already the repository of ${other}.`);
    ids.add(id);
    repos.set(repo.toLowerCase(), id);
  }
}

function refuseUnknownDeps(units: readonly Unit[]): void {
  const ids = new Set(units.map(({ id }) => id));
  for (const { id, deps } of units) {
    const unknown = deps.find(dep => !ids.has(dep));
    if (unknown !== undefined)
      throw invalid(`target ${id}: there is no unit ${JSON.stringify(unknown)} to depend on.`);
  }
}

function refuseCircles(units: readonly Unit[]): void {
  const indexOf = new Map(units.map(({ id }, index) => [id, index]));
  const from = units.flatMap(({ deps }, index) => deps.map(() => index));
  const to = units.flatMap(({ deps }) => deps.map(dep => indexOf.get(dep) as number));
  const [circle] = circlesIn(edgesOf(units.length, { from, to }));
  if (!circle) return;
  const ids = circle.map(index => units[index]?.id).join(', ');
  throw invalid(`targets: ${ids} depend on each other in a circle.`);
}

const invalid = (message: string) =>
  new HarnessError('config-invalid', message, {
    fix: 'Correct HARNESS_REPO, HARNESS_OWNER or .harness/targets.tsv.',
  });
