import { searchIssues } from '../board/search.ts';
import { timestampOf } from '../clock.ts';
import type { Limits } from '../http/limits.ts';
import type { Slice } from './connection.ts';
import { connectionOf } from './connection.ts';
import { unresolved } from './failures.ts';
import { accountById, issueById, isVisible, kindOf, repositoryById, unresolvedNode } from './identify.ts';
import { issueOrPullNode } from './issue-node.ts';
import type { Drawing, Node } from './nodes.ts';
import { actorNode } from './nodes.ts';
import { findRepositoryNode, repositoryNode } from './repository-node.ts';

/** What a query begins with. `cost` is that of the query itself. */
export function queryRoots(
  drawing: Drawing,
  { limits, login, cost }: { limits: Limits; login: string; cost: number },
) {
  return {
    viewer: () => actorNode(drawing, login),
    repository: (name: { owner: string; name: string }) => findRepositoryNode(drawing, name),
    node: ({ id }: { id: string }) => nodeById(drawing, id),
    user: (ask: { login: string }) => userNode(drawing, ask.login),
    search: (ask: Slice & { query: string }) => searchNode(drawing, login, ask),
    rateLimit() {
      const { limit, remaining, used, reset } = limits.quotaOf(login, 'graphql');
      const resetAt = timestampOf(reset * 1000);
      return {
        limit,
        cost,
        nodeCount: 0,
        resetAt,
        remaining: Math.max(0, remaining - cost),
        used: used + cost,
      };
    },
  };
}

function searchNode(drawing: Drawing, login: string, { query, ...slice }: Slice & { query: string }) {
  const { board } = drawing.view;
  const repositories = board.repositories().filter(repository => isVisible(drawing, repository));
  const found = searchIssues({ board, repositories, login }, query);
  const { totalCount, ...page } = connectionOf(found, slice, ({ repository, issue }) =>
    issueOrPullNode(drawing, repository, issue),
  );
  return { issueCount: totalCount, ...page };
}

function userNode(drawing: Drawing, login: string): Node {
  const account = drawing.view.board.account(login);
  if (account?.type !== 'User') {
    throw unresolved(`Could not resolve to a User with the login of '${login}'.`);
  }
  return actorNode(drawing, account.login);
}

function nodeById(drawing: Drawing, id: string): Node {
  switch (kindOf(id)) {
    case 'Repository':
      return repositoryNode(drawing, repositoryById(drawing, id));
    case 'Issue':
    case 'PullRequest': {
      const { repository, issue } = issueById(drawing, id);
      return issueOrPullNode(drawing, repository, issue);
    }
    case 'User':
    case 'Organization':
      return actorNode(drawing, accountById(drawing, id).login);
    default:
      throw unresolvedNode(id);
  }
}
