import { associationOf } from '../access.ts';
import type { Parts } from '../parts.ts';
import type { LabelRecord, RepositoryRecord } from '../records.ts';
import { nameOf } from '../records.ts';
import type { View } from '../shapes/view.ts';
import { nodeId, pageOf } from '../shapes/view.ts';
import type { Slice } from './connection.ts';
import { connectionOf } from './connection.ts';

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

/** A connection over people. */
export function peopleOf(drawing: Drawing, logins: readonly string[], slice: Slice) {
  return connectionOf(logins, slice, login => actorNode(drawing, login));
}

/** What everything that somebody wrote in a repository says about its author. */
export function authorFields(drawing: Drawing, repository: RepositoryRecord, author: string) {
  const { accounts, login } = drawing.view;
  return {
    author: () => actorNode(drawing, author),
    authorAssociation: () => associationOf(accounts, repository, author),
    viewerDidAuthor: author === login,
  };
}

/** `Label`. */
export function labelNode({ view }: Drawing, repository: RepositoryRecord, label: LabelRecord) {
  const { id, name, color, description } = label;
  const url = `${pageOf(view, nameOf(repository))}/labels/${encodeURIComponent(name)}`;
  const { createdAt } = repository;
  return {
    __typename: 'Label',
    id: nodeId('Label', id),
    name,
    color,
    description,
    createdAt,
    isDefault: false,
    url,
  };
}

/** A connection without anything in it, of what the forge does not have. */
export function nothing(slice: Slice) {
  return connectionOf([], slice, () => null);
}

/** GitHub names each reaction, also where there is none. */
export const NO_REACTIONS = [
  'THUMBS_UP',
  'THUMBS_DOWN',
  'LAUGH',
  'HOORAY',
  'CONFUSED',
  'HEART',
  'ROCKET',
  'EYES',
].map(content => ({ content, users: { totalCount: 0 } }));
