import type { UnitBoard } from '../board.ts';
import type { Unit } from '../units.ts';
import { type Node, waitsWithin } from './graph.ts';
import type { ProposedSlice } from './proposal.ts';

/** A unit, as far as it can be filed in. */
export type Neighbour = Pick<UnitBoard, 'unit' | 'repo'>;

/** The units that a proposal may file issues in. */
export interface Neighbours {
  readonly own: Unit;
  readonly all: readonly Neighbour[];
}

/** All units of the fleet. */
export const unitsIn = ({ all }: Neighbours) => all.map(({ unit }) => unit);

/** An issue of a proposal, and the unit that it is work of. */
export type Homed = Node & Pick<ProposedSlice, 'unit'>;

/** The repository that each slice is filed in, by its key. Units that there are not are left out. */
export function homesOf(
  slices: readonly Homed[],
  units: readonly Pick<Unit, 'id' | 'repo'>[],
  own: string,
): ReadonlyMap<string, string> {
  return new Map(
    slices.flatMap(({ key, unit }) => {
      const repo = unit === undefined ? own : units.find(({ id }) => id === unit)?.repo;
      return repo === undefined ? [] : [[key, repo] as const];
    }),
  );
}

/**
 * What is wrong with the units that slices are filed in. One that `counts` is a part of a PRD, which ends with the issues of
 * its own repository: what none of them waits for would be forgotten.
 */
export function homeProblems<N extends Homed>(
  slices: readonly N[],
  { own, all }: Neighbours,
  counts: (slice: N) => boolean = () => true,
): readonly string[] {
  const waits = waitsWithin(slices);
  const ids = all.map(({ unit }) => unit.id);
  const near = slices.filter(({ unit }) => unit === undefined);
  return slices.flatMap(slice => {
    const { key, unit: id } = slice;
    if (id === undefined) return [];
    const where = key.slice(0, 60);
    if (id === own.id) return [`${where}: ${id} is its own unit: leave out \`unit\``];
    const found = all.find(({ unit }) => unit.id === id);
    if (!found)
      return [`${where}: there is no unit ${JSON.stringify(id.slice(0, 60))}; there are ${ids.join(', ')}`];
    if (found.repo.read === 'missing')
      return [`${where}: ${found.unit.repo}, the repository of ${id}, is not there`];
    const isAwaited = near.some(one => waits(one.key, key));
    if ((counts(slice) || isAwaited) && dependsOn(found, own.id, all)) {
      return [
        `${where}: the unit ${id} starts only when ${own.id} is complete, and so never before what waits for it is done`,
      ];
    }
    return isAwaited || !counts(slice)
      ? []
      : [`${where} is filed in ${id}, and no issue of ${own.id} waits for it`];
  });
}

function dependsOn(from: Neighbour, id: string, all: readonly Neighbour[]): boolean {
  const seen = new Set<string>();
  const next = [...from.unit.deps];
  for (let dep = next.pop(); dep !== undefined; dep = next.pop()) {
    if (dep === id) return true;
    if (seen.has(dep)) continue;
    seen.add(dep);
    next.push(...(all.find(({ unit }) => unit.id === dep)?.unit.deps ?? []));
  }
  return false;
}
