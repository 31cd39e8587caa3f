import type { Issue } from '../core/world.ts';
import { bodyHashOf } from '../leases/digest.ts';
import { describeChecks, expectsChecks, failedChecks } from './expected-checks.ts';
import { gatesOf, type Lander, type Landing, type State, TEXT_CHANGED, withFacts } from './landing.ts';
import { expectedChecks, readinessOf } from './readiness.ts';
import { standing } from './refusals.ts';
import { type Reviewed, reviewedIn } from './reviewed.ts';

/** Looks at what GitHub shows of the pull request. What that says is for all gates one moment. */
export async function ask(lander: Lander, landing: Landing, state: State): Promise<State> {
  const { repo } = landing.lease;
  const { head, pull, refusal } = state.facts;
  const { issues, pulls, reviews } = await lander.board.snapshot(repo, { maxAgeMs: LOOK_MAX_AGE_MS });
  if (await isAskedAnew(lander, landing, issues)) return withFacts(state, { failure: TEXT_CHANGED });
  const pushedAt = (head === landing.head ? landing.pushedAt : null) ?? state.lease.last.at;
  const nowMs = lander.clock.now();
  const sight = {
    pull: pulls.find(({ number }) => number === pull?.number) ?? null,
    reviews: reviews[String(pull?.number)] ?? [],
  };
  const readiness = readinessOf({
    settings: lander.settings,
    head,
    gates: gatesOf(landing, state),
    ...sight,
    approvals: landing.approvals,
    reviewed: reviewedOf(lander, landing, state),
    refusal: standing(refusal, { sight, nowMs, hasWord: landing.hasWord && refusal === landing.refusal }),
    pushedMs: nowMs - Date.parse(pushedAt),
  });
  const { failure } = readiness;
  const asked = withFacts(state, { readiness, failure: failure ?? state.facts.failure });
  if (!failure) return asked;
  const said = reviews[String(pull?.number)]?.filter(({ sha }) => sha === head) ?? [];
  if (failure.class === 'review') {
    const points = reviewedOf(lander, landing, state)?.points ?? [];
    const texts = [...said.map(({ body }) => body), ...points.map(({ id, text }) => `${id}: ${text}`)];
    return { ...asked, output: texts.join('\n\n') };
  }
  const checks = await lander.board.failedChecks(repo, head);
  return { ...withFacts(asked, { failure: failedChecks(checks) }), output: describeChecks(checks) };
}

/** What agents' reviews say of the head, as far as the landing knows of them. */
function reviewedOf({ settings }: Lander, { issue, reviews, lease }: Landing, state: State): Reviewed | null {
  if (issue.number === null) return null;
  const { bodyHash } = lease.last;
  const patchId = state.lease.last.patchId ?? null;
  return reviewedIn(reviews, { head: state.facts.head, patchId, bodyHash }, settings);
}

/** The issue's text is another one than what was built. A list may lag behind: the issue itself has the last word. */
async function isAskedAnew(
  { board }: Lander,
  { issue: { number }, lease }: Landing,
  issues: readonly Issue[],
): Promise<boolean> {
  const { bodyHash } = lease.last;
  const seen = issues.find(issue => issue.number === number);
  if (!seen || number === null || bodyHashOf(seen) === bodyHash) return false;
  return bodyHashOf(await board.issue(lease.repo, number)) !== bodyHash;
}

/** How old what GitHub shows may be when it decides. */
export const LOOK_MAX_AGE_MS = 10_000;

/** Whether a head that is not pushed yet will wait neither for checks nor for people, as far as can be told. */
export async function waitsForNobody(lander: Lander, landing: Landing, state: State): Promise<boolean> {
  const { head } = state.facts;
  const checks = expectedChecks(await expectsChecks(lander, landing.lease.repo, head));
  const { waits, failure } = readinessOf({
    settings: lander.settings,
    head,
    gates: [...gatesOf(landing, state), checks],
    pull: null,
    reviews: [],
    approvals: landing.approvals,
    reviewed: reviewedOf(lander, landing, state),
    refusal: null,
    pushedMs: 0,
  });
  return waits === null && failure === null;
}
