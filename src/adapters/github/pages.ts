import * as z from 'zod';
import { HarnessError } from '../../errors.ts';
import type { Client } from './client.ts';
import { parseBody } from './failure.ts';

/** One page of a list, or `same` when GitHub still has what the ETag names. */
type Page<T> =
  | { readonly kind: 'same' }
  | {
      readonly kind: 'page';
      readonly rows: readonly T[];
      readonly etag: string | null;
      readonly next: string | null;
    };

type Query = Readonly<Record<string, string | number>>;

/** Reads one page of a list below the API's root (`repos/acme/app/issues`); free when nothing changed. */
export async function readPage<T>(
  client: Client,
  page: { path: string; query: Query; etag: string | null; row: z.ZodType<T> },
): Promise<Page<T>> {
  return requestPage(client, `/${page.path}?${queryText(page.query)}`, page);
}

/** A whole list, whatever was read before. */
export async function readAll<T>(
  client: Client,
  list: { path: string; query: Query; row: z.ZodType<T> },
): Promise<readonly T[]> {
  const url = `/${list.path}?${queryText(list.query)}`;
  const first = await requestPage(client, url, { row: list.row, etag: null });
  if (first.kind === 'same') throw garbled(url);
  return [...first.rows, ...(await readOn(client, { next: first.next, row: list.row }))];
}

/** The pages that follow, up to the last; fails as a whole when one of them does. */
export async function readOn<T>(
  client: Client,
  options: { next: string | null; row: z.ZodType<T> },
): Promise<readonly T[]> {
  const rows: T[] = [];
  const seen = new Set<string>();
  let next = options.next;
  while (next !== null) {
    assertOwn(client, next, seen);
    const page = await requestPage(client, next, { row: options.row, etag: null });
    if (page.kind === 'same') throw garbled(next);
    rows.push(...page.rows);
    next = page.next;
  }
  return rows;
}

/** One document below the API's root, whatever was read before. */
export async function readNow<T>(
  client: Client,
  document: { path: string; shape: z.ZodType<T> },
): Promise<T> {
  const answer = await readOne(client, { ...document, etag: null });
  if (answer.kind === 'same') throw garbled(`/${document.path}`);
  return answer.value;
}

/** One document below the API's root, or `same`. */
export async function readOne<T>(
  client: Client,
  document: { path: string; etag: string | null; shape: z.ZodType<T> },
): Promise<{ kind: 'same' } | { kind: 'new'; value: T; etag: string | null }> {
  const url = `/${document.path}`;
  const answer = await client.request({ method: 'GET', url, headers: ifNoneMatch(document.etag) });
  if (answer.status === 304) return { kind: 'same' };
  const value = parseBody(document.shape, answer.data as unknown, `GET ${url}`);
  return { kind: 'new', value, etag: answer.headers.etag ?? null };
}

async function requestPage<T>(
  client: Client,
  url: string,
  options: { row: z.ZodType<T>; etag: string | null },
): Promise<Page<T>> {
  const answer = await client.request({ method: 'GET', url, headers: ifNoneMatch(options.etag) });
  if (answer.status === 304) return { kind: 'same' };
  const rows = parseBody(z.array(options.row), answer.data as unknown, `GET ${url}`);
  return { kind: 'page', rows, etag: answer.headers.etag ?? null, next: nextLink(answer.headers.link) };
}

/** The address after `rel="next"` of a Link header (RFC 8288); null on the last page. */
export function nextLink(header: string | undefined): string | null {
  for (const part of (header ?? '').split(/,\s*(?=<)/)) {
    const found = /^\s*<([^>]+)>(.*)$/.exec(part);
    if (found !== null && /;\s*rel\s*=\s*"?next"?/i.test(found[2] ?? '')) return found[1] ?? null;
  }
  return null;
}

/** The token goes only to the API itself, and a list that repeats a page has no end. */
function assertOwn(client: Client, url: string, seen: Set<string>): void {
  const origin = new URL(client.apiUrl).origin;
  if (new URL(url).origin !== origin || seen.has(url)) throw garbled(url);
  seen.add(url);
}

const garbled = (url: string): HarnessError =>
  new HarnessError('github-unreachable', `GET ${url}: the answer makes no sense.`);

const ifNoneMatch = (etag: string | null): Record<string, string> =>
  etag === null ? {} : { 'if-none-match': etag };

const queryText = (query: Query): string =>
  new URLSearchParams(
    Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]),
  ).toString();
