import type { Board } from '../../ports.ts';
import type { SnapshotDocument } from '../snapshots/document.ts';
import { mergePullRecord, mergeQueuePlace, type QueuePlace } from '../snapshots/merge.ts';
import { createCommentWriter } from './comments.ts';
import { type ConnectionOptions, connect } from './connection.ts';
import type { RequestTally } from './counts.ts';
import { createIssue } from './create-issue.ts';
import { type CreateOnce, createAt } from './creations.ts';
import { readFailedChecks } from './failed-checks.ts';
import { readIssue, updateIssue } from './issues.ts';
import { linkIssue } from './link-issue.ts';
import { readLogin } from './login.ts';
import { dequeuePull, enqueuePull, lookAtQueue } from './merge-queue.ts';
import { lookAtPull } from './pull-look.ts';
import { pullRecordOf } from './pull-records.ts';
import { closePull, mergePull, openPull, readPullsOf } from './pulls.ts';
import { createReferenceReader, REFERENCE_FRESH_MS } from './references.ts';
import { CADENCE, type Cadence } from './refresh.ts';
import { type PullRow, pullOf } from './rows.ts';
import { createSnapshotReader, type Watch } from './snapshot-reader.ts';

export interface BoardOptions extends ConnectionOptions {
  /** Who reads, for people who ask who read last: `w1 of /home/me/app`. */
  readonly reader: string;
  /** Read PLAN.md and its marker with each repository. */
  readonly planned: boolean;
  /** Read WORKFLOW.md, too. */
  readonly workflow: boolean;
  /** Path of the specification; empty for none. */
  readonly spec: string;
  /** The branch that work lands on; empty for the default branch. */
  readonly base: string;
  readonly cadence?: Partial<Cadence>;
  readonly watch: Watch;
}

/** A board, and what it has asked of GitHub so far. */
export interface GitHubBoard extends Board {
  stats(): RequestTally;
}

/** GitHub through its API; one on this host gets no pacing. */
export function createBoard(options: BoardOptions): GitHubBoard {
  const { clock, log } = options;
  const { client, account, tally, pace } = connect(options);
  /** Branches that had no open pull request when they were asked about last. */
  const pullless = new Set<string>();
  const login = askOnce(async () => readLogin(client, (await account()).login, clock.now()));

  const notes = async () => (await account()).comments;
  const creations = { notes: async () => (await account()).creations, clock, pace };
  const createOnce: CreateOnce = (place, create) => createAt(place, creations, create);
  const comments = createCommentWriter({ client, login, notes, createOnce, clock, pace });
  const storeOf = async (repo: string) => (await account()).storeOf(repo);
  const readShared = createSnapshotReader({
    ...options,
    client,
    account,
    tally,
    cadence: { ...CADENCE, ...options.cadence },
  });

  async function lookUp(repo: string): Promise<SnapshotDocument | null> {
    const { reading, document } = await storeOf(repo);
    const ageMs = clock.now() - (reading.read()?.readAt ?? 0);
    return ageMs >= 0 && ageMs < REFERENCE_FRESH_MS ? document.read() : null;
  }

  async function rememberPull(repo: string, row: PullRow): Promise<void> {
    const { document } = await storeOf(repo);
    await document.change(known => mergePullRecord(known, pullRecordOf(row)));
  }

  async function rememberPlace(repo: string, place: QueuePlace): Promise<void> {
    const { document } = await storeOf(repo);
    await document.change(known => mergeQueuePlace(known, place));
  }

  return {
    login,
    references: createReferenceReader({ client, lookUp, clock, log }),
    comments: comments.list,
    putComment: comments.put,
    stats: tally,
    snapshot: (repo, { maxAgeMs }) => readShared(repo, maxAgeMs),
    async issue(repo, number) {
      const onComments = (count: number) => comments.noteCount(repo, number, count);
      return readIssue({ client, store: await storeOf(repo), clock, repo, number, onComments });
    },
    async updateIssue(repo, number, change) {
      return updateIssue({ client, store: await storeOf(repo), clock, repo, number }, change, login);
    },
    async createIssue(repo, draft) {
      return createIssue({ client, store: await storeOf(repo), clock, login, createOnce, pace }, repo, draft);
    },
    linkIssue: (repo, number, links) => linkIssue({ client, log }, { repo, number }, links),
    async pullsOf(repo, branch) {
      const pulls = (await readPullsOf(client, repo, branch)).map(pullOf);
      if (pulls.some(({ state }) => state === 'open')) pullless.delete(placeOf(repo, branch));
      else pullless.add(placeOf(repo, branch));
      return pulls;
    },
    pull: (repo, number) => lookAtPull(client, { repo, number, log }),
    async openPull(repo, draft) {
      // Asked before the branch was pushed; who else has opened one since is found out by GitHub's refusal.
      const isFirst = pullless.delete(placeOf(repo, draft.head)) || draft.isFirst;
      const row = await openPull(client, repo, { ...draft, isFirst, pace });
      await rememberPull(repo, row);
      return pullOf(row);
    },
    async mergePull(repo, number, merge) {
      const { result, row } = await mergePull(client, { repo, number }, merge);
      if (row !== null) await rememberPull(repo, row);
      return result;
    },
    async closePull(repo, number) {
      await rememberPull(repo, await closePull(client, repo, number));
    },
    queueSight: async (repo, number) => (await lookAtQueue(client, { repo, number })).sight,
    async enqueuePull(repo, number, sha) {
      const result = await enqueuePull(client, { repo, number }, sha);
      if (result.kind === 'queued') await rememberPlace(repo, { number, sha, queued: result.position });
      return result;
    },
    dequeuePull: (repo, number) => dequeuePull(client, { repo, number }),
    failedChecks: (repo, sha) => readFailedChecks(client, repo, sha),
  };
}

const placeOf = (repo: string, branch: string): string => `${repo.toLowerCase()} ${branch}`;

/** One question for all callers; a failure is not remembered. */
function askOnce<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | null = null;
  return () => {
    asked ??= ask().catch((error: unknown) => {
      asked = null;
      throw error;
    });
    return asked;
  };
}
