import * as z from 'zod';
import { fitBody, keyIn } from '../../core/markers.ts';
import type { Issue } from '../../core/world.ts';
import type { Clock, IssueDraft } from '../../ports.ts';
import { mergeIssueRecord } from '../snapshots/merge.ts';
import type { SnapshotStore } from '../snapshots/store.ts';
import type { Client } from './client.ts';
import type { CreateOnce } from './creations.ts';
import { recordOf } from './details.ts';
import { parseBody } from './failure.ts';
import { readPage } from './pages.ts';
import { IssueRow, issueOf } from './rows.ts';
import { writeOnce } from './write.ts';

/** GitHub's limit of a title, in characters. */
const TITLE_LIMIT = 256;

/** Creates an issue, or returns the one of our login whose body begins with the same key. */
export async function createIssue(
  context: {
    readonly client: Client;
    readonly store: SnapshotStore;
    readonly clock: Clock;
    readonly login: () => Promise<string>;
    readonly createOnce: CreateOnce;
    readonly pace: boolean;
  },
  repo: string,
  draft: IssueDraft,
): Promise<Issue> {
  const { client, store, clock, pace } = context;
  const login = await context.login();
  const look = () => findCreated(client, { repo, login, body: draft.body });
  const known = knownIssue(store, draft.body, login);
  if (known !== null) return known;
  const place = `${repo.toLowerCase()} ${draft.body.split('\n', 1)[0]}`;
  const send = () => create(client, repo, draft);
  const row = (await look()) ?? (await context.createOnce(place, () => writeOnce({ send, look, pace })));
  const record = recordOf({ repo, row, old: null, readAloneAt: clock.now() }, []);
  await store.document.change(current => mergeIssueRecord(current, record, {}));
  return record.issue;
}

/** A list of GitHub may lag behind what this host has created itself. */
function knownIssue(store: SnapshotStore, body: string, login: string): Issue | null {
  const found = store.document.read()?.issues.find(({ issue }) => isIt(issue, body, login));
  return found?.issue ?? null;
}

async function findCreated(
  client: Client,
  { repo, login, body }: { readonly repo: string; readonly login: string; readonly body: string },
): Promise<IssueRow | null> {
  const query = { creator: login, state: 'all', sort: 'created', direction: 'desc', per_page: 100 };
  const page = await readPage(client, { path: `repos/${repo}/issues`, query, etag: null, row: IssueRow });
  const rows = page.kind === 'page' ? page.rows : [];
  return rows.find(row => !row.pull_request && isIt(issueOf(row), body, login)) ?? null;
}

/** Anybody may copy a key; only our own issues count. */
function isIt(issue: Pick<Issue, 'author' | 'body'>, body: string, login: string): boolean {
  const [wanted, found] = [keyIn(body), keyIn(issue.body)];
  if (wanted === null || found === null || issue.author.toLowerCase() !== login.toLowerCase()) return false;
  return wanted.scope === found.scope && wanted.origin === found.origin && wanted.key === found.key;
}

async function create(client: Client, repo: string, draft: IssueDraft): Promise<IssueRow> {
  const url = `/repos/${repo}/issues`;
  const title = Array.from(draft.title).slice(0, TITLE_LIMIT).join('');
  const data = { title, body: fitBody(draft.body), labels: [...draft.labels] };
  const answer = await client.request({ method: 'POST', url, data });
  return parseBody(IssueRow, answer.data as unknown, `POST ${url}`);
}

/** What an issue is known by in the requests about relations. */
export const IssueId = z.object({ id: z.int() });
