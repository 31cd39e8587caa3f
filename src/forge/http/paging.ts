import { answer } from './answers.ts';
import type { ForgeContext } from './environment.ts';

/** One page of rows, and where it lies. */
export interface Page<T> {
  readonly rows: readonly T[];
  readonly number: number;
  readonly last: number;
}

/** Cuts the page that the query asks for: `per_page` up to 100, 30 when absent. */
export function pageOfRows<T>(c: ForgeContext, rows: readonly T[]): Page<T> {
  const { perPage, number } = pageQuery(c);
  const last = Math.max(1, Math.ceil(rows.length / perPage));
  return { rows: rows.slice((number - 1) * perPage, number * perPage), number, last };
}

/** The page that the query asks for, from 1, and its length. */
export function pageQuery(c: ForgeContext): { readonly perPage: number; readonly number: number } {
  return {
    perPage: Math.min(positive(c.req.query('per_page'), 30), 100),
    number: positive(c.req.query('page'), 1),
  };
}

/** Sets `Link` with the relations that GitHub gives for this page. */
export function setLinks(c: ForgeContext, { number, last }: { number: number; last: number }): void {
  const links = [
    ...(number > 1 ? [link(c, Math.min(number - 1, last), 'prev')] : []),
    ...(number < last ? [link(c, number + 1, 'next'), link(c, last, 'last')] : []),
    ...(number > 1 ? [link(c, 1, 'first')] : []),
  ];
  if (links.length > 0) c.header('link', links.join(', '));
}

/** Answers one page of rows, each drawn by `shape`. */
export async function answerPage<T>(
  c: ForgeContext,
  rows: readonly T[],
  shape: (row: T) => unknown,
): Promise<Response> {
  const page = pageOfRows(c, rows);
  setLinks(c, page);
  return answer(c, await Promise.all(page.rows.map(shape)));
}

function link(c: ForgeContext, page: number, relation: string): string {
  const url = new URL(c.req.url);
  url.searchParams.set('page', String(page));
  return `<${url}>; rel="${relation}"`;
}

function positive(text: string | undefined, fallback: number): number {
  const number = Number(text);
  return Number.isInteger(number) && number > 0 ? number : fallback;
}
