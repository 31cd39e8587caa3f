import type { GateVerdict } from '../core/contracts.ts';
import type { QueueLeaving } from '../ports.ts';
import { describeChecks, failedChecks } from './expected-checks.ts';
import { conflictFailure } from './gates.ts';
import { type Lander, type Landing, type State, withFacts } from './landing.ts';
import type { LandingStep } from './plan.ts';
import { done, type Performed } from './publish.ts';
import { partingOf } from './queue.ts';
import { hold } from './refused.ts';

/** Goes on with a pull request that has left the merge queue of its base without being merged, as far as is seen. */
export async function part(
  lander: Lander,
  landing: Landing,
  state: State,
  { leaving }: Extract<LandingStep, { kind: 'part' }>,
): Promise<Performed> {
  const parting = partingOf(leaving);
  const who = leaving.by ?? 'somebody';
  switch (parting) {
    case 'merged':
      return showMerged(lander, landing, state);
    case 'checks':
      return failChecks(lander, landing, state, leaving);
    case 'conflict':
      return conflict(lander, landing, state, leaving);
    case 'person': {
      const reason = `${who} took it out of the merge queue (put it in again there, or say so with \`harness approve\`)`;
      return settle(lander, landing, state, { leaving, reason, needs: 'word' });
    }
    case 'others':
    case 'unknown': {
      const reason = `it left the merge queue: ${leaving.reason.replaceAll('_', ' ') || 'no reason is given'}`;
      return settle(lander, landing, state, {
        leaving,
        reason,
        needs: parting === 'others' ? 'others' : 'person',
      });
    }
    default:
      return parting satisfies never;
  }
}

/** GitHub lets it out of the queue a moment before it shows it as merged. */
async function showMerged({ board }: Lander, { lease, branch }: Landing, state: State): Promise<Performed> {
  const { head, queue } = state.facts;
  const pulls = await board.pullsOf(lease.repo, branch);
  const merged = pulls.find(pull => pull.merged && pull.headSha === head);
  if (merged) return done(withFacts(state, { pull: merged }));
  return done(withFacts(state, { queue: queue && { ...queue, position: 1 } }));
}

/** As when they fail on the pull request: the next attempt gets what they say. */
async function failChecks(
  { board }: Lander,
  { lease }: Landing,
  state: State,
  { commit }: QueueLeaving,
): Promise<Performed> {
  const checks = commit === null ? [] : await board.failedChecks(lease.repo, commit);
  const failure = failedChecks(checks, ' in the merge queue');
  const gate: GateVerdict = { gate: 'checks', verdict: 'fail', reason: failure.message };
  const failed = withFacts(state, { failure, readiness: null });
  return done({ ...failed, gates: [...state.gates, gate], output: describeChecks(checks) });
}

/** With the base as it is now it is an attempt's to resolve; with what was before it in the queue, time tells. */
async function conflict(
  lander: Lander,
  landing: Landing,
  state: State,
  leaving: QueueLeaving,
): Promise<Performed> {
  const { repo } = landing.lease;
  const base = await lander.repos.fetchBranch(repo, landing.baseBranch);
  const merged = await lander.repos.merge(repo, { base, head: state.facts.head });
  if (merged.kind === 'conflict') {
    const { failure, verdict } = conflictFailure(merged.files);
    return done({ ...withFacts(state, { failure, readiness: null }), gates: [...state.gates, verdict] });
  }
  const reason = 'it left the merge queue: it conflicts with what was before it there';
  return settle(lander, landing, withFacts(state, { base }), { leaving, reason, needs: 'others' });
}

/** Writes down that it waits, and that this leaving is answered. */
function settle(
  lander: Lander,
  landing: Landing,
  state: State,
  {
    leaving,
    reason,
    needs,
  }: {
    readonly leaving: QueueLeaving;
    readonly reason: string;
    readonly needs: 'others' | 'person' | 'word';
  },
): Promise<Performed> {
  const { queue } = state.facts;
  const answered = withFacts(state, { queue: queue && { ...queue, mark: { left: leaving.id, gates: [] } } });
  return hold(lander, landing, answered, { reason, needs });
}
