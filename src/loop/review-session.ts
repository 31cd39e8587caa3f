import path from 'node:path';
import { criteriaOf } from '../core/grammar/criteria.ts';
import { foldJournal, type JournalState } from '../core/journal.ts';
import type { Issue } from '../core/world.ts';
import { messageOf } from '../errors.ts';
import { openPointsIn } from '../landing/reviewed.ts';
import type { Oid, SessionPlan } from '../ports.ts';
import type { Tick } from './act.ts';
import type { Engine } from './engine.ts';
import { type FlightEnd, WAITS } from './flights.ts';
import { journalOf, type Seen } from './observe.ts';
import { branchOf, commentsOn, issueIn } from './prepare-session.ts';
import { reviewPromptOf } from './review-prompt.ts';
import { clearAway } from './settle.ts';

/** A review that could begin. */
export interface PreparedReview {
  readonly plan: SessionPlan;
  readonly issue: Issue;
  readonly head: Oid;
  readonly state: JournalState;
}

/**
 * Begins a session that reviews the change of an issue. It needs no lease of its own: its word counts only when the
 * attempt's lease is still ours to write it down. Returns once the slot is visibly used.
 */
export async function startReview(
  { engine, seen, flights }: Tick,
  key: string,
  { repo, issue }: { readonly repo: string; readonly issue: number | null },
): Promise<void> {
  const prepared = issue === null ? null : prepareReview(engine, seen, { repo, number: issue });
  if (!prepared || !(await engine.sessions.reserve(prepared.plan))) return;
  flights.begin(key, () => launchReview(engine, seen, prepared));
}

/** null when there is nothing to review, or no longer. */
export function prepareReview(
  { prefix, clock, worktreesDir }: Engine,
  seen: Seen,
  { repo, number }: { readonly repo: string; readonly number: number },
): PreparedReview | null {
  const issue = issueIn(seen, repo, number);
  const state = foldJournal(journalOf(seen, repo, number)?.entries ?? []);
  const { landing, open } = state;
  if (!issue || !open || !landing?.head || !landing.base) return null;
  const { head, base, bodyHash } = landing;
  const unit = seen.world.unit ?? 'main';
  const name = `${prefix}-${unit}-i${number}-review`.replaceAll(/[^A-Za-z0-9_-]/g, '_');
  const nonce = clock.nonce();
  const plan: SessionPlan = {
    name,
    kind: 'REVIEW',
    unit,
    repo,
    issue: number,
    attempt: open.attempt,
    epoch: state.epoch,
    nonce,
    branch: `review/${number}`,
    base,
    start: head,
    worktree: path.join(worktreesDir, `${name}-a${open.attempt}-${nonce.slice(0, 8)}`),
    bodyHash,
    review: { head, session: open.session, criteria: criteriaOf(issue).map(({ id }) => id) },
  };
  return { plan, issue, head, state };
}

/** The whole prompt of a reviewer. Another host may have made the commits: they come with the issue's branch. */
export async function reviewPrompt(
  engine: Engine,
  seen: Seen,
  { plan, issue, head, state }: PreparedReview,
): Promise<string> {
  const { repos, prompts, settings } = engine;
  const { repo, base } = plan;
  await repos.remoteBranch(repo, branchOf(issue.number));
  return reviewPromptOf(prompts, {
    plan,
    subject: issue,
    comments: await commentsOn(engine, seen, plan),
    head,
    files: await repos.patch(repo, { base, head }),
    gates: state.landing?.gates ?? [],
    points: openPointsIn(state.reviews),
    answers: state.landing?.answers ?? [],
    settings,
  });
}

async function launchReview(engine: Engine, seen: Seen, prepared: PreparedReview): Promise<FlightEnd> {
  const { plan, issue, head } = prepared;
  const { repos, identity, sessions, log } = engine;
  const { repo, worktree, branch } = plan;
  try {
    const prompt = await reviewPrompt(engine, seen, prepared);
    await repos.createWorktree({ repo, path: worktree, branch, start: head, identity });
    await sessions.launch(plan.name, { prompt, title: issue.title });
    log.info(`started the review of #${issue.number}, attempt ${plan.attempt}`, { session: plan.name });
    return;
  } catch (error) {
    log.warn(`could not start the review of #${issue.number}: ${messageOf(error)}`, { repo });
    await clearAway(engine, plan, { isSafe: true });
    return WAITS;
  }
}
