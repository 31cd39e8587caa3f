import type { UnitDecision } from '../core/decision.ts';
import { messageOf } from '../errors.ts';
import { checkoutsOf } from '../landing/check-commit.ts';
import type { Engine } from './engine.ts';

type UnitOfRepo = Pick<UnitDecision, 'id' | 'repo'>;

/** Claims a unit, and clears away what its last driver was verifying when it died. */
export async function takeUnit(
  { host, repos, checkoutsDir, log }: Engine,
  { id, repo }: UnitOfRepo,
): Promise<boolean> {
  if (!(await host.claimUnit(id))) return false;
  const left = checkoutsOf({ checkoutsDir }, repo);
  await repos.removeWorktree(left).catch(error => log.warn(`could not remove ${left}: ${messageOf(error)}`));
  return true;
}

/** Is told of all units, and which of them living workers have. */
export type ClearDeserted = (units: readonly UnitOfRepo[], claims: readonly string[]) => Promise<void>;

/**
 * Clears away what died with the last driver of a unit, once after each: another host may have finished the unit, so
 * that nobody drives it here again.
 */
export function createClearDeserted(engine: Engine): ClearDeserted {
  let cleared: ReadonlySet<string> = new Set();
  return async (units, claims) => {
    const deserted = units.filter(({ id }) => !claims.includes(id));
    for (const unit of deserted) {
      if (cleared.has(unit.id)) continue;
      if (await takeUnit(engine, unit)) await engine.host.releaseUnit(unit.id);
    }
    cleared = new Set(deserted.map(({ id }) => id));
  };
}
