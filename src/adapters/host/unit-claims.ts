import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unlessMissing } from '../missing.ts';
import { isAlive, type ProcessIdentity } from '../processes.ts';

/**
 * Claims of units by processes of this host: files `<unit>.<generation>` in one directory, of which the
 * highest generation counts. A dead process's claim is outbid by the next generation and never replaced in
 * place: of all who try, link(2) lets exactly one create the next file.
 */
export interface UnitClaims {
  /** Whether this process has the unit now. Asking again is free, and mends a deleted claim. */
  take(unit: string): boolean;
  release(unit: string): void;
  /** Units whose claimant lives. */
  live(): readonly string[];
}

export function createUnitClaims(directory: string, self: ProcessIdentity): UnitClaims {
  return {
    take: unit => takeClaim(directory, { unit, self }),
    release: unit => {
      for (const claim of claimsOf(directory, unit)) {
        if (isSame(claim.owner, self)) rmSync(claim.path, { force: true });
      }
    },
    live: () => {
      const units = [...new Set(readClaims(directory).map(({ unit }) => unit))];
      return units.filter(unit => isHeld(highest(claimsOf(directory, unit)))).sort();
    },
  };
}

interface Claim {
  readonly unit: string;
  readonly generation: number;
  readonly path: string;
  /** null when the file can't be read: then nobody is known to hold it. */
  readonly owner: ProcessIdentity | null;
}

function takeClaim(directory: string, { unit, self }: { unit: string; self: ProcessIdentity }): boolean {
  const last = highest(claimsOf(directory, unit));
  if (last !== null && isSame(last.owner, self)) return true;
  if (isHeld(last)) return false;

  return placeBid(directory, { unit, generation: (last?.generation ?? 0) + 1, self });
}

/**
 * Bids for one generation of a unit; false when it is taken, or no longer the highest: somebody was faster by
 * a whole generation and has cleared up behind.
 */
export function placeBid(
  directory: string,
  { unit, generation, self }: { unit: string; generation: number; self: ProcessIdentity },
): boolean {
  const path = join(directory, `${encodeURIComponent(unit)}.${generation}`);
  if (!createFile(path, JSON.stringify(self))) return false;
  const claims = claimsOf(directory, unit);
  if (highest(claims)?.generation !== generation) {
    rmSync(path, { force: true });
    return false;
  }
  for (const older of claims.filter(claim => claim.generation < generation)) {
    rmSync(older.path, { force: true });
  }
  return true;
}

/** Creates a file with its whole text in one step; false when it is there already. */
function createFile(path: string, text: string): boolean {
  mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
  const draft = join(path, '..', `.${randomBytes(8).toString('hex')}`);
  try {
    writeFileSync(draft, text, { mode: 0o600 });
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

const claimsOf = (directory: string, unit: string) =>
  readClaims(directory).filter(claim => claim.unit === unit);

function readClaims(directory: string): readonly Claim[] {
  return (unlessMissing(() => readdirSync(directory)) ?? []).flatMap(name => {
    const [, unit, generation] = /^(.+)\.(\d+)$/.exec(name) ?? [];
    if (unit === undefined) return [];
    const path = join(directory, name);
    return [{ unit: decodeURIComponent(unit), generation: Number(generation), path, owner: readOwner(path) }];
  });
}

function readOwner(path: string): ProcessIdentity | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
  } catch {
    return null;
  }
}

function highest(claims: readonly Claim[]): Claim | null {
  return claims.reduce<Claim | null>(
    (best, claim) => (best === null || claim.generation > best.generation ? claim : best),
    null,
  );
}

const isHeld = (claim: Claim | null) => claim?.owner != null && isAlive(claim.owner);

const isSame = (owner: ProcessIdentity | null, self: ProcessIdentity) =>
  owner?.pid === self.pid && owner.started === self.started && owner.boot === self.boot;
