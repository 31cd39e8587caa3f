import { expect, it } from 'vitest';
import type { Gate } from '../../../src/adapters/github/gate.ts';
import { createTransport } from '../../../src/adapters/github/transport.ts';
import { aClock } from './setup.ts';

const API = 'https://api.github.com';
const graphql = (query: string, variables: object = {}) =>
  ({ path: '/graphql', method: 'POST', body: JSON.stringify({ query, variables }) }) as const;

it.each([
  ['a read', { path: '/repos/acme/app', method: 'GET' }, { isWrite: false, isGraphQL: false }],
  ['a write', { path: '/repos/acme/app/issues', method: 'POST' }, { isWrite: true, isGraphQL: false }],
  ['a query', graphql('query($id: ID!) { node(id: $id) { id } }'), { isWrite: false, isGraphQL: true }],
  ['a mutation', graphql('\n  mutation { close { id } }'), { isWrite: true, isGraphQL: true }],
  [
    'a query that only speaks of one',
    graphql('query($text: String) { search(query: $text) { id } }', { text: '{"query":"mutation' }),
    { isWrite: false, isGraphQL: true },
  ],
])('passes the gate as what it is: %s', async (_, { path, ...request }, expected) => {
  const entered: Parameters<Gate['enter']>[0][] = [];
  const enter: Gate['enter'] = async asked => {
    entered.push(asked);
    return async () => {};
  };
  const { fetch } = createTransport({
    gate: async () => ({ enter }),
    clock: aClock(),
    send: async () => new Response('{}'),
    limitMs: 1_000,
  });
  await fetch(`${API}${path}`, request);
  expect(entered).toEqual([expected]);
});
