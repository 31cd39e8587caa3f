import { HarnessError } from '../errors.ts';
import { appendToLease, type LeasePush } from '../leases/lease.ts';
import type { Oid, PullDetails } from '../ports.ts';
import { type Lander, type Landing, PUSHED_BY_SOMEBODY, type State, withFacts } from './landing.ts';
import type { Verified } from './plan.ts';
import { done, landingEntry, type Performed } from './publish.ts';
import { hold } from './refused.ts';
import type { LandingText } from './text.ts';

/** What is to become the base's head. */
interface Forward {
  readonly pull: PullDetails;
  readonly verified: Verified;
  readonly text: LandingText;
}

/**
 * Moves the base to the commit that was verified, in one atomic push with the lease and the branch: each is as
 * expected, or nothing moves. The journal's entry in that push says that it has landed, so nobody has to ask.
 */
export async function fastForward(
  lander: Lander,
  landing: Landing,
  state: State,
  { pull, verified, text }: Forward,
): Promise<Performed> {
  const { repo } = landing.lease;
  const message = `${text.commitTitle(pull.number)}\n\n${text.commitMessage}`.trimEnd();
  const { base, head } = verified;
  const merged = await lander.repos.merge(repo, { base, head, message });
  if (merged.kind === 'conflict' || merged.tree !== verified.tree) {
    return done(withFacts(state, { verified: null }));
  }
  const { commit } = merged;
  try {
    const pushed = await push(lander, landing, state, { pull: pull.number, commit });
    if (pushed.kind !== 'done') return lookAgain(lander, landing, state, pushed);
    await untilShown(lander, landing, head);
    const landed = { headSha: head, merged: true, state: 'closed', mergeCommit: commit } as const;
    return done({ ...withFacts(state, { pull: { ...pull, ...landed } }), lease: pushed.lease });
  } catch (error) {
    if (!(error instanceof HarnessError) || error.code !== 'github-refused') throw error;
    const hint = `HARNESS_MERGE=ff pushes to ${landing.baseBranch}, and its rules have to let it`;
    return hold(lander, landing, state, { reason: `${error.message} (${hint})`, needs: 'person' });
  }
}

async function push(
  lander: Lander,
  landing: Landing,
  state: State,
  landed: { readonly pull: number; readonly commit: Oid },
): Promise<LeasePush> {
  const { base, head } = state.facts;
  const { append, attachments } = await landingEntry(lander, landing, state);
  const facts = { ...append.facts, landed };
  const kind = 'branch' as const;
  const updates = [
    { kind, ref: `refs/heads/${landing.baseBranch}`, expected: base, target: landed.commit },
    // It stays where it is, and has to be there.
    { kind, ref: `refs/heads/${landing.branch}`, expected: head, target: head },
  ];
  return appendToLease(lander, state.lease, [{ ...append, facts }], { updates, attachments });
}

/** Which of the three was not as expected; where that can't be told, the journal will tell. */
async function lookAgain(
  { repos }: Lander,
  { lease: { repo }, baseBranch, branch: name }: Landing,
  state: State,
  { kind, reason }: Exclude<LeasePush, { kind: 'done' }>,
): Promise<Performed> {
  if (kind === 'unknown') return { kind: 'stopped', reason };
  const [base, branch] = await Promise.all([
    repos.fetchBranch(repo, baseBranch),
    repos.remoteBranch(repo, name),
  ]);
  if (branch !== state.facts.head) return done(withFacts(state, { failure: PUSHED_BY_SOMEBODY }));
  if (base !== state.facts.base) return done(withFacts(state, { base }));
  return { kind: 'stopped', reason };
}

/**
 * Waits until GitHub shows the pull request as merged, which it does by itself once the base contains its head: were
 * the branch gone before, it would show it as closed.
 */
async function untilShown({ board, host, log }: Lander, landing: Landing, head: Oid): Promise<void> {
  const { repo } = landing.lease;
  for (let look = 0; look < LOOKS; look += 1) {
    const pulls = await board.pullsOf(repo, landing.branch);
    if (pulls.some(({ merged, headSha }) => merged && headSha === head)) return;
    await host.pause(LOOK_MS);
  }
  log.warn('landed, and GitHub does not show the pull request as merged yet', { repo, head });
}

const LOOKS = 5;
const LOOK_MS = 2_000;
