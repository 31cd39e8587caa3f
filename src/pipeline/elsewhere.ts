import type { Unit } from '../core/units.ts';
import { HarnessError } from '../errors.ts';

/** Every unit of the fleet: an issue may be filed in the repository of another one than proposed it. */
export type Units = readonly Pick<Unit, 'id' | 'repo'>[];

/** The repository of another unit; null for that of the proposal. Throws `config-invalid` for a unit that is gone since. */
export function elsewhere(id: string | undefined, own: string, units: Units): string | null {
  if (id === undefined) return null;
  const unit = units.find(one => one.id === id);
  if (!unit)
    throw new HarnessError('config-invalid', `There is no unit ${id} any more, which an issue is for.`);
  return unit.repo.toLowerCase() === own.toLowerCase() ? null : unit.repo;
}

/** The scope of an issue's key; numbers and plans of one repository mean nothing in another. */
export const scopeAt = (scope: string, own: string, away: string | null): string =>
  away === null ? scope : `${own.replace('/', '.')}.${scope}`;
