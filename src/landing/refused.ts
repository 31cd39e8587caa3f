import type { MergeRefusal } from '../core/contracts.ts';
import { conflictFailure } from './gates.ts';
import { type Lander, type Landing, type State, withFacts } from './landing.ts';
import type { Verified } from './plan.ts';
import { done, type Performed, publish } from './publish.ts';
import { refusalOf, remember } from './refusals.ts';

/** A merge that GitHub refused, and why in its words. */
interface Refused {
  readonly verified: Verified;
  readonly reason: string;
}

/** Goes on from a refusal: with the base as it is now, with a head that contains it, or by waiting for what is missing. */
export async function answerRefusal(
  lander: Lander,
  landing: Landing,
  state: State,
  { verified, reason }: Refused,
): Promise<Performed> {
  const { repo } = landing.lease;
  const base = await lander.repos.fetchBranch(repo, landing.baseBranch);
  // A base that moved in between is the usual reason: verify against it and try again.
  if (base !== verified.base) return done(withFacts(state, { base }));
  const { kind, hint } = refusalOf(reason);
  switch (kind) {
    case 'behind': {
      const contains = await lander.repos.isAncestor(repo, { ancestor: base, commit: verified.head });
      if (!contains) return done(await bringUpToDate(lander, landing, state, verified));
      return hold(lander, landing, state, { reason, needs: 'others' });
    }
    case 'base-moved':
    case 'others':
      return hold(lander, landing, state, { reason, needs: 'others' });
    case 'queue':
      if (!state.facts.queue) {
        const sight = await lander.board.queueSight(repo, state.facts.pull?.number ?? 0);
        return done(withFacts(state, { queue: { ...sight, mark: null } }));
      }
      return hold(lander, landing, state, { reason: `${reason} (${hint})`, needs: 'person' });
    case 'person':
      return hold(lander, landing, state, {
        reason: `${reason || 'it says no more'} (${hint})`,
        needs: 'person',
      });
    default:
      return kind satisfies never;
  }
}

/** The merge that was verified becomes the head: what is pushed then needs no force, and has the tree that it had. */
async function bringUpToDate(
  lander: Lander,
  { lease, branch, baseBranch }: Landing,
  state: State,
  { head, base, tree, gates }: Verified,
): Promise<State> {
  const message = `Merge ${baseBranch} into ${branch}`;
  const merged = await lander.repos.merge(lease.repo, { base, head, message });
  if (merged.kind === 'conflict') {
    return withFacts(state, { failure: conflictFailure(merged.files).failure });
  }
  const verified = merged.tree === tree ? { head: merged.commit, base, tree, gates } : null;
  return withFacts(state, { head: merged.commit, verified, readiness: null, refusal: null });
}

/** Writes the refusal down, so that every process waits until what it sees is something else. */
export async function hold(
  lander: Lander,
  landing: Landing,
  state: State,
  refused: Pick<MergeRefusal, 'reason' | 'needs'>,
): Promise<Performed> {
  const { pull, refusal: before } = state.facts;
  const { pulls, reviews } = await lander.board.snapshot(landing.lease.repo, { maxAgeMs: 0 });
  const sight = {
    pull: pulls.find(({ number }) => number === pull?.number) ?? null,
    reviews: reviews[String(pull?.number)] ?? [],
  };
  const remembered = remember(refused, { sight, before, nowMs: lander.clock.now() });
  const told = await publish(lander, landing, withFacts(state, { refusal: remembered }));
  return told.kind === 'done' ? done(withFacts(told.state, { pull })) : told;
}
