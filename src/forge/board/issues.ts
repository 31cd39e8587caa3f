import { stamp } from '../clock.ts';
import type { Parts } from '../parts.ts';
import type { CommentRecord, IssueRecord, PullRecord, RepositoryName, StateReason } from '../records.ts';
import { keyOf } from '../records.ts';

/** Files an issue, or with `pull` a pull request; both are numbered together. */
export function createIssue(
  { store, clock, accounts }: Parts,
  draft: {
    repository: RepositoryName;
    title: string;
    body: string | null;
    author: string;
    labels: readonly number[];
    assignees: readonly string[];
    pull: PullRecord | null;
  },
): IssueRecord {
  const now = stamp(clock);
  accounts.named(draft.author);
  return store.putIssue({
    ...draft,
    id: store.nextId(),
    number: store.nextNumber(draft.repository),
    state: 'open',
    stateReason: null,
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    closedBy: null,
    editor: null,
    editedAt: null,
    blockedBy: [],
    blocking: [],
    subIssues: [],
    parent: null,
    comments: [],
  });
}

/** What a person changes about an issue; the rest follows. */
export interface IssueEdit {
  readonly title?: string;
  readonly body?: string | null;
  readonly state?: 'open' | 'closed';
  readonly stateReason?: StateReason;
  readonly labels?: readonly number[];
  readonly assignees?: readonly string[];
}

/** Changes an issue for `by`. Closing what is closed keeps who closed it and when. */
export function editIssue(parts: Parts, issue: IssueRecord, edit: IssueEdit, by: string): IssueRecord {
  const { state, stateReason, ...rest } = edit;
  const edited = edit.body !== undefined && edit.body !== issue.body;
  return amendIssue(parts, issue, {
    ...rest,
    ...(edited ? { editor: by, editedAt: stamp(parts.clock) } : {}),
    ...(state === undefined ? {} : changedState(parts, issue, { state, stateReason, by })),
  });
}

/** Replaces fields of an issue, as it is by now, and moves its `updatedAt`. */
export function amendIssue(
  { store, clock }: Parts,
  { repository, number }: { repository: RepositoryName; number: number },
  change: Partial<IssueRecord>,
): IssueRecord {
  const issue = store.issue(keyOf({ repository, number }));
  if (issue === undefined) throw new Error(`no issue ${repository}#${number}`);
  return store.putIssue({ ...issue, ...change, updatedAt: stamp(clock, issue.updatedAt) });
}

/** Adds a comment, which counts as a change of the issue. */
export function addComment(
  parts: Parts,
  issue: IssueRecord,
  draft: { author: string; body: string },
): CommentRecord {
  const now = stamp(parts.clock);
  parts.accounts.named(draft.author);
  const comment = { id: parts.store.nextId(), ...draft, createdAt: now, updatedAt: now };
  amendIssue(parts, issue, { comments: [...issue.comments, comment] });
  return comment;
}

function changedState(
  { clock }: Parts,
  issue: IssueRecord,
  { state, stateReason, by }: { state: 'open' | 'closed'; stateReason: StateReason | undefined; by: string },
): Partial<IssueRecord> {
  const isPull = issue.pull !== null;
  if (state === 'closed') {
    const reason = isPull
      ? null
      : (stateReason ?? (issue.state === 'closed' ? issue.stateReason : 'completed'));
    if (issue.state === 'closed') return { stateReason: reason };
    return { state, stateReason: reason, closedAt: stamp(clock), closedBy: by };
  }
  if (issue.state === 'open') return {};
  return { state, stateReason: isPull ? null : 'reopened', closedAt: null, closedBy: null };
}
