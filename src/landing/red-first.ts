import type { GateVerdict } from '../core/contracts.ts';
import type { FilePatch, Oid } from '../ports.ts';
import { checkCommit, type Verifier } from './check-commit.ts';
import { type Alone, redFirstGate } from './gates/red-first.ts';
import { countTests } from './gates/test-counts.ts';
import { isTestFile } from './gates/test-files.ts';
import type { GateResult } from './gates.ts';
import type { Verified } from './plan.ts';

/** A change that was merged with its base, and whose merge is verified. */
export interface ProvenMerge {
  readonly repo: string;
  readonly base: Oid;
  readonly head: Oid;
  readonly session: string;
  readonly isFix: boolean;
  readonly merge: Oid;
  /** The base fails by itself, and reports say that the change makes nothing worse; of a fix, that it mends some. */
  readonly isBaseRed: boolean;
  /** What was said of this head before, on whatever base; null when nothing was. */
  readonly earlier: Verified | null;
}

/**
 * Verifies the tests of a change without the rest of it: all other files are as on the base. null where that is not
 * asked: HARNESS_RED_FIRST is off, nothing verifies, or a change that is no fix touches no test.
 */
export async function proveTests(verifier: Verifier, merged: ProvenMerge): Promise<GateResult | null> {
  const { settings, repos } = verifier;
  if (settings.HARNESS_RED_FIRST === 'off' || settings.HARNESS_VERIFY === '') return null;
  const said = saidBefore(merged);
  if (said) return { verdict: said, failure: null };
  const { repo, base, head, isFix } = merged;
  const files = await repos.patch(repo, { base, head });
  const tests = files.filter(({ path, status }) => isTestFile(path) && status !== 'deleted');
  if (tests.length === 0 && !isFix) return null;
  const alone = await checkAlone(verifier, merged, { files, tests });
  return redFirstGate({ isFix, tests: tests.map(({ path }) => path), alone });
}

/** A base that moves says nothing new of it, and whoever waits for the train should not run it twice. */
function saidBefore({ earlier, head }: ProvenMerge): GateVerdict | null {
  if (earlier?.head !== head) return null;
  return earlier.gates.find(({ gate, verdict }) => gate === 'red-first' && verdict !== 'unknown') ?? null;
}

async function checkAlone(
  verifier: Verifier,
  { repo, base, merge, session, isFix, isBaseRed }: ProvenMerge,
  { files, tests }: { readonly files: readonly FilePatch[]; readonly tests: readonly FilePatch[] },
): Promise<Alone> {
  if (isBaseRed) return isFix ? { kind: 'fails' } : unclear('the base fails by itself');
  const others = files.filter(({ path }) => !isTestFile(path));
  if (tests.length === 0) {
    // Rust, among others, keeps tests in the files that they test.
    const isInside = others.some(file => countTests(file).testsAdded > 0);
    return isInside ? unclear('its tests are in files that it changes') : { kind: 'succeeds' };
  }
  const paths = files.flatMap(placesOf).filter(path => !isTestFile(path));
  if (paths.length === 0) return unclear('it changes tests alone');
  const commit = await verifier.repos.restoreFiles(repo, { commit: merge, from: base, paths });
  const { failedSteps, results } = await checkCommit(verifier, { repo, session }, commit);
  if (failedSteps.length > 0) return { kind: 'fails' };
  return results.some(({ failure }) => failure) ? unclear('HARNESS_SETUP fails then') : { kind: 'succeeds' };
}

const placesOf = ({ path, oldPath }: FilePatch) => [path, ...(oldPath === null ? [] : [oldPath])];

const unclear = (reason: string): Alone => ({ kind: 'unclear', reason });
