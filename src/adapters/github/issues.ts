import { fateOf } from '../../core/issue-change.ts';
import { fitBody } from '../../core/markers.ts';
import type { Issue } from '../../core/world.ts';
import { HarnessError } from '../../errors.ts';
import type { Clock, IssueChange } from '../../ports.ts';
import type { IssueRecord } from '../snapshots/document.ts';
import { mergeIssueRecord } from '../snapshots/merge.ts';
import type { SnapshotStore } from '../snapshots/store.ts';
import type { Client } from './client.ts';
import { dependenciesOf, detailIssue, recordOf } from './details.ts';
import { readEditors } from './editors.ts';
import { isAmbiguous, parseBody } from './failure.ts';
import { readNow } from './pages.ts';
import { IssueRow, issueOf } from './rows.ts';

export interface IssueContext {
  readonly client: Client;
  readonly store: SnapshotStore;
  readonly clock: Clock;
  readonly repo: string;
  readonly number: number;
}

/**
 * Reads an issue by itself, with whatever the snapshot would need more requests for, and merges it there.
 * Throws where any of it cannot be read: what is done next depends on all of it.
 */
export async function readIssue(
  context: IssueContext & { readonly onComments: (count: number) => void },
): Promise<Issue> {
  const { client, store, repo, number, clock } = context;
  const row = await readNow(client, { path: `repos/${repo}/issues/${number}`, shape: IssueRow });
  // GitHub answers for a transferred issue with the one that it became elsewhere.
  if (row.number !== number) throw new HarnessError('github-refused', `${repo}#${number} was transferred.`);
  context.onComments(row.comments ?? 1);
  const known = store.document.read();
  const seen = { repo, row, old: recordIn(known?.issues, number), readAloneAt: clock.now() };
  const { record, etags } = await detailIssue(client, seen, known?.etags ?? {});
  const complete = record.editorKnown ? record : await withEditor(client, repo, record);
  await store.document.change(current => mergeIssueRecord(current, complete, etags));
  return complete.issue;
}

/** Changes an issue in one request and merges the answer; what the answer does not tell stays as it was. */
export async function updateIssue(
  context: IssueContext,
  change: IssueChange,
  login: () => Promise<string>,
): Promise<Issue> {
  const { store, repo, number, clock } = context;
  const row = await send(context, change);
  const old = recordIn(store.document.read()?.issues, number);
  // Dependencies that the snapshot has not seen yet come with its next refresh, not from here.
  if (old === null || old.dependencies !== dependenciesOf(row)) return issueOf(row);
  const record = recordOf({ repo, row, old, readAloneAt: clock.now() }, old.issue.blockedBy);
  const ours = change.body === undefined ? record : editedBy(record, await login());
  await store.document.change(current => mergeIssueRecord(current, ours, {}));
  return ours.issue;
}

/**
 * After a lost answer it looks before it sends the change once more, and does so only where the issue still is as it
 * was known: GitHub replaces labels as a whole, so that to send them blindly undoes what a person did meanwhile.
 */
async function send({ client, store, repo, number }: IssueContext, change: IssueChange): Promise<IssueRow> {
  const url = `/repos/${repo}/issues/${number}`;
  const patch = async () => {
    const answer = await client.request({ method: 'PATCH', url, data: bodyOf(change) });
    return parseBody(IssueRow, answer.data as unknown, `PATCH ${url}`);
  };
  const before = recordIn(store.document.read()?.issues, number)?.issue ?? null;
  try {
    return await patch();
  } catch (error) {
    if (!isAmbiguous(error)) throw error;
    const row = await readNow(client, { path: url.slice(1), shape: IssueRow });
    const fate = fateOf(change, { before, now: issueOf(row) });
    if (fate === 'overtaken') throw error;
    return fate === 'made' ? row : patch();
  }
}

function recordIn(records: readonly IssueRecord[] | undefined, number: number): IssueRecord | null {
  return records?.find(({ issue }) => issue.number === number) ?? null;
}

async function withEditor(client: Client, repo: string, record: IssueRecord): Promise<IssueRecord> {
  const { number } = record.issue;
  return editedBy(record, (await readEditors(client, repo, [number])).get(number) ?? null);
}

const editedBy = (record: IssueRecord, lastEditor: string | null): IssueRecord => ({
  ...record,
  editorKnown: true,
  issue: { ...record.issue, lastEditor },
});

function bodyOf(change: IssueChange): Record<string, unknown> {
  return {
    ...(change.labels === undefined ? {} : { labels: [...change.labels] }),
    ...(change.state === undefined ? {} : { state: change.state }),
    ...(change.stateReason === undefined ? {} : { state_reason: change.stateReason }),
    ...(change.title === undefined ? {} : { title: change.title }),
    ...(change.body === undefined ? {} : { body: fitBody(change.body) }),
  };
}
