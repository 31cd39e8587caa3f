import type { Project } from '../../context.ts';
import type { Unit } from '../../core/units.ts';
import { HarnessError } from '../../errors.ts';

/** The unit that is meant; the only one there is where none is named. Throws `usage-invalid`. */
export function unitNamed(project: Pick<Project, 'units'>, id: string | undefined): Unit {
  const units = project.units();
  const [first] = units;
  const found = id === undefined && units.length === 1 ? first : units.find(unit => unit.id === id);
  if (found) return found;
  const what = id === undefined ? 'There are several units.' : `There is no unit ${JSON.stringify(id)}.`;
  throw new HarnessError('usage-invalid', what, {
    fix: `Name one with --unit: ${units.map(unit => unit.id).join(', ')}.`,
  });
}
