import { adoptedHead } from '../core/adoption.ts';
import type { Failure, GateVerdict } from '../core/contracts.ts';
import { approvalsIn, foldJournal } from '../core/journal.ts';
import type { Issue } from '../core/world.ts';
import { messageOf } from '../errors.ts';
import { expectsChecks } from '../landing/expected-checks.ts';
import { type GateResult, substanceGate } from '../landing/gates.ts';
import { land } from '../landing/land.ts';
import type { Landing, LandingEnd } from '../landing/landing.ts';
import { expectedChecks } from '../landing/readiness.ts';
import type { Lease } from '../leases/lease.ts';
import type { Journal, Oid, PullDetails } from '../ports.ts';
import { type Adoption, adoptable, claimForAdoption, engineSeeing, issueOfPull } from './adoption.ts';
import type { Engine } from './engine.ts';
import { beatWhile } from './lone-heartbeat.ts';
import { askMessages } from './messages.ts';
import { askScope } from './scope.ts';
import { askSecrets } from './secrets.ts';
import { type AttemptEnd, endAttempt } from './settle.ts';
import { closeIssue, say } from './tell.ts';
import { askWeakened } from './weakened.ts';

/** What became of a pull request. */
export interface Adopted {
  /** The issue that it is for. */
  readonly issue: number;
  readonly head: Oid;
  readonly end:
    | { readonly kind: 'landed'; readonly commit: Oid }
    /** Only the outside can go on with it: it is adopted again then. */
    | { readonly kind: 'waiting'; readonly reason: string }
    | { readonly kind: 'failed'; readonly reason: string; readonly output: string | null };
  readonly gates: readonly GateVerdict[];
}

/**
 * Takes a person's pull request through the gates, and onto the base if all hold, under the lease of the issue that it
 * is for. It is one attempt with one receipt; what does not land uses up none of the agents' attempts. Throws
 * `not-adoptable`, `no-issue` and `issue-held`.
 */
export async function adoptPull(asking: Engine, adoption: Adoption): Promise<Adopted> {
  const { repo } = adoption;
  const look = await asking.board.pull(repo, adoption.pull);
  const { pull } = look;
  await adoptable(asking, adoption, pull);
  const issue = await issueOfPull(asking, adoption, look);
  const engine = engineSeeing(asking, adoption);
  const base = await engine.repos.fetchBranch(repo, pull.base);
  const { lease, journal } = await claimForAdoption(engine, adoption, { issue, base });
  return beatWhile(engine, lease, async () => {
    try {
      return await takeThrough(engine, lease, { issue, pull, base, journal });
    } catch (error) {
      await giveBack(engine, lease, messageOf(error)).catch(() => undefined);
      throw error;
    }
  });
}

interface Candidate {
  readonly issue: Issue;
  readonly pull: PullDetails;
  readonly base: Oid;
  /** As it was before the claim; null when nobody ever took the issue. */
  readonly journal: Journal | null;
}

async function takeThrough(engine: Engine, lease: Lease, candidate: Candidate): Promise<Adopted> {
  const { issue, pull } = candidate;
  const results = await askGates(engine, lease, candidate);
  const gates = results.map(({ verdict }) => verdict);
  const failure = results.find(result => result.failure)?.failure;
  const adopted = { issue: issue.number, head: pull.headSha };
  if (failure) {
    await end(engine, lease, { ...NOTHING, failure, base: candidate.base, head: pull.headSha, gates });
    return { ...adopted, end: { kind: 'failed', reason: failure.message, output: null }, gates };
  }
  const landing = await landingOf(engine, lease, candidate, gates);
  return land(engine, landing, async (ended, train) => ({
    ...adopted,
    ...(await conclude(engine, landing, ended, train)),
  }));
}

/** The gates before anything is verified. There is no outcome to ask about: a person stands for it. */
async function askGates(
  engine: Engine,
  { repo }: Lease,
  { issue, pull: { headSha: head }, base }: Candidate,
): Promise<readonly GateResult[]> {
  const range = { repo, base, head };
  const [{ commits }, files] = await Promise.all([
    engine.repos.published(repo, range),
    engine.repos.patch(repo, range),
  ]);
  // A branch of a person's begins anywhere, and may have the base merged in.
  const change = { descends: true, commits: commits.length, files };
  return [
    substanceGate({ head, change, dirty: [] }),
    await askScope(engine, issue, range),
    await askSecrets(engine, { ...range, outcome: null }),
    await askMessages(engine, range),
    await askWeakened(engine, range),
  ];
}

async function landingOf(
  engine: Engine,
  lease: Lease,
  { issue, pull, journal }: Candidate,
  gates: readonly GateVerdict[],
): Promise<Landing> {
  const { head: branch, headSha: head, base: baseBranch } = pull;
  const entries = journal?.entries ?? [];
  const { receipts, reviews } = foldJournal(entries);
  const checks = expectedChecks(await expectsChecks(engine, lease.repo, head));
  const seenBefore = adoptedHead(receipts) === head ? entries.find(entry => entry.head === head) : undefined;
  return {
    ...{ issue, lease, branch, baseBranch, head, reviews },
    gates: [...gates, checks],
    usage: null,
    outcome: null,
    verified: null,
    approvals: approvalsIn(entries),
    pushedAt: seenBefore?.at ?? null,
    published: [head],
    failure: null,
    refusal: null,
    hasWord: false,
    queued: null,
    landed: null,
  };
}

async function conclude(
  engine: Engine,
  landing: Landing,
  ended: LandingEnd,
  train: Lease | null,
): Promise<Pick<Adopted, 'end' | 'gates'>> {
  switch (ended.kind) {
    case 'landed': {
      const { lease, commit, gates, base, head } = ended;
      const landed = { pull: ended.pull.number, commit };
      if (landing.issue.number !== null) {
        await closeIssue(engine, lease, landing.issue.number);
        await say(engine, lease, landing.issue.number, {
          kind: 'landed',
          attempt: lease.last.attempt,
          ...landed,
        });
      }
      await end(engine, lease, { ...NOTHING, landed, base, head, gates }, train);
      return { end: { kind: 'landed', commit }, gates };
    }
    case 'failed': {
      const { lease, failure, base, head, gates, output } = ended;
      await end(engine, lease, { ...NOTHING, failure, base, head, gates, output }, train);
      return { end: { kind: 'failed', reason: failure.message, output }, gates };
    }
    case 'waiting': {
      const { lease, head, reason } = ended;
      await end(engine, lease, { ...NOTHING, failure: cancelled(reason), head, gates: landing.gates }, train);
      return { end: { kind: 'waiting', reason }, gates: landing.gates };
    }
    case 'stopped':
      return { end: { kind: 'failed', reason: ended.reason, output: null }, gates: landing.gates };
    default:
      return ended satisfies never;
  }
}

const end = (engine: Engine, lease: Lease, what: AttemptEnd, train: Lease | null = null) =>
  endAttempt(engine, lease, what, { branch: null, checkpoint: null, train });

const giveBack = (engine: Engine, lease: Lease, why: string) =>
  end(engine, lease, { ...NOTHING, failure: cancelled(why) });

const cancelled = (message: string): Failure => ({
  class: 'cancelled',
  signature: `cancelled: ${message}`.slice(0, 200),
  message,
});

const NOTHING: AttemptEnd = {
  failure: null,
  landed: null,
  base: null,
  head: null,
  gates: [],
  output: null,
  usage: null,
  log: null,
};
