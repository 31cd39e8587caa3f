import { createHash } from 'node:crypto';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { ForgeContext } from './environment.ts';

/** Answers with JSON. A GET gets an ETag, and 304 when the client has that body already. */
export function answer(c: ForgeContext, value: unknown, status: ContentfulStatusCode = 200): Response {
  const body = JSON.stringify(value);
  c.header('content-type', 'application/json; charset=utf-8');
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD') return c.body(body, status);
  return answerUnlessKnown(c, body);
}

/** Answers 204. */
export function answerNothing(c: ForgeContext): Response {
  return c.body(null, 204);
}

/** Answers a body with its ETag, or 304. */
export function answerUnlessKnown(c: ForgeContext, body: string | Uint8Array<ArrayBuffer>): Response {
  const etag = etagOf(c, body);
  c.header('etag', etag);
  c.header('cache-control', 'private, max-age=60, s-maxage=60');
  c.header('vary', 'Accept, Authorization, Cookie, X-GitHub-OTP');
  const known = c.req.header('if-none-match');
  if (known?.split(',').some(tag => weakly(tag) === weakly(etag))) return c.body(null, 304);
  return c.body(body, 200);
}

/**
 * SHA-256 of the values of Accept, Authorization and Cookie, each followed by a colon, and of the body: the
 * algorithm that bored-engineer/github-conditional-http-transport found on github.com.
 */
function etagOf(c: ForgeContext, body: string | Uint8Array): string {
  const hash = createHash('sha256');
  for (const header of ['accept', 'authorization', 'cookie']) {
    const value = c.req.header(header);
    if (value !== undefined) hash.update(`${value}:`);
  }
  return `W/"${hash.update(body).digest('hex')}"`;
}

function weakly(tag: string): string {
  return tag.trim().replace(/^W\//, '');
}
