import type { GateVerdict, JournalEntry } from '../core/contracts.ts';
import { PACKET_FILE } from '../core/journal.ts';
import { type Append, appendToLease } from '../leases/lease.ts';
import type { Oid, RefUpdate } from '../ports.ts';
import { expectsChecks } from './expected-checks.ts';
import { gatesOf, type Lander, type Landing, type State, withFacts } from './landing.ts';
import { packetOf } from './packet.ts';
import { expectedChecks } from './readiness.ts';

/** What became of a step; `stopped`: the lease is not ours any more, or it is not known. */
export type Performed =
  | { readonly kind: 'done'; readonly state: State }
  | { readonly kind: 'stopped'; readonly reason: string };

/** What became of pushing the branch, and where each ref of the push points now. */
type Published =
  | (Extract<Performed, { kind: 'done' }> & { readonly tips: Readonly<Record<string, Oid>> })
  | Extract<Performed, { kind: 'stopped' }>;

/**
 * Pushes branch and journal in one atomic push: a fleet that lost the lease can't move the branch. With `also` more
 * than that is taken, or nothing moves.
 */
export async function publish(
  lander: Lander,
  landing: Landing,
  state: State,
  { also = [] }: { readonly also?: readonly RefUpdate[] } = {},
): Promise<Published> {
  const { head, branch } = state.facts;
  const { append, attachments, checks } = await landingEntry(lander, landing, state);
  const ref = `refs/heads/${landing.branch}`;
  const move = { kind: 'branch', ref, expected: branch, target: head } as const;
  const updates = [...(branch === head ? [] : [move]), ...also];
  const pushed = await appendToLease(lander, state.lease, [append], { updates, attachments });
  if (pushed.kind !== 'done') return { kind: 'stopped', reason: pushed.reason };
  // An earlier attempt's pull request is there still: it gets this one's text.
  const published = withFacts(state, { branch: head, pull: null, readiness: null });
  const { lease, tips } = pushed;
  return { kind: 'done', state: { ...published, gates: [...state.gates, checks], lease }, tips };
}

/** What the journal is to say of a landing as it is now. */
export async function landingEntry(
  lander: Lander,
  landing: Landing,
  state: State,
): Promise<{
  readonly append: Append;
  readonly attachments: Readonly<Record<string, string>>;
  readonly checks: GateVerdict;
}> {
  const { head, base, refusal, queue } = state.facts;
  const checks = expectedChecks(await expectsChecks(lander, landing.lease.repo, head));
  const facts = {
    head,
    base,
    gates: [...gatesOf(landing, state), checks],
    usage: landing.usage,
    ...(refusal ? { refusal } : {}),
    ...(queue?.mark ? { queued: queue.mark } : {}),
    ...(await reviewFactsOf(lander, landing, state)),
  };
  const attachments = { [PACKET_FILE]: JSON.stringify(await packetOf(lander, landing, state)) };
  return { append: { op: 'landing', facts }, attachments, checks };
}

/** What whoever reviews the change, on whatever host, has to know of it. */
async function reviewFactsOf(
  { repos, settings }: Lander,
  { lease, outcome, issue }: Landing,
  { facts: { base, head } }: State,
): Promise<Pick<JournalEntry, 'patchId' | 'answers'>> {
  if (issue.number === null || !READ_BY_AGENTS.has(settings.HARNESS_REVIEW)) return {};
  const answers = outcome?.answers ? { answers: outcome.answers } : {};
  return { patchId: await repos.patchId(lease.repo, { base, head }), ...answers };
}

const READ_BY_AGENTS: ReadonlySet<string> = new Set(['agent', 'both']);

/** The step is done. */
export const done = (state: State): Performed => ({ kind: 'done', state });
