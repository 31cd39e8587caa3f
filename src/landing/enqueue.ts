import { type Lander, type Landing, PUSHED_BY_SOMEBODY, type State, withFacts } from './landing.ts';
import type { LandingStep } from './plan.ts';
import { done, type Performed, publish } from './publish.ts';
import type { QueueFacts } from './queue.ts';
import { answerRefusal } from './refused.ts';

/**
 * Puts the pull request into the merge queue of its base. The journal says so before: whoever finds it out of the queue
 * later can tell one that was let go from one that was never in.
 */
export async function enqueue(
  lander: Lander,
  landing: Landing,
  state: State,
  { pull, verified }: Extract<LandingStep, { kind: 'enqueue' }>,
): Promise<Performed> {
  const { queue, readiness } = state.facts;
  const mark = { left: queue?.left?.id ?? null, gates: readiness?.gates ?? [] };
  const noted = await publish(lander, landing, withQueue(withFacts(state, { refusal: null }), { mark }));
  if (noted.kind !== 'done') return noted;
  const marked = withFacts(noted.state, { pull, readiness });
  const result = await lander.board.enqueuePull(landing.lease.repo, pull.number, verified.head);
  switch (result.kind) {
    case 'queued':
      return done(withQueue(marked, { position: result.position }));
    case 'head-moved':
      return done(withFacts(marked, { failure: PUSHED_BY_SOMEBODY }));
    case 'refused':
      return answerRefusal(lander, landing, marked, { verified, reason: result.reason });
    default:
      return result satisfies never;
  }
}

/** Takes it out again: it is not to land any more. */
export async function dequeue(
  { board }: Lander,
  { lease }: Landing,
  state: State,
  { pull }: Extract<LandingStep, { kind: 'dequeue' }>,
): Promise<Performed> {
  await board.dequeuePull(lease.repo, pull.number);
  return done(withQueue(state, { position: null }));
}

/** The landing with other facts of its queue. */
const withQueue = (state: State, facts: Partial<QueueFacts>): State => {
  const known = state.facts.queue ?? { position: null, left: null, mark: null };
  return withFacts(state, { queue: { ...known, ...facts } });
};
