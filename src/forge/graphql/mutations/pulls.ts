import { changeIssue } from '../../board/issue-requests.ts';
import { mergePull } from '../../board/merge-pull.ts';
import { changePull, openPull, setDraft } from '../../board/pulls.ts';
import { fieldsOf } from '../../http/fields.ts';
import type { MergeMethod, RepositoryRecord } from '../../records.ts';
import { nameOf } from '../../records.ts';
import { pullById, repositoryById } from '../identify.ts';
import { pullNode } from '../pull-node.ts';
import type { Acting, Input } from './acting.ts';
import { enter, restFields } from './acting.ts';

interface PullInput extends Input {
  readonly pullRequestId: string;
}

interface NewPullInput extends Input {
  readonly repositoryId: string;
  readonly headRefName: string;
  readonly baseRefName: string;
  readonly title: string;
  readonly body?: string | null;
  readonly draft: boolean;
}

interface PullChangeInput extends PullInput {
  readonly baseRefName?: string | null;
  readonly title?: string | null;
  readonly body?: string | null;
  readonly state?: string | null;
  readonly labelIds?: readonly string[] | null;
  readonly assigneeIds?: readonly string[] | null;
}

interface MergeInput extends PullInput {
  readonly mergeMethod: string;
  readonly commitHeadline?: string | null;
  readonly commitBody?: string | null;
  readonly expectedHeadOid?: string | null;
}

/** Opening, changing and merging pull requests. */
export function pullMutations(acting: Acting) {
  const { parts, login: by } = acting;
  const inTurn = <T>(repository: RepositoryRecord, work: () => Promise<T>) =>
    parts.inTurn(nameOf(repository), work);
  const show = ({ clientMutationId, pullRequestId }: PullInput) => ({
    clientMutationId,
    pullRequest() {
      const { repository, issue } = pullById(acting, pullRequestId);
      return pullNode(acting, repository, issue);
    },
  });

  const change = async (input: PullChangeInput) => {
    const { repository: seen, issue } = pullById(acting, input.pullRequestId);
    const repository = enter(acting, seen, 'talk');
    const { baseRefName: base, title, body, state, labelIds, assigneeIds, ...absent } = input;
    const own = { resource: 'PullRequest', input: { ...absent, base, title, body, state } };
    const fields = restFields(acting, repository, own);
    const { number } = issue;
    const changed = await inTurn(repository, () => changePull(parts, repository, { number, fields, by }));
    if (labelIds || assigneeIds) {
      const shared = restFields(acting, repository, { resource: 'Issue', input: { labelIds, assigneeIds } });
      changeIssue(parts, repository, { issue: changed, fields: shared, by });
    }
    return show(input);
  };

  const redraft = (input: PullInput, draft: boolean) => {
    const { repository: seen, issue } = pullById(acting, input.pullRequestId);
    const repository = enter(acting, seen, 'talk');
    setDraft(parts, repository, { number: issue.number, draft, by });
    return show(input);
  };

  return {
    async createPullRequest({ input }: { input: NewPullInput }) {
      const repository = enter(acting, repositoryById(acting, input.repositoryId), 'write');
      const { headRefName: head, baseRefName: base, title, body, draft } = input;
      const fields = fieldsOf({ head, base, title, body, draft }, 'PullRequest');
      const issue = await inTurn(repository, () => openPull(parts, repository, { fields, by }));
      const pullRequest = () => pullNode(acting, repository, issue);
      return { clientMutationId: input.clientMutationId, pullRequest };
    },
    updatePullRequest: ({ input }: { input: PullChangeInput }) => change(input),
    closePullRequest: ({ input }: { input: PullInput }) => change({ ...input, state: 'CLOSED' }),
    reopenPullRequest: ({ input }: { input: PullInput }) => change({ ...input, state: 'OPEN' }),
    markPullRequestReadyForReview: ({ input }: { input: PullInput }) => redraft(input, false),
    convertPullRequestToDraft: ({ input }: { input: PullInput }) => redraft(input, true),
    async mergePullRequest({ input }: { input: MergeInput }) {
      const { repository: seen, issue } = pullById(acting, input.pullRequestId);
      const repository = enter(acting, seen, 'write');
      const order = {
        method: input.mergeMethod.toLowerCase() as MergeMethod,
        sha: input.expectedHeadOid ?? null,
        title: input.commitHeadline ?? null,
        message: input.commitBody ?? null,
        by,
      };
      const { number } = issue;
      await inTurn(repository, () => mergePull(parts, repository, { number, order }));
      return show(input);
    },
  };
}
