import { changeIssue, fileIssue } from '../../board/issue-requests.ts';
import { putLabels } from '../../board/labels.ts';
import { issueById, labelById, repositoryById } from '../identify.ts';
import { issueOrPullNode } from '../issue-node.ts';
import type { Acting, Input } from './acting.ts';
import { enter, restFields } from './acting.ts';

interface IssueInput extends Input {
  readonly title?: string | null;
  readonly body?: string | null;
  readonly state?: string | null;
  readonly labelIds?: readonly string[] | null;
  readonly assigneeIds?: readonly string[] | null;
}

interface LabelInput extends Input {
  readonly labelableId: string;
  readonly labelIds: readonly string[];
}

/** Filing and changing issues, and the labels of issues and pull requests. */
export function issueMutations(acting: Acting) {
  const { parts, login: by } = acting;

  const change = (id: string, { clientMutationId, ...input }: IssueInput & { state_reason?: string }) => {
    const { repository: seen, issue } = issueById(acting, id);
    const repository = enter(acting, seen, 'talk');
    const fields = restFields(acting, repository, { resource: 'Issue', input });
    const edited = changeIssue(parts, repository, { issue, fields, by });
    return { clientMutationId, issue: () => issueOrPullNode(acting, repository, edited) };
  };

  const relabel = (
    { clientMutationId, labelableId, labelIds }: LabelInput,
    merge: (had: readonly number[], named: readonly number[]) => readonly number[],
  ) => {
    const { repository: seen, issue } = issueById(acting, labelableId);
    const repository = enter(acting, seen, 'triage');
    const named = labelIds.map(id => labelById(repository, id).id);
    putLabels(parts, issue, merge(issue.labels, named));
    const labelable = () => {
      const { issue: current } = issueById(acting, labelableId);
      return issueOrPullNode(acting, repository, current);
    };
    return { clientMutationId, labelable };
  };

  return {
    createIssue({ input }: { input: IssueInput & { repositoryId: string } }) {
      const { clientMutationId, repositoryId, ...draft } = input;
      const repository = enter(acting, repositoryById(acting, repositoryId), 'talk');
      const fields = restFields(acting, repository, { resource: 'Issue', input: draft });
      const issue = fileIssue(parts, repository, { fields, by });
      return { clientMutationId, issue: () => issueOrPullNode(acting, repository, issue) };
    },
    updateIssue({ input: { id, ...input } }: { input: IssueInput & { id: string } }) {
      return change(id, input);
    },
    closeIssue({ input }: { input: IssueInput & { issueId: string; stateReason?: string | null } }) {
      const { issueId, stateReason, ...rest } = input;
      const reason = stateReason ? { state_reason: stateReason.toLowerCase() } : {};
      return change(issueId, { ...rest, state: 'CLOSED', ...reason });
    },
    reopenIssue({ input: { issueId, ...input } }: { input: IssueInput & { issueId: string } }) {
      return change(issueId, { ...input, state: 'OPEN' });
    },
    addLabelsToLabelable: ({ input }: { input: LabelInput }) =>
      relabel(input, (had, named) => [...new Set([...had, ...named])]),
    removeLabelsFromLabelable: ({ input }: { input: LabelInput }) =>
      relabel(input, (had, named) => had.filter(id => !named.includes(id))),
  };
}
