/** The separate budgets of GitHub; `all` is the secondary limit, which stops everything. */
export type Budget = 'core' | 'graphql' | 'all';

/** A limit that an answer announced. */
export interface Limit {
  readonly budget: Budget;
  /** Milliseconds to wait from now on; null when GitHub did not say. */
  readonly waitMs: number | null;
  /** Whether the request itself was refused; else it was the last one that was not. */
  readonly isRefusal: boolean;
}

export interface Answer {
  /** Milliseconds since the epoch, for answers without a `date`. */
  readonly receivedAt: number;
  readonly status: number;
  readonly headers: Headers;
  /** Text of the body; only looked at for refusals and GraphQL. */
  readonly body: string;
  readonly isGraphQL: boolean;
}

/** No limit of GitHub lasts longer than an hour; a header that says more is wrong. */
const LONGEST_WAIT_MS = 3_660_000;

/**
 * The limit that an answer announces, or null. Primary limits end at `x-ratelimit-reset`, secondary ones
 * after `retry-after`; GraphQL answers 200 with an error instead of 403 (GitHub docs, "Rate limits").
 * An answer that used up the last point announces the limit as well, so that the next request is not sent.
 */
export function limitOf(answer: Answer): Limit | null {
  const budget: Budget = answer.isGraphQL ? 'graphql' : 'core';
  const isExhausted = answer.headers.get('x-ratelimit-remaining') === '0';
  if (!mayBeRefusal(answer)) {
    const isLast = isExhausted && answer.status < 400;
    return isLast ? { budget, waitMs: waitOfReset(answer), isRefusal: false } : null;
  }
  const retryAfter = waitOfRetryAfter(answer);
  if (retryAfter !== null) return { budget: 'all', waitMs: retryAfter, isRefusal: true };
  if (isExhausted) return { budget, waitMs: waitOfReset(answer), isRefusal: true };
  return speaksOfLimit(answer) ? { budget: 'all', waitMs: null, isRefusal: true } : null;
}

function mayBeRefusal(answer: Answer): boolean {
  if (answer.status === 403 || answer.status === 429) return true;
  return answer.isGraphQL && answer.body.includes('"errors"') && speaksOfLimit(answer);
}

/** 429 has no other meaning; a 403 may also be a missing permission, which only the text tells apart. */
function speaksOfLimit({ status, body }: Answer): boolean {
  return status === 429 || /RATE_LIMIT|rate limit|abuse detection/i.test(body);
}

function waitOfRetryAfter(answer: Answer): number | null {
  const text = answer.headers.get('retry-after');
  if (text === null) return null;
  if (/^\d+$/.test(text)) return within(Number(text) * 1000);
  const wait = Date.parse(text) - serverTime(answer);
  return Number.isFinite(wait) ? within(wait) : null;
}

/** Against the server's own clock, since ours may be wrong; one second more, as the reset is a whole second. */
function waitOfReset(answer: Answer): number | null {
  const reset = Number(answer.headers.get('x-ratelimit-reset') ?? 'NaN');
  return Number.isFinite(reset) ? within(reset * 1000 - serverTime(answer) + 1000) : null;
}

function serverTime({ headers, receivedAt }: Answer): number {
  const date = Date.parse(headers.get('date') ?? '');
  return Number.isFinite(date) ? date : receivedAt;
}

const within = (waitMs: number): number => Math.min(Math.max(waitMs, 1000), LONGEST_WAIT_MS);
