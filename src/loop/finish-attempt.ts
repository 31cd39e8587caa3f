import type { Failure } from '../core/contracts.ts';
import { NOTHING_TO_DO } from '../core/rules/attempts.ts';
import type { GateResult } from '../landing/gates.ts';
import type { Lease } from '../leases/lease.ts';
import type { Oid } from '../ports.ts';
import {
  type Checkpoint,
  isPutDown,
  makeCheckpoint,
  PUT_DOWN,
  type SavedWork,
  saveWork,
} from './checkpoint.ts';
import { classifyEnd } from './classify.ts';
import { discoveriesIn } from './discoveries.ts';
import type { Engine } from './engine.ts';
import type { OpenAttempt } from './open-attempt.ts';
import { logNameOf, transcriptOf } from './session-log.ts';
import { type AttemptEnd, clearAway, endAttempt } from './settle.ts';
import { closeIssue, mirror, say } from './tell.ts';
import { usageOf, withReviews } from './usage.ts';

/** Ends an attempt that a gate has stopped. */
export async function failAtGate(
  engine: Engine,
  attempt: OpenAttempt,
  results: readonly GateResult[],
  head: Oid | null,
): Promise<void> {
  const failure = results.find(result => result.failure)?.failure ?? null;
  const gates = results.map(result => result.verdict);
  // What it left uncommitted is not to be gone on with, and not to be lost either.
  const { isSafe } = attempt.session ? await saveWork(engine, attempt.session.plan) : NOTHING;
  await finishAttempt(engine, attempt, { ...endOf(engine, attempt), failure, head, gates }, { isSafe });
}

/** Ends an attempt that has nothing to land. What it has is saved once nothing can change it any more. */
export async function endUnfinished(
  engine: Engine,
  attempt: OpenAttempt,
  { hasWork, before = null }: { readonly hasWork: boolean; readonly before?: Oid | null },
): Promise<void> {
  const { session } = attempt;
  if (session) await engine.sessions.end(session.plan.name, 'cancelled');
  const { head, isSafe } = session && hasWork ? await saveWork(engine, session.plan) : NOTHING;
  const failure = isPutDown(engine, session) ? PUT_DOWN : classifyEnd(session);
  const end = { ...endOf(engine, attempt), failure, head: head ?? before };
  await finishAttempt(engine, attempt, end, { isSafe });
}

const NOTHING: SavedWork = { head: null, isSafe: true };

/**
 * How an attempt ends as far as its session tells. A failed one's receipt names the base that it started from, so that
 * the next one can continue on its head.
 */
export const endOf = (engine: Engine, { session, lease, landing, reviews }: OpenAttempt): AttemptEnd => ({
  failure: null,
  landed: null,
  base: session?.plan.base ?? lease.last.base,
  head: null,
  gates: [],
  output: null,
  usage: withReviews(
    session ? usageOf(session, engine.settings) : (landing?.usage ?? null),
    reviews.filter(({ attempt }) => attempt === lease.last.attempt),
  ),
  log: session && logNameOf(session),
  ...transcriptOf(session),
  discoveries: discoveriesIn(session),
});

/**
 * What people see, then receipt and release, then what this host keeps. Nothing is shown without the lease:
 * whoever takes it next must not find a late word about this attempt in its way.
 */
export async function finishAttempt(
  engine: Engine,
  attempt: OpenAttempt,
  end: AttemptEnd,
  {
    branch = null,
    train = null,
    isSafe = true,
  }: { readonly branch?: string | null; readonly train?: Lease | null; readonly isSafe?: boolean } = {},
): Promise<void> {
  const checkpoint = await checkpointOf(engine, attempt, end);
  await tell(engine, attempt, end, checkpoint);
  const pushed = await endAttempt(engine, attempt.lease, end, { branch, checkpoint, train });
  if (pushed.kind === 'unknown') return;
  if (attempt.session) await clearAway(engine, attempt.session.plan, { isSafe });
}

const checkpointOf = (engine: Engine, { issue, lease, session }: OpenAttempt, end: AttemptEnd) =>
  makeCheckpoint(
    engine,
    { repo: lease.repo, issue: issue.number, attempt: lease.last.attempt, session },
    end,
  );

async function tell(
  engine: Engine,
  { issue, lease, session, reviews }: OpenAttempt,
  end: AttemptEnd,
  checkpoint: Checkpoint | null,
): Promise<void> {
  const { number } = issue;
  const { attempt } = lease.last;
  const { failure, landed, output } = end;
  if (landed) {
    await closeIssue(engine, lease, number);
    await say(engine, lease, number, { kind: 'landed', attempt, ...landed });
  } else if (failure) {
    const isForPerson = !engine.settings.HARNESS_AUTONOMOUS || failure.signature.startsWith(NOTHING_TO_DO);
    const blocked = waitsForPerson(failure) && isForPerson;
    const paused = isPutDown(engine, session);
    // A label that only said that a person had to decide.
    const isDecided = failure.class === 'review' && reviews.length > 0;
    await mirror(engine, lease, number, {
      working: false,
      paused,
      ...(blocked || isDecided ? { blocked } : {}),
    });
    const handoff = checkpoint?.handoff ?? null;
    await say(engine, lease, number, {
      kind: paused ? 'paused' : 'failed',
      attempt,
      failure,
      output,
      handoff,
    });
  }
}

const waitsForPerson = ({ class: kind }: Failure) => kind === 'blocked' || kind === 'question';
