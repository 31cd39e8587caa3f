import type { Oid, RepositoryRecord } from '../records.ts';
import { nameOf } from '../records.ts';
import { loginByEmail } from '../shapes/commit.ts';
import { nodeId } from '../shapes/view.ts';
import { rollupNode } from './checks-node.ts';
import type { Slice } from './connection.ts';
import { connectionOf } from './connection.ts';
import type { Drawing, Node } from './nodes.ts';
import { actorOrNull } from './nodes.ts';

/** `Ref`; null when there is none of that name. */
export async function refNode(
  drawing: Drawing,
  repository: RepositoryRecord,
  ref: string,
): Promise<Node | null> {
  const name = nameOf(repository);
  const table = await drawing.parts.refs.of(name);
  const full = [ref, `refs/heads/${ref}`, `refs/${ref}`].find(candidate => table.has(candidate)) ?? '';
  const oid = table.get(full);
  if (oid === undefined) return null;
  const cut = full.startsWith('refs/heads/') ? 'refs/heads/'.length : 'refs/'.length;
  return {
    __typename: 'Ref',
    id: nodeId('Ref', `${name}:${full}`),
    name: full.slice(cut),
    prefix: full.slice(0, cut),
    target: commitNode(drawing, repository, oid),
    branchProtectionRule: protectionNode(repository, full),
  };
}

/** `Commit`, whose message is read from git when it is asked for. */
export function commitNode(drawing: Drawing, repository: RepositoryRecord, oid: Oid): Node {
  const name = nameOf(repository);
  const read = () => drawing.parts.commits.read(name, oid);
  const lines = async () => (await read()).message.split('\n');
  return {
    __typename: 'Commit',
    id: nodeId('Commit', `${name}:${oid}`),
    oid,
    message: async () => (await read()).message,
    messageHeadline: async () => (await lines())[0] ?? '',
    messageBody: async () => (await lines()).slice(1).join('\n').trim(),
    authoredDate: async () => (await read()).author.date,
    committedDate: async () => (await read()).committer.date,
    authors: async (slice: Slice) =>
      connectionOf([(await read()).author], slice, ({ name: person, email }) => ({
        name: person,
        email,
        user: () => actorOrNull(drawing, loginByEmail(drawing.view, email)),
      })),
    statusCheckRollup: () => rollupNode(drawing, repository, oid),
  };
}

function protectionNode(repository: RepositoryRecord, ref: string): Node | null {
  const pattern = ref.replace('refs/heads/', '');
  const rule = repository.protections[pattern];
  if (rule === undefined) return null;
  return {
    pattern,
    requiredApprovingReviewCount: rule.reviews?.approvals ?? null,
    requiredStatusCheckContexts: rule.checks?.contexts ?? [],
    requiresApprovingReviews: rule.reviews !== null,
    requiresCommitSignatures: false,
    requiresLinearHistory: rule.linearHistory,
    requiresStatusChecks: rule.checks !== null,
    requiresStrictStatusChecks: rule.checks?.strict ?? false,
  };
}
