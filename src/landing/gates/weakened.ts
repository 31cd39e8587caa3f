import type { FilePatch, Oid } from '../../ports.ts';
import { fail, type GateResult, pass, someOf } from '../gates.ts';
import { definitionsIn, type Manifest } from './check-definitions.ts';
import { type LineChanges, withoutMoves } from './line-changes.ts';
import { skipsTest, suppressesCheck } from './skip-markers.ts';
import { countTests, type TestCounts } from './test-counts.ts';
import { isTestFile } from './test-files.ts';

/** Something that a change does to what proves it. */
export interface Weakening {
  /** Names it in a review's verdict; the same for the same change. */
  readonly id: string;
  readonly kind:
    | 'deleted-test'
    | 'emptied-test'
    | 'unreadable-test'
    | 'skipped-test'
    | 'fewer-tests'
    | 'fewer-assertions'
    | 'changed-assertions'
    | 'suppressed-check'
    | 'check-definition';
  /** `accept`: it lands only when a review or a person accepts it. `note`: whoever looks should see it. */
  readonly severity: 'accept' | 'note';
  readonly path: string;
  /** Where, in the new file; null where it is about the file. */
  readonly line: number | null;
  /** For people. */
  readonly detail: string;
}

/** A word for weakenings, which holds for one head. */
export interface Acceptance {
  /** For people: `code review`, a login. */
  readonly by: string;
  readonly sha: Oid;
  /** Ids of what is accepted; `all` is a person's word for the change as it is. */
  readonly ids: readonly string[] | 'all';
}

/** Whatever needs a word for it has one, given for this very head. */
export function weakenedGate(
  found: readonly Weakening[],
  { head, acceptances }: { readonly head: Oid; readonly acceptances: readonly Acceptance[] },
): GateResult {
  const valid = acceptances.filter(({ sha }) => sha === head);
  const needed = needingAcceptance(found);
  const open = needed.filter(({ id }) => !valid.some(({ ids }) => ids === 'all' || ids.includes(id)));
  if (open.length > 0) {
    const what = someOf(open.map(({ path, detail }) => `${path}: ${detail}`));
    return fail('weakened', 'weakened', `nobody accepted what it does to the checks: ${what}`);
  }
  if (needed.length === 0) return pass('weakened', 'no test and no definition of the check is weakened');
  return pass(
    'weakened',
    `${needed.length} weakened checks accepted by ${valid.map(({ by }) => by).join(', ')}`,
  );
}

export const needingAcceptance = (found: readonly Weakening[]): readonly Weakening[] =>
  found.filter(({ severity }) => severity === 'accept');

/**
 * Everything that a change does to tests and to what defines the check, by names and words alone: it sees what careless
 * agents do, and shows a reviewer where to look. `manifests` are those that `manifestsIn` asks for, by path.
 */
export function weakeningsIn(
  files: readonly FilePatch[],
  manifests: Readonly<Record<string, Manifest>>,
): readonly Weakening[] {
  const tests = files.filter(({ path, oldPath }) => isTestFile(path) || isTestFile(oldPath ?? path));
  return [
    ...[...withoutMoves(tests)].flatMap(([file, lines]) => lossesIn(file, lines)),
    ...[...withoutMoves(files)].flatMap(([file, lines]) => switchedOffIn(file.path, lines)),
    ...definitionsIn(files, manifests).map(({ path, detail }) =>
      weakening('check-definition', 'accept', path, `defines the check (${detail})`),
    ),
  ];
}

function lossesIn(file: FilePatch, lines: LineChanges): readonly Weakening[] {
  const { path, oldPath, status, size } = file;
  if (oldPath !== null && isTestFile(oldPath) && !isTestFile(path)) {
    return [weakening('deleted-test', 'accept', oldPath, `became ${path}, which is no test`)];
  }
  if (status === 'added' || (oldPath !== null && !isTestFile(oldPath))) return [];
  if (status === 'deleted') return [weakening('deleted-test', 'accept', path, 'deleted')];
  if (status === 'retyped') return [weakening('deleted-test', 'accept', path, `became a ${file.kind}`)];
  if (size !== null && size <= EMPTY_BYTES) return [weakening('emptied-test', 'accept', path, 'emptied')];
  if (file.isCut) return [weakening('unreadable-test', 'accept', path, 'too large to be judged')];
  return lostTests(path, countTests(lines));
}

// A line feed, perhaps of Windows, is all that is left.
const EMPTY_BYTES = 2;

function lostTests(path: string, counts: TestCounts): readonly Weakening[] {
  const { testsAdded, testsRemoved, assertionsAdded, assertionsRemoved } = counts;
  if (testsAdded < testsRemoved) {
    return [weakening('fewer-tests', 'accept', path, `${testsRemoved} tests less, ${testsAdded} more`)];
  }
  if (assertionsRemoved === 0) return [];
  const detail = `${assertionsRemoved} assertions less, ${assertionsAdded} more`;
  return assertionsAdded < assertionsRemoved * LEAST_REPLACED
    ? [weakening('fewer-assertions', 'accept', path, detail)]
    : [weakening('changed-assertions', 'note', path, detail)];
}

/** The share of the assertions it takes away that a change has to bring again. */
const LEAST_REPLACED = 0.5;

function switchedOffIn(path: string, { added }: LineChanges): readonly Weakening[] {
  return added.flatMap(({ line, text }) => {
    if (skipsTest(path, text)) {
      return [weakening('skipped-test', 'accept', path, `switches a test off: ${text.trim()}`, line)];
    }
    if (!suppressesCheck(text)) return [];
    return [weakening('suppressed-check', 'note', path, `switches a check off: ${text.trim()}`, line)];
  });
}

const weakening = (
  kind: Weakening['kind'],
  severity: Weakening['severity'],
  path: string,
  detail: string,
  line: number | null = null,
): Weakening => ({
  id: [kind, path, ...(line === null ? [] : [line])].join(':'),
  kind,
  severity,
  path,
  line,
  detail: detail.slice(0, 200),
});
