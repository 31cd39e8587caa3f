import { roleIn } from '../access.ts';
import { rollupOf } from '../board/rollup.ts';
import type { Parts } from '../parts.ts';
import type { LabelRecord, Oid, RepositoryName, RepositoryRecord } from '../records.ts';
import { nameOf } from '../records.ts';
import type { View } from '../shapes/view.ts';
import { nodeId, pageOf } from '../shapes/view.ts';

/** What every node is drawn from. */
export interface Drawing {
  readonly view: View;
  readonly parts: Parts;
}

/** Fields, or functions that find them when they are asked for. */
export type Node = Readonly<Record<string, unknown>>;

/** `Actor`, or `RepositoryOwner`. */
export function actorNode({ view }: Drawing, login: string) {
  const account = view.accounts.named(login);
  return {
    __typename: account.type,
    id: nodeId(account.type, account.id),
    databaseId: account.id,
    login: account.login,
    name: account.login,
    url: `${view.url}/${account.login}`,
  };
}

/** The same or null. */
export function actorOrNull(drawing: Drawing, login: string | null) {
  return login === null ? null : actorNode(drawing, login);
}

/** The plain fields of `Repository`. */
export function repositoryFields({ view }: Drawing, repository: RepositoryRecord) {
  const name = nameOf(repository);
  return {
    id: nodeId('Repository', repository.id),
    databaseId: repository.id,
    name: repository.name,
    nameWithOwner: name,
    description: repository.description,
    url: pageOf(view, name),
    isPrivate: repository.private,
    isArchived: repository.archived,
    isFork: false,
    hasIssuesEnabled: repository.hasIssues,
    viewerPermission: roleIn(view.accounts, repository, view.login)?.toUpperCase() ?? null,
    createdAt: repository.createdAt,
    updatedAt: repository.updatedAt,
    pushedAt: repository.pushedAt,
  };
}

/** `Label`. */
export function labelNode(label: LabelRecord) {
  const { id, name, color, description } = label;
  return { id: nodeId('Label', id), name, color, description };
}

/** `Ref`; null when there is none of that name. */
export async function refNode({ parts }: Drawing, repository: RepositoryName, ref: string) {
  const table = await parts.refs.of(repository);
  const full = [ref, `refs/heads/${ref}`, `refs/${ref}`].find(name => table.has(name)) ?? '';
  const oid = table.get(full);
  if (oid === undefined) return null;
  const cut = full.startsWith('refs/heads/') ? 'refs/heads/'.length : 'refs/'.length;
  return {
    id: nodeId('Ref', `${repository}:${full}`),
    name: full.slice(cut),
    prefix: full.slice(0, cut),
    target: commitNode(parts, repository, oid),
  };
}

/** `Commit`, whose message is read from git when it is asked for. */
export function commitNode(parts: Parts, repository: RepositoryName, oid: Oid) {
  const read = () => parts.commits.read(repository, oid);
  return {
    __typename: 'Commit',
    oid,
    message: async () => (await read()).message,
    messageHeadline: async () => (await read()).message.split('\n')[0] ?? '',
    committedDate: async () => (await read()).committer.date,
    statusCheckRollup: () => rollupNode(parts, repository, oid),
  };
}

/** `StatusCheckRollup`; null when nothing was reported. */
export function rollupNode({ store }: Parts, repository: RepositoryName, oid: Oid) {
  const state = rollupOf(store.commit(repository, oid));
  return state === null ? null : { state: state.toUpperCase() };
}
