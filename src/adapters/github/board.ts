import type { Octokit } from 'octokit';
import { z } from 'zod';
import { fitBody } from '../../core/markers.ts';
import type { Issue } from '../../core/world.ts';
import type { Board, Clock, IssueChange, Log } from '../../ports.ts';
import { mergeIssue, mergePull } from '../snapshots/merge.ts';
import { openStore, type SnapshotStore } from '../snapshots/store.ts';
import { createClient, isLoopback } from './client.ts';
import { createCommentWriter } from './comments.ts';
import { detailIssue } from './details.ts';
import { readEditors } from './editors.ts';
import { parseBody } from './failure.ts';
import { createGate } from './gate.ts';
import { pullRecordOf } from './pull-records.ts';
import * as pulls from './pulls.ts';
import { createReferenceReader } from './references.ts';
import { CADENCE, type Cadence } from './refresh.ts';
import { IssueRow, type PullRow, pullOf } from './rows.ts';
import { createSharedSnapshot } from './shared-snapshot.ts';
import { createTransport, type RequestCounts } from './transport.ts';
import { writeAgain } from './write.ts';

export interface BoardOptions {
  /** `https://api.github.com`, or `https://HOST/api/v3` of a GitHub Enterprise Server. */
  readonly apiUrl: string;
  /** Asked once, and again when GitHub no longer accepts the token. */
  readonly token: () => Promise<string>;
  /** Directory of the files that all processes of this user share. */
  readonly snapshotsDir: string;
  /** Write nothing to that directory: what is read stays in memory. */
  readonly readOnly: boolean;
  /** Who reads, for the record of the last read. */
  readonly fleet: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Read PLAN.md and its marker with each repository; by default not. */
  readonly planned?: boolean;
  /** Called after a shared snapshot changed. */
  readonly ring?: () => void;
  readonly cadence?: Partial<Cadence>;
  /** What sends the requests; by default Node's. */
  readonly fetch?: typeof fetch;
}

/** A board, and what it has asked of GitHub so far. */
export interface GitHubBoard extends Board {
  stats(): RequestCounts;
}

/** At least a second between two writes (GitHub docs, "Best practices for using the REST API"). */
const WRITE_SPACING_MS = 1_000;

/** GitHub through its API. An API on this host gets no pacing. */
export function createBoard(options: BoardOptions): GitHubBoard {
  const { clock, log } = options;
  const pace = !isLoopback(options.apiUrl);
  const gate = createGate({ clock, writeSpacingMs: pace ? WRITE_SPACING_MS : 0 });
  const transport = createTransport({ gate, clock, send: options.fetch ?? fetch });
  const octokit = createClient({ ...options, fetch: transport.fetch, pace });
  const login = askOnce(() => readLogin(octokit));
  const putComment = createCommentWriter({ octokit, login, pace });
  const references = createReferenceReader({ octokit, clock, log });
  const repositories = new Map<string, ReturnType<typeof openRepository>>();

  function openRepository(repo: string, token: string) {
    const store = openStore({
      directory: options.snapshotsDir,
      apiUrl: options.apiUrl,
      token,
      repo,
      readOnly: options.readOnly,
      log,
    });
    const snapshot = createSharedSnapshot({
      octokit,
      repo,
      fleet: options.fleet,
      store,
      clock,
      cadence: { ...CADENCE, ...options.cadence },
      planned: options.planned ?? false,
      log,
      counts: transport.counts,
      ring: options.ring ?? (() => {}),
    });
    return { store, snapshot };
  }

  /** Another token may see less: it gets files of its own. */
  async function repository(repo: string) {
    const token = await options.token();
    const key = `${token} ${repo.toLowerCase()}`;
    const open = repositories.get(key) ?? openRepository(repo, token);
    repositories.set(key, open);
    return open;
  }

  async function rememberPull(repo: string, row: PullRow): Promise<void> {
    const { store } = await repository(repo);
    await store.change(known => mergePull(known, pullRecordOf(repo, row, clock.now())));
  }

  return {
    login,
    references,
    putComment,
    stats: transport.counts,
    async snapshot(repo, { maxAgeMs }) {
      return (await repository(repo)).snapshot(maxAgeMs);
    },
    async issue(repo, number) {
      const { store } = await repository(repo);
      const url = `/repos/${repo}/issues/${number}`;
      const answer = await octokit.request({ method: 'GET', url });
      const row = parseBody(IssueRow, answer.data as unknown, `GET ${url}`);
      return rememberIssue({ octokit, repo, row, store, now: clock.now(), bodyEditor: null });
    },
    async updateIssue(repo, number, change) {
      const { store } = await repository(repo);
      const url = `/repos/${repo}/issues/${number}`;
      const answer = await writeAgain(() =>
        octokit.request({ method: 'PATCH', url, data: changeBody(change) }),
      );
      const row = parseBody(IssueRow, answer.data as unknown, `PATCH ${url}`);
      const bodyEditor = change.body === undefined ? null : await login();
      return rememberIssue({ octokit, repo, row, store, now: clock.now(), bodyEditor });
    },
    async pullsOf(repo, branch) {
      return (await pulls.readPullsOf(octokit, repo, branch)).map(row => pullOf(repo, row));
    },
    async openPull(repo, draft) {
      const row = await pulls.openPull(octokit, repo, { ...draft, pace });
      await rememberPull(repo, row);
      return pullOf(repo, row);
    },
    async mergePull(repo, number, merge) {
      const { result, row } = await pulls.mergePull(octokit, { repo, number }, merge);
      if (row !== null) await rememberPull(repo, row);
      return result;
    },
    async closePull(repo, number) {
      await rememberPull(repo, await pulls.closePull(octokit, repo, number));
    },
  };
}

/** Merges an issue that was read or written by itself into the snapshot, with whatever only it can tell. */
async function rememberIssue(context: {
  readonly octokit: Octokit;
  readonly repo: string;
  readonly row: IssueRow;
  readonly store: SnapshotStore;
  readonly now: number;
  /** Our login when this write changed the body. */
  readonly bodyEditor: string | null;
}): Promise<Issue> {
  const { octokit, repo, row, store, now } = context;
  const known = await store.document();
  const old = known?.issues.find(({ issue }) => issue.number === row.number) ?? null;
  const { record: detailed, etags } = await detailIssue(octokit, {
    repo,
    row,
    old,
    etags: known?.etags ?? {},
    readAloneAt: now,
  });
  const lastEditor =
    context.bodyEditor ??
    (detailed.editorKnown
      ? detailed.issue.lastEditor
      : ((await readEditors(octokit, repo, [row.number])).get(row.number) ?? null));
  const record = { ...detailed, editorKnown: true, issue: { ...detailed.issue, lastEditor } };
  await store.change(current => {
    const merged = mergeIssue(current, record);
    return merged === null ? null : { ...merged, etags: { ...merged.etags, ...etags } };
  });
  return record.issue;
}

function changeBody(change: IssueChange): Record<string, unknown> {
  return {
    ...(change.labels === undefined ? {} : { labels: [...change.labels] }),
    ...(change.state === undefined ? {} : { state: change.state }),
    ...(change.stateReason === undefined ? {} : { state_reason: change.stateReason }),
    ...(change.title === undefined ? {} : { title: change.title }),
    ...(change.body === undefined ? {} : { body: fitBody(change.body) }),
  };
}

const User = z.object({ login: z.string() });

async function readLogin(octokit: Octokit): Promise<string> {
  const answer = await octokit.request({ method: 'GET', url: '/user' });
  return parseBody(User, answer.data as unknown, 'GET /user').login;
}

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
