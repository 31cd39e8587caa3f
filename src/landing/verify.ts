import type { Failure, GateVerdict } from '../core/contracts.ts';
import type { Oid } from '../ports.ts';
import { checkCommit, type Verifier } from './check-commit.ts';
import { definitionsOf } from './definitions.ts';
import { redBaseGate } from './gates/red-base.ts';
import { conflictFailure, fail, type GateResult, someOf, unverified } from './gates.ts';
import type { Verified } from './plan.ts';
import { proveTests } from './red-first.ts';
import type { Checked, Checking } from './run-steps.ts';

/** What is to be verified, and for whom. */
export interface VerifyFacts {
  readonly repo: string;
  readonly base: Oid;
  readonly head: Oid;
  readonly session: string;
  /** A fix has to mend something of what a red base fails. */
  readonly isFix: boolean;
  /** What was found of this change before; null when nothing was. */
  readonly earlier: Verified | null;
}

export type Verification =
  | { readonly kind: 'verified'; readonly verified: Verified }
  | {
      readonly kind: 'failed';
      readonly failure: Failure;
      readonly gates: readonly GateVerdict[];
      /** Output of the command that failed; null for a conflict. */
      readonly output: string | null;
    };

/**
 * Proves the merge of head and base: merged in the engine's own clone, checked out clean, HARNESS_SETUP and
 * HARNESS_VERIFY run there. Where reports tell failures apart, a base that fails by itself is compared with it.
 */
export async function verifyMerge(verifier: Verifier, facts: VerifyFacts): Promise<Verification> {
  const { repo, base, head } = facts;
  const merge = await verifier.repos.merge(repo, { base, head });
  if (merge.kind === 'conflict') return failed([conflictFailure(merge.files)], null);

  const checked = await checkCommit(verifier, facts, merge.commit);
  const { results, output } = await forgiveBase(verifier, facts, checked);
  if (results.some(result => result.failure)) return failed(results, output);
  const isPassed = results.every(({ verdict }) => verdict.verdict !== 'unknown');
  const redefined = isPassed ? await verifyRedefined(verifier, facts, merge.commit) : [];
  const isBaseRed = checked.failedSteps.length > 0;
  const proof = isPassed ? await proveTests(verifier, { ...facts, merge: merge.commit, isBaseRed }) : null;
  if (proof?.failure) return failed([...results, proof], null);
  const gates = [...results.map(result => result.verdict), ...redefined, ...(proof ? [proof.verdict] : [])];
  const complete = verifier.settings.HARNESS_VERIFY ? gates : [...gates, unverified];
  return { kind: 'verified', verified: { head, base, tree: merge.tree, gates: complete } };
}

/**
 * What the check says of a change that redefines it, when it is defined as on the base. A change may have good
 * reason to fail then, a new dependency, say: a person decides, and nobody else.
 */
async function verifyRedefined(
  verifier: Verifier,
  facts: VerifyFacts,
  merge: Oid,
): Promise<readonly GateVerdict[]> {
  if (!verifier.settings.HARNESS_VERIFY) return [];
  const paths = (await definitionsOf(verifier.repos, facts.repo, facts)).map(({ path }) => path);
  if (paths.length === 0) return [];
  const restored = { commit: merge, from: facts.base, paths };
  const commit = await verifier.repos.restoreFiles(facts.repo, restored);
  const { results } = await forgiveBase(verifier, facts, await checkCommit(verifier, facts, commit));
  const open = results.find(({ failure, verdict }) => failure || verdict.verdict === 'unknown');
  const what = `with ${someOf(paths)} as on the base`;
  return [
    open
      ? { gate: 'verify-base', verdict: 'unknown', reason: `${what}: ${open.verdict.reason}` }
      : { gate: 'verify-base', verdict: 'pass', reason: `succeeds ${what}, too` },
  ];
}

/**
 * The results of a merge that failed, or what is made of them where its base fails, too. With reports the two are
 * compared; without them nobody can tell whose the failure is, and it is held against nobody.
 */
async function forgiveBase(
  verifier: Verifier,
  facts: VerifyFacts,
  checked: Checked,
): Promise<Pick<Checked, 'results' | 'output'>> {
  if (checked.failedSteps.length === 0) return checked;
  const alone = await checkBase(verifier, facts);
  if (alone.failedSteps.length === 0) return checked;
  const others = checked.results.filter(({ verdict }) => verdict.gate !== 'verify');
  const newlyFailing = checked.failedSteps.filter(step => !alone.failedSteps.includes(step));
  const gate =
    newlyFailing.length > 0
      ? fail('verify', 'verify', `fails anew: ${someOf(newlyFailing)}`)
      : verifier.settings.HARNESS_VERIFY_REPORT
        ? redBaseGate({ base: alone.report, merged: checked.report, isFix: facts.isFix })
        : heldByBase(facts.base, checked);
  return { results: [...others, gate], output: gate.failure ? checked.output : null };
}

function heldByBase(base: Oid, { results, failedSteps }: Checked): GateResult {
  const said = results.find(({ failure }) => failure)?.verdict.reason ?? someOf(failedSteps);
  const reason = `${said}; so it does on the base ${base.slice(0, 12)} alone`;
  return { verdict: { gate: 'verify', verdict: 'unknown', reason }, failure: null };
}

/** What the check says of the base alone: the same for every change that is to land on it. */
export function checkBase(
  verifier: Verifier,
  facts: Pick<VerifyFacts, 'repo' | 'base' | 'session'>,
): Promise<Checked> {
  const { commands } = verifier;
  const known = bases.get(commands) ?? new Map<string, KnownBase>();
  bases.set(commands, known);
  const last = known.get(facts.repo);
  if (last?.base === facts.base) return last.checked;
  const checked = checkCommit(verifier, facts, facts.base);
  known.set(facts.repo, { base: facts.base, checked });
  // What broke off says nothing of the base.
  checked.catch(() => known.delete(facts.repo));
  return checked;
}

interface KnownBase {
  readonly base: Oid;
  readonly checked: Promise<Checked>;
}

// The last base of each repository, for as long as this process runs its commands.
const bases = new WeakMap<Checking['commands'], Map<string, KnownBase>>();

function failed(results: readonly GateResult[], output: string | null): Verification {
  const failure = results.find(result => result.failure)?.failure;
  if (!failure) throw new Error('A failed verification names no failure.');
  return { kind: 'failed', failure, gates: results.map(result => result.verdict), output };
}
