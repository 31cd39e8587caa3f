import type { Scope } from '../../core/grammar/scope.ts';
import type { FilePatch } from '../../ports.ts';
import { fail, type GateResult, pass, someOf } from '../gates.ts';
import { leavesTree } from './links.ts';
import { foldPath, type Matcher, matcherOf } from './patterns.ts';
import { PROTECTED } from './protected-paths.ts';

export interface ScopeFacts {
  readonly files: readonly FilePatch[];
  /** Patterns of HARNESS_PROTECT: protected besides `PROTECTED`. */
  readonly protect: readonly string[];
  /** Patterns of HARNESS_UNPROTECT: not protected after all. */
  readonly unprotect: readonly string[];
  /** What the issue's `Scope` sections declare. */
  readonly scope: Scope;
  /** A person wrote the issue's body last, so that its scope may allow what is protected. */
  readonly scopeTrusted: boolean;
}

/** Something that a change touches and may not. */
export interface Trespass {
  readonly path: string;
  readonly kind: 'protected' | 'link' | 'submodule' | 'unsafe-path';
  /** For people: the pattern that protects it, where the link leads. */
  readonly detail: string;
}

/** A change leaves alone what is protected, and adds neither submodules nor links that lead out of the tree. */
export function scopeGate(facts: ScopeFacts): GateResult {
  const found = trespasses(facts);
  if (found.length === 0) return pass('scope', `${facts.files.length} files, none of them protected`);
  const paths = someOf(found.map(({ path, detail }) => `${path} (${detail})`));
  return fail('scope', 'scope', `changes what the issue does not allow: ${paths}`);
}

/**
 * Everything that a change touches and may not. A renamed file counts at both its places, and what a person names in
 * `## Scope` is allowed: that very path, or what is below a path that is protected itself. So `src/**` allows no
 * `src/CLAUDE.md`, and `.github/workflows/**` allows every workflow.
 */
export function trespasses(facts: ScopeFacts): readonly Trespass[] {
  const alsoProtected = matcherOf(facts.protect);
  const protectedBy = (path: string) => usuallyProtected(path) ?? alsoProtected(path);
  const isExempt = matcherOf(facts.unprotect);
  const scope = facts.scopeTrusted ? facts.scope.filter(isPlain).map(path => foldPath(path.join('/'))) : [];
  const isAllowed = (path: string) =>
    isExempt(path) !== null || scope.some(allowed => covers(allowed, foldPath(path), protectedBy));
  return facts.files
    .flatMap(file => [...atItsPlaces(file, protectedBy), ...byItsKind(file)])
    .filter(({ kind, path }) => kind === 'unsafe-path' || !isAllowed(path));
}

const usuallyProtected = matcherOf(PROTECTED);

function atItsPlaces({ path, oldPath }: FilePatch, protectedBy: Matcher): readonly Trespass[] {
  return [path, ...(oldPath === null ? [] : [oldPath])].flatMap((place): readonly Trespass[] => {
    if (isUnsafe(place)) return [{ path: place, kind: 'unsafe-path', detail: 'not a path in a tree' }];
    const pattern = protectedBy(place);
    return pattern === null ? [] : [{ path: place, kind: 'protected', detail: `protected by ${pattern}` }];
  });
}

function byItsKind({ path, kind, oldKind, link }: FilePatch): readonly Trespass[] {
  if (kind === 'submodule' || oldKind === 'submodule') {
    return [{ path, kind: 'submodule', detail: 'a submodule' }];
  }
  if (kind !== 'link' || (link !== null && !leavesTree(path, link))) return [];
  return [{ path, kind: 'link', detail: `a link to ${link ?? 'a place that is too long to read'}` }];
}

/** Git refuses such names in trees it is given; nothing here depends on that. */
const isUnsafe = (path: string) => path.split('/').some(name => NOT_A_NAME.has(foldPath(name)));

const NOT_A_NAME: ReadonlySet<string> = new Set(['', '.', '..', '.git']);

// `**` and `.` declare the whole repository, which names nothing that is protected.
const isPlain = (path: readonly string[]) => path.length > 0 && !path.includes('..');

const covers = (allowed: string, path: string, protectedBy: Matcher) =>
  path === allowed || (path.startsWith(`${allowed}/`) && protectedBy(allowed) !== null);
