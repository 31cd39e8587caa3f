import type { Accounts } from '../accounts.ts';
import type { RepositoryName } from '../records.ts';
import type { Board } from '../shelves.ts';

/** What an answer is drawn from: the board (perhaps a stale one), who asks, and the forge's address. */
export interface View {
  readonly url: string;
  readonly board: Board;
  readonly accounts: Accounts;
  readonly login: string | null;
}

/** The API address of a repository. */
export function apiOf(view: View, repository: RepositoryName): string {
  return `${view.url}/repos/${repository}`;
}

/** The address for people, where GitHub has its pages. */
export function pageOf(view: View, repository: RepositoryName): string {
  return `${view.url}/${repository}`;
}

/** An opaque identifier over all kinds, as in GraphQL. */
export function nodeId(kind: string, id: number | string): string {
  return Buffer.from(`${kind}:${id}`).toString('base64url');
}
