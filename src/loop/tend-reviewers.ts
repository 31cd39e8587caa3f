import { chooseAgent, profileName } from '../core/agent-choice.ts';
import { isOfAgent } from '../core/breaker.ts';
import type { Failure, Review, ReviewRecord } from '../core/contracts.ts';
import { foldJournal } from '../core/journal.ts';
import { cutTo } from '../core/text.ts';
import { openPoints, reviewGate } from '../landing/gates/review.ts';
import { type GateResult, someOf, undecided } from '../landing/gates.ts';
import { appendToLease, type Lease } from '../leases/lease.ts';
import type { ReviewFile, Session } from '../ports.ts';
import { keyOf, provenLease, type Tick } from './act.ts';
import { classifyEnd } from './classify.ts';
import type { Engine } from './engine.ts';
import { journalOf } from './observe.ts';
import { leaseFrom } from './open-attempt.ts';
import { askSecretsIn } from './secrets.ts';
import { logNameOf, transcriptOf } from './session-log.ts';
import { clearAway } from './settle.ts';
import { usageOf } from './usage.ts';

/**
 * Writes down what reviewers came to that have stopped, and ends those whose change is no longer to be reviewed.
 * `before` has what was under way when the world was read.
 */
export function tendReviewers({ engine, seen, flights }: Tick, before: ReadonlySet<string>): void {
  for (const session of seen.reviewers) {
    const { plan, state } = session;
    const key = keyOf(plan.repo, plan.issue);
    if (plan.unit !== seen.world.unit || before.has(key) || flights.has(key)) continue;
    const journal = journalOf(seen, plan.repo, plan.issue);
    const { holder, open, landing, reviews } = foldJournal(journal?.entries ?? []);
    const isWanted =
      holder?.fleet === engine.host.identity.fleet &&
      open?.session === plan.review?.session &&
      landing?.head === plan.review?.head &&
      !reviews.some(({ review }) => review?.nonce === plan.nonce);
    const lease = journal && isWanted ? leaseFrom(plan.repo, journal) : null;
    if (!lease) flights.begin(key, () => clearAway(engine, plan, { isSafe: true }));
    else if (state === 'ended' || state === 'lost')
      flights.begin(key, () => concludeReview(engine, session, lease));
  }
}

async function concludeReview(engine: Engine, session: Session, held: Lease): Promise<void> {
  const { plan } = session;
  if (!wasCutShort(session)) {
    const lease = await provenLease(engine, held);
    if (!lease) return;
    const failure = helplessnessOf(session);
    const judged = await judge(engine, session);
    const reason = failure ? cutTo(`${failure.class}: ${failure.message}`, 500) : judged.review.reason;
    const { verdict, review } = { ...judged, review: { ...judged.review, reason } };
    const pushed = await appendToLease(engine, lease, [
      {
        op: 'review',
        facts: {
          head: plan.review?.head ?? null,
          gates: [verdict],
          usage: usageOf(session, engine.settings),
          review,
          ...(failure ? { failure } : {}),
          log: logNameOf(session),
          ...transcriptOf(session),
        },
      },
    ]);
    if (pushed.kind !== 'done') return;
    engine.log.info(`reviewed #${plan.issue}: ${review.verdict}, ${review.reason}`, { repo: plan.repo });
  }
  await clearAway(engine, plan, { isSafe: true });
}

/** Why its agent could not work; null when that was not it. Other sessions of this agent would end so, too. */
function helplessnessOf(session: Session): Failure | null {
  const failure = classifyEnd(session);
  return isOfAgent(failure) ? failure : null;
}

/** The engine or the host ended it, so that its silence says nothing. */
const wasCutShort = ({ state, exit, outcome }: Session) =>
  outcome.kind === 'missing' && (state === 'lost' || CUT_SHORT.has(exit?.reason ?? ''));

const CUT_SHORT: ReadonlySet<string> = new Set(['cancelled', 'stopped', 'budget', 'hangup']);

async function judge(
  engine: Engine,
  session: Session,
): Promise<{ readonly verdict: GateResult['verdict']; readonly review: ReviewRecord }> {
  const file = reviewIn(session);
  const result = await askReview(engine, session, file);
  const { verdict, reason } = result.verdict;
  const isRefused = verdict === 'fail' && file.kind === 'valid';
  return {
    verdict: result.verdict,
    review: {
      nonce: session.plan.nonce,
      by: profileName(chooseAgent(engine.settings, 'REVIEW', null)),
      verdict: verdict === 'pass' ? 'pass' : isRefused ? 'fail' : 'none',
      reason: cutTo(reason, 500),
      points: isRefused
        ? openPoints(file.review)
            .slice(0, MOST_POINTS)
            .map(({ id, text }) => ({ id: cutTo(id, 100), text: cutTo(text, 1_000) }))
        : [],
      accepts: verdict === 'pass' && file.kind === 'valid' ? file.review.accepts.map(({ id }) => id) : [],
    },
  };
}

const MOST_POINTS = 50;

async function askReview(engine: Engine, { plan }: Session, file: ReviewFile): Promise<GateResult> {
  const { repo, issue, nonce, worktree, review } = plan;
  const { head = '', criteria = [] } = review ?? {};
  // In a sandbox it could not; without one this shows it.
  const changed = await engine.repos.dirtyPaths({ repo, path: worktree, head });
  if (changed.length > 0)
    return undecided('review', 'review', `the reviewer changed what it was to look at: ${someOf(changed)}`);
  const secrets = await askSecretsIn(engine, file);
  if (secrets.failure) return undecided('review', 'review', 'the verdict holds a secret');
  return reviewGate({ file, asked: { nonce, repo, issue: issue ?? 0, head, criteria } });
}

/** The verdict that a session left: it comes, parsed, as the proposal of an outcome. */
function reviewIn({ outcome }: Session): ReviewFile {
  return outcome.kind === 'valid' ? { kind: 'valid', review: outcome.outcome.proposal as Review } : outcome;
}
