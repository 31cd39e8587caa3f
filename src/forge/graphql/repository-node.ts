import { allows, roleIn } from '../access.ts';
import { labelNamed } from '../board/labels.ts';
import type { RepositoryRecord } from '../records.ts';
import { keyOf, nameOf } from '../records.ts';
import { nodeId, pageOf } from '../shapes/view.ts';
import { refNode } from './commit-node.ts';
import type { Slice } from './connection.ts';
import { connectionOf } from './connection.ts';
import { unresolved } from './failures.ts';
import { isVisible } from './identify.ts';
import { issueNode, issueOrPullNode } from './issue-node.ts';
import type { Drawing, Node } from './nodes.ts';
import { actorNode, labelNode, nothing, peopleOf } from './nodes.ts';
import { pullNode } from './pull-node.ts';
import { queueNode } from './queue-node.ts';
import type { IssueSelection, LabelSelection, PullSelection } from './select.ts';
import { selectIssueRecords, selectLabels, selectPullRecords } from './select.ts';

/** `Repository`. */
export function repositoryNode(drawing: Drawing, repository: RepositoryRecord): Node {
  const name = nameOf(repository);
  const { view, parts } = drawing;
  return {
    ...plainFields(drawing, repository),
    ...boardFields(drawing, repository),
    owner: () => actorNode(drawing, repository.owner),
    isInOrganization: () => view.accounts.owner(repository.owner).type === 'Organization',
    isEmpty: async () => (await parts.refs.of(name)).size === 0,
    parent: null,
    templateRepository: null,
    defaultBranchRef: () => refNode(drawing, repository, repository.defaultBranch),
    ref: ({ qualifiedName }: { qualifiedName: string }) => refNode(drawing, repository, qualifiedName),
    mergeQueue: ({ branch }: { branch?: string | null }) =>
      queueNode(drawing, repository, branch ?? repository.defaultBranch),
    milestones: nothing,
    assignableUsers: (slice: Slice) => peopleOf(drawing, loginsOf(drawing), slice),
    mentionableUsers: (slice: Slice) => peopleOf(drawing, loginsOf(drawing), slice),
    issueTemplates: [],
    pullRequestTemplates: [],
  };
}

/** The repository, or GitHub's NOT_FOUND where there is none or the login may not look. */
export function findRepositoryNode(drawing: Drawing, { owner, name }: { owner: string; name: string }): Node {
  const repository = drawing.view.board.repository(`${owner}/${name}`);
  if (repository === undefined || !isVisible(drawing, repository)) {
    throw unresolved(`Could not resolve to a Repository with the name '${owner}/${name}'.`);
  }
  return repositoryNode(drawing, repository);
}

/** The fields that are values. */
function plainFields({ view }: Drawing, repository: RepositoryRecord): Node {
  const name = nameOf(repository);
  const page = pageOf(view, name);
  const role = roleIn(view.accounts, repository, view.login);
  const methods = repository.mergeMethods;
  return {
    __typename: 'Repository',
    id: nodeId('Repository', repository.id),
    databaseId: repository.id,
    name: repository.name,
    nameWithOwner: name,
    description: repository.description,
    homepageUrl: null,
    mirrorUrl: null,
    url: page,
    sshUrl: `${page}.git`,
    visibility: repository.private ? 'PRIVATE' : 'PUBLIC',
    isPrivate: repository.private,
    isArchived: repository.archived,
    isBlankIssuesEnabled: true,
    isFork: false,
    isMirror: false,
    isTemplate: false,
    hasDiscussionsEnabled: false,
    hasIssuesEnabled: repository.hasIssues,
    hasProjectsEnabled: false,
    hasWikiEnabled: false,
    autoMergeAllowed: false,
    deleteBranchOnMerge: repository.deleteBranchOnMerge,
    mergeCommitAllowed: methods.includes('merge'),
    rebaseMergeAllowed: methods.includes('rebase'),
    squashMergeAllowed: methods.includes('squash'),
    forkCount: 0,
    stargazerCount: 0,
    viewerCanAdminister: allows(role, 'admin'),
    viewerDefaultMergeMethod: (methods[0] ?? 'merge').toUpperCase(),
    viewerPermission: role?.toUpperCase() ?? null,
    createdAt: repository.createdAt,
    updatedAt: repository.updatedAt,
    pushedAt: repository.pushedAt,
  };
}

/** Issues, pull requests and labels. */
function boardFields(drawing: Drawing, repository: RepositoryRecord): Node {
  const name = nameOf(repository);
  const { board } = drawing.view;
  const find = ({ number }: { number: number }) => board.issue(keyOf({ repository: name, number }));
  return {
    issue(ask: { number: number }) {
      const issue = find(ask);
      if (issue === undefined || issue.pull !== null) throw unresolvedNumber('an Issue', ask.number);
      return issueNode(drawing, repository, issue);
    },
    issueOrPullRequest(ask: { number: number }) {
      const issue = find(ask);
      if (issue === undefined) throw unresolvedNumber('an issue or pull request', ask.number);
      return issueOrPullNode(drawing, repository, issue);
    },
    pullRequest(ask: { number: number }) {
      const issue = find(ask);
      if (issue === undefined || issue.pull === null) throw unresolvedNumber('a PullRequest', ask.number);
      return pullNode(drawing, repository, { ...issue, pull: issue.pull });
    },
    issues(selection: IssueSelection & Slice) {
      const issues = board.issues(name).filter(({ pull }) => pull === null);
      const rows = selectIssueRecords(repository, issues, selection);
      return connectionOf(rows, selection, issue => issueNode(drawing, repository, issue));
    },
    pullRequests(selection: PullSelection & Slice) {
      const rows = selectPullRecords(repository, board.issues(name), selection);
      return connectionOf(rows, selection, issue => pullNode(drawing, repository, issue));
    },
    label(ask: { name: string }) {
      const label = labelNamed(repository, ask.name);
      return label === undefined ? null : labelNode(drawing, repository, label);
    },
    labels(selection: LabelSelection & Slice) {
      const rows = selectLabels(repository.labels, selection);
      return connectionOf(rows, selection, label => labelNode(drawing, repository, label));
    },
  };
}

/** Everybody who can sign in. */
function loginsOf({ view }: Drawing): readonly string[] {
  const logins = view.board.accounts().map(({ login }) => login);
  return logins.filter(login => view.accounts.isUser(login));
}

function unresolvedNumber(what: string, number: number) {
  return unresolved(`Could not resolve to ${what} with the number of ${number}.`);
}
