import path from 'node:path';
import { ADOPTION, isAdoption } from '../core/adoption.ts';
import type { Failure } from '../core/contracts.ts';
import { foldJournal } from '../core/journal.ts';
import { keyMarker } from '../core/markers.ts';
import type { Issue } from '../core/world.ts';
import { HarnessError } from '../errors.ts';
import { isTrain } from '../landing/boarding.ts';
import { bodyHashOf } from '../leases/digest.ts';
import { appendToLease, givingBack, issueRef, type Lease } from '../leases/lease.ts';
import type { Journal, Oid, PullDetails, PullLook, Snapshot } from '../ports.ts';
import { takeoverBy } from './act.ts';
import { pushClaim } from './claim.ts';
import type { Engine } from './engine.ts';
import { leaseFrom } from './open-attempt.ts';

/** What is to be adopted. */
export interface Adoption {
  readonly repo: string;
  readonly unit: string;
  /** Number of the pull request. */
  readonly pull: number;
  /** The issue that it is for; null: the one that it says it closes. */
  readonly issue: number | null;
  /** Title of an issue to be filed where it closes none; null: none is filed. */
  readonly title: string | null;
}

/** Throws `not-adoptable` unless it is open, of a branch of this repository, and for the branch that work lands on. */
export async function adoptable(
  { repos, board, settings }: Engine,
  { repo }: Adoption,
  { number, state, merged, head, headSha, base }: PullDetails,
): Promise<void> {
  const refuse = (why: string) => new HarnessError('not-adoptable', `${repo}#${number} ${why}.`);
  if (merged) throw refuse('is merged already');
  if (state === 'closed') throw refuse('is closed');
  const { defaultBranch } = await board.snapshot(repo, { maxAgeMs: ANY_AGE_MS });
  const wanted = settings.HARNESS_BASE || defaultBranch;
  if (base !== wanted) throw refuse(`is for ${base}, and work lands on ${wanted}`);
  if (head === '') throw refuse('comes from another repository');
  if ((await repos.remoteBranch(repo, head)) !== headSha) throw refuse('is being pushed to');
}

const ANY_AGE_MS = 60_000;

/** The issue that a pull request is for. Throws `no-issue` when that is not said, and `not-adoptable` when it is closed. */
export async function issueOfPull(
  { board }: Engine,
  { repo, issue: named, title }: Adoption,
  { pull: { number, closes } }: PullLook,
): Promise<Issue> {
  const [only, ...others] = named === null ? closes : [named];
  const name = `${repo}#${number}`;
  if (others.length > 0) {
    const all = closes.map(one => `#${one}`).join(', ');
    throw new HarnessError('no-issue', `${name} closes ${all}: it is one issue's attempt.`, {
      fix: `Name that one: \`harness adopt ${number} --issue ${only}\`.`,
    });
  }
  if (only === undefined && title === null) {
    throw new HarnessError('no-issue', `${name} says of no issue that it closes it.`, {
      fix: `Name one: \`harness adopt ${number} --issue 7\`; or file one: \`harness adopt ${number} --title "…"\`.`,
    });
  }
  const issue = only === undefined ? await fileIssue(board, repo, { number, title: title ?? '' }) : null;
  const found = await board.issue(repo, issue ?? only ?? 0);
  if (found.state === 'open') return found;
  throw new HarnessError('not-adoptable', `${repo}#${found.number} is closed, for which ${name} would land.`);
}

/** Once for each pull request, however often it is asked for. It has no label: no agent begins it. */
async function fileIssue(
  board: Engine['board'],
  repo: string,
  { number, title }: { readonly number: number; readonly title: string },
): Promise<number> {
  const marker = keyMarker({ scope: 'adopt', origin: 'person', key: `pull-${number}` });
  const body = `${marker}\n\nWhat pull request #${number} is for.\n`;
  return (await board.createIssue(repo, { title, body, labels: [] })).number;
}

/**
 * An engine that sees the pull request as it is now whenever it looks, which snapshots show of issues' branches only,
 * and that verifies where no worker clears.
 */
export function engineSeeing(engine: Engine, { repo, pull: number }: Adoption): Engine {
  const { board, checkoutsDir } = engine;
  const snapshot: typeof board.snapshot = async (place, options) => {
    const seen = await board.snapshot(place, options);
    return place === repo ? withLook(seen, await board.pull(repo, number)) : seen;
  };
  return { ...engine, board: { ...board, snapshot }, checkoutsDir: path.join(checkoutsDir, '~adopted') };
}

const withLook = (seen: Snapshot, { pull, reviews }: PullLook): Snapshot => ({
  ...seen,
  pulls: [...seen.pulls.filter(({ number }) => number !== pull.number), pull],
  reviews: { ...seen.reviews, [String(pull.number)]: reviews },
});

/** Takes the lease of the issue. Throws `issue-held` when somebody has it, other than a command that has died. */
export async function claimForAdoption(
  engine: Engine,
  { repo, unit }: Adoption,
  { issue, base }: { readonly issue: Issue; readonly base: Oid },
): Promise<{ readonly lease: Lease; readonly journal: Journal | null }> {
  const held = (who: string) => new HarnessError('issue-held', `${repo}#${issue.number} is held: ${who}.`);
  await endDeadCommand(engine, repo, issue.number);
  const readAt = engine.proofs.moment();
  const { journals } = await engine.refs.read(repo);
  const journal = journalOfIssue(journals, issue.number);
  if (journal?.problem) throw held(journal.problem);
  const state = foldJournal(journal?.entries ?? []);
  if (state.holder) throw held(`fleet ${state.holder.fleet} works on it`);
  const attempt = state.attempts + 1;
  const nonce = engine.clock.nonce();
  const work = {
    ...{ repo, unit, issue: issue.number, kind: ADOPTION, attempt, nonce, base },
    bodyHash: bodyHashOf(issue),
  };
  const taken = await pushClaim(engine, { work, journal, state, readAt });
  if (taken.kind === 'done') return { lease: taken.lease, journal };
  throw held(taken.reason);
}

const journalOfIssue = (journals: readonly Journal[], issue: number): Journal | null =>
  journals.find(({ ref }) => ref === issueRef(issue)) ?? null;

/**
 * Writes the receipt of an adoption whose command was ended on this host, and lets the train go that it may have had:
 * where no worker runs nobody else would.
 */
async function endDeadCommand(engine: Engine, repo: string, issue: number): Promise<void> {
  const { journals } = await engine.refs.read(repo);
  const journal = journalOfIssue(journals, issue);
  const { holder } = foldJournal(journal?.entries ?? []);
  const lease = journal && leaseFrom(repo, journal);
  if (!lease || !holder || !isAdoption(lease.last)) return;
  if (holder.fleet !== engine.host.identity.fleet || !engine.host.isGone(holder)) return;
  const updates = journals.flatMap(train => {
    const { holder: rider, open } = foldJournal(train.entries);
    const held = isTrain(train) && rider && open?.session === lease.last.session;
    const trainLease = held ? leaseFrom(repo, train) : null;
    return trainLease ? [givingBack(engine, trainLease)] : [];
  });
  const receipt = { op: 'receipt' as const, facts: { failure: ENDED } };
  await appendToLease(engine, lease, [takeoverBy(engine), receipt, { op: 'release' }], { updates });
}

const ENDED: Failure = {
  class: 'interrupted',
  signature: 'interrupted: its command was ended',
  message: 'its command was ended',
};
