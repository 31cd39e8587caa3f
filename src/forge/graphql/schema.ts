import { buildSchema } from 'graphql';
import { ABSENT_TYPES } from './schema/absent.ts';
import { CHECK_TYPES } from './schema/checks.ts';
import { ISSUE_TYPES } from './schema/issue.ts';
import { MUTATION_TYPES } from './schema/mutations.ts';
import { PEOPLE_TYPES } from './schema/people.ts';
import { PULL_TYPES } from './schema/pull.ts';
import { QUEUE_TYPES } from './schema/queue.ts';
import { REPOSITORY_TYPES } from './schema/repository.ts';
import { ROOT_TYPES } from './schema/roots.ts';

const CONNECTIONS = [
  'GitActor',
  'Issue',
  'IssueComment',
  'Label',
  'MergeQueueEntry',
  'Milestone',
  'ProjectCard',
  'ProjectV2Item',
  'PullRequest',
  'PullRequestChangedFile',
  'PullRequestCommit',
  'PullRequestReview',
  'ReviewRequest',
  'User',
].map(
  node => `
type ${node}Connection { nodes: [${node}] edges: [${node}Edge] pageInfo: PageInfo! totalCount: Int! }
type ${node}Edge { cursor: String! node: ${node} }`,
);

/** The part of GitHub's GraphQL schema that the forge answers; names, types and arguments are GitHub's. */
export const SCHEMA = buildSchema(
  [
    ROOT_TYPES,
    PEOPLE_TYPES,
    REPOSITORY_TYPES,
    ISSUE_TYPES,
    PULL_TYPES,
    QUEUE_TYPES,
    CHECK_TYPES,
    ABSENT_TYPES,
    MUTATION_TYPES,
    ...CONNECTIONS,
  ].join('\n'),
);
