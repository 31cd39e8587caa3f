import path from 'node:path';
import type { Failure, GateVerdict } from '../core/contracts.ts';
import type { Settings } from '../core/settings.ts';
import type { Oid, Ports } from '../ports.ts';
import { conflictFailure, type GateResult, unverified, verifyGate } from './gates.ts';
import type { Verified } from './plan.ts';

/** What a verification needs besides the commits: the commands and where clean checkouts are made. */
export interface Verifier extends Pick<Ports, 'repos' | 'commands'> {
  readonly settings: Settings;
  readonly checkoutsDir: string;
}

/** Where the merges of an attempt are checked out, by the nonce of its session. */
export const checkoutOf = ({ checkoutsDir }: Pick<Verifier, 'checkoutsDir'>, session: string) =>
  path.join(checkoutsDir, `${session}-verify`);

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
 * HARNESS_VERIFY run there. The checkout, one per attempt, is removed afterwards.
 */
export async function verifyMerge(
  verifier: Verifier,
  { repo, base, head, session }: { repo: string; base: Oid; head: Oid; session: string },
): Promise<Verification> {
  const merge = await verifier.repos.merge(repo, { base, head });
  if (merge.kind === 'conflict') return failed([conflictFailure(merge.files)], null);

  const checkout = checkoutOf(verifier, session);
  await verifier.repos.checkout({ repo, commit: merge.commit, path: checkout });
  try {
    const { results, output } = await runSteps(verifier, checkout, session);
    if (results.some(result => result.failure)) return failed(results, output);
    const gates = results.map(result => result.verdict);
    const complete = verifier.settings.HARNESS_VERIFY ? gates : [...gates, unverified];
    return { kind: 'verified', verified: { head, base, tree: merge.tree, gates: complete } };
  } finally {
    await verifier.repos.removeWorktree(checkout);
  }
}

async function runSteps(
  { commands, settings }: Verifier,
  cwd: string,
  tag: string,
): Promise<{ results: readonly GateResult[]; output: string | null }> {
  const results: GateResult[] = [];
  for (const [step, command] of [
    ['setup', settings.HARNESS_SETUP],
    ['verify', settings.HARNESS_VERIFY],
  ] as const) {
    if (!command) continue;
    const timeoutMs = settings.HARNESS_VERIFY_TIMEOUT * 1000;
    const result = await commands.run({ command, cwd, timeoutMs, tag });
    const gate = verifyGate(step, command, result);
    results.push(gate);
    if (gate.failure) return { results, output: result.tail };
  }
  return { results, output: null };
}

function failed(results: readonly GateResult[], output: string | null): Verification {
  const failure = results.find(result => result.failure)?.failure;
  if (!failure) throw new Error('A failed verification names no failure.');
  return { kind: 'failed', failure, gates: results.map(result => result.verdict), output };
}
