import type { FilePatch } from '../../ports.ts';
import { DEFINITIONS, type DefinitionKind } from './definition-patterns.ts';

/** The text of a `package.json` at the base and at the head; null where there is none. */
export interface Manifest {
  readonly before: string | null;
  readonly after: string | null;
}

/** A file that defines what the check runs, and on what. */
export interface Definition {
  readonly path: string;
  readonly kind: DefinitionKind;
  /** For people: which fields of a `package.json` changed. */
  readonly detail: string;
}

/** Paths of a change whose text, before and after, `definitionsIn` wants to see. */
export const manifestsIn = (files: readonly FilePatch[]): readonly string[] =>
  files.filter(({ path }) => isManifest(path)).map(({ path }) => path);

/** The files of a change that define the check. A `package.json` that was not read counts as changed altogether. */
export function definitionsIn(
  files: readonly FilePatch[],
  manifests: Readonly<Record<string, Manifest>>,
): readonly Definition[] {
  return files.flatMap(({ path, oldPath }) =>
    [path, ...(oldPath === null ? [] : [oldPath])].flatMap((place): readonly Definition[] => {
      if (isManifest(place)) return fromManifest(place, manifests[place]);
      const kind = DEFINITIONS.find(([, matches]) => matches(place) !== null)?.[0];
      return kind === undefined ? [] : [{ path: place, kind, detail: kind }];
    }),
  );
}

const isManifest = (path: string) => /(?:^|\/)package\.json$/i.test(path);

function fromManifest(path: string, manifest: Manifest | undefined): readonly Definition[] {
  const before = manifest ? fieldsOf(manifest.before) : null;
  const after = manifest ? fieldsOf(manifest.after) : null;
  if (!before || !after) return [{ path, kind: 'scripts', detail: 'could not be compared' }];
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    field => !HARMLESS.has(field) && before.get(field) !== after.get(field),
  );
  return changed.length === 0 ? [] : [{ path, kind: 'scripts', detail: changed.sort().join(', ') }];
}

function fieldsOf(text: string | null): ReadonlyMap<string, string> | null {
  if (text === null) return new Map();
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null;
    return new Map(Object.entries(parsed).map(([field, value]) => [field, JSON.stringify(value)]));
  } catch {
    return null;
  }
}

// What describes a package to others. Every other field, also one that is not known, may steer a tool.
const HARMLESS: ReadonlySet<string> = new Set([
  ...['name', 'version', 'description', 'keywords', 'homepage', 'bugs', 'license', 'author', 'contributors'],
  ...['funding', 'repository', 'private', 'publishConfig', 'files', 'bin', 'man', 'directories', 'types'],
  ...['typings', 'sideEffects', 'os', 'cpu'],
]);
