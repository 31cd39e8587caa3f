import { GraphQLError } from 'graphql';
import { roleIn } from '../access.ts';
import type { RepositoryRecord } from '../records.ts';
import { keyOf, nameOf } from '../records.ts';
import type { Slice } from './connection.ts';
import { connectionOf } from './connection.ts';
import type { IssueSelection } from './issue-node.ts';
import { issueNode, selectIssueRecords } from './issue-node.ts';
import type { Drawing, Node } from './nodes.ts';
import { actorNode, refNode, repositoryFields } from './nodes.ts';
import type { PullSelection } from './pull-node.ts';
import { pullNode, selectPullRecords } from './pull-node.ts';

/** `Repository`. */
export function repositoryNode(drawing: Drawing, repository: RepositoryRecord): Node {
  const name = nameOf(repository);
  const { view } = drawing;
  return {
    ...repositoryFields(drawing, repository),
    owner: () => actorNode(drawing, repository.owner),
    defaultBranchRef: () => refNode(drawing, name, repository.defaultBranch),
    ref: ({ qualifiedName }: { qualifiedName: string }) => refNode(drawing, name, qualifiedName),
    issue({ number }: { number: number }) {
      const issue = view.board.issue(keyOf({ repository: name, number }));
      if (issue === undefined || issue.pull !== null) throw unresolved('an Issue', `number of ${number}`);
      return issueNode(drawing, repository, issue);
    },
    issues(filter: IssueSelection & Slice) {
      const issues = view.board.issues(name).filter(({ pull }) => pull === null);
      const rows = selectIssueRecords(repository, issues, filter);
      return connectionOf(rows, filter, issue => issueNode(drawing, repository, issue));
    },
    pullRequest({ number }: { number: number }) {
      const issue = view.board.issue(keyOf({ repository: name, number }));
      if (issue === undefined || issue.pull === null)
        throw unresolved('a PullRequest', `number of ${number}`);
      return pullNode(drawing, repository, { ...issue, pull: issue.pull });
    },
    pullRequests(filter: PullSelection & Slice) {
      const rows = selectPullRecords(view.board.issues(name), filter);
      return connectionOf(rows, filter, issue => pullNode(drawing, repository, issue));
    },
  };
}

/** The repository, or GitHub's NOT_FOUND where there is none or the login may not look. */
export function findRepositoryNode(drawing: Drawing, { owner, name }: { owner: string; name: string }): Node {
  const { view } = drawing;
  const repository = view.board.repository(`${owner}/${name}`);
  if (repository === undefined || roleIn(view.accounts, repository, view.login) === null) {
    throw unresolved('a Repository', `name '${owner}/${name}'`);
  }
  return repositoryNode(drawing, repository);
}

function unresolved(what: string, which: string): GraphQLError {
  return new GraphQLError(`Could not resolve to ${what} with the ${which}.`, {
    extensions: { type: 'NOT_FOUND' },
  });
}
