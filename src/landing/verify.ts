import path from 'node:path';
import type { Failure, GateVerdict } from '../core/contracts.ts';
import type { Oid, Ports } from '../ports.ts';
import { redBaseGate } from './gates/red-base.ts';
import { conflictFailure, fail, type GateResult, someOf, unverified } from './gates.ts';
import type { Verified } from './plan.ts';
import { type Checked, type Checking, checkOut } from './run-steps.ts';

/** What a verification needs besides the commits: the commands and where clean checkouts are made. */
export interface Verifier extends Pick<Ports, 'repos'>, Checking {
  readonly checkoutsDir: string;
}

/** Where the merges of an attempt are checked out, by the nonce of its session. */
export const checkoutOf = ({ checkoutsDir }: Pick<Verifier, 'checkoutsDir'>, session: string) =>
  path.join(checkoutsDir, `${session}-verify`);

/** What is to be verified, and for whom. */
export interface VerifyFacts {
  readonly repo: string;
  readonly base: Oid;
  readonly head: Oid;
  readonly session: string;
  /** A fix has to mend something of what a red base fails. */
  readonly isFix: boolean;
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
 * HARNESS_VERIFY run there. Where reports tell failures apart, a base that fails by itself is compared with it. The
 * checkout, one per attempt, is removed afterwards.
 */
export async function verifyMerge(verifier: Verifier, facts: VerifyFacts): Promise<Verification> {
  const { repo, base, head } = facts;
  const merge = await verifier.repos.merge(repo, { base, head });
  if (merge.kind === 'conflict') return failed([conflictFailure(merge.files)], null);

  const checked = await checkCommit(verifier, facts, merge.commit);
  const { results, output } = await forgiveBase(verifier, facts, checked);
  if (results.some(result => result.failure)) return failed(results, output);
  const gates = results.map(result => result.verdict);
  const complete = verifier.settings.HARNESS_VERIFY ? gates : [...gates, unverified];
  return { kind: 'verified', verified: { head, base, tree: merge.tree, gates: complete } };
}

async function checkCommit(
  verifier: Verifier,
  { repo, session }: VerifyFacts,
  commit: Oid,
): Promise<Checked> {
  const cwd = checkoutOf(verifier, session);
  await verifier.repos.checkout({ repo, commit, path: cwd });
  try {
    return await checkOut(verifier, { cwd, tag: session });
  } finally {
    await verifier.repos.removeWorktree(cwd);
  }
}

/** The results of a merge that failed, or what a comparison makes of them where its base fails, too. */
async function forgiveBase(
  verifier: Verifier,
  facts: VerifyFacts,
  checked: Checked,
): Promise<Pick<Checked, 'results' | 'output'>> {
  if (checked.failedSteps.length === 0 || !verifier.settings.HARNESS_VERIFY_REPORT) return checked;
  const alone = await checkCommit(verifier, facts, facts.base);
  if (alone.failedSteps.length === 0) return checked;
  const others = checked.results.filter(({ verdict }) => verdict.gate !== 'verify');
  const newlyFailing = checked.failedSteps.filter(step => !alone.failedSteps.includes(step));
  const gate =
    newlyFailing.length > 0
      ? fail('verify', 'verify', `fails anew: ${someOf(newlyFailing)}`)
      : redBaseGate({ base: alone.report, merged: checked.report, isFix: facts.isFix });
  return { results: [...others, gate], output: gate.failure ? checked.output : null };
}

function failed(results: readonly GateResult[], output: string | null): Verification {
  const failure = results.find(result => result.failure)?.failure;
  if (!failure) throw new Error('A failed verification names no failure.');
  return { kind: 'failed', failure, gates: results.map(result => result.verdict), output };
}
