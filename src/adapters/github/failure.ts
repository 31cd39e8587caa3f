import type { RequestError } from 'octokit';
import type { z } from 'zod';
import { HarnessError, messageOf } from '../../errors.ts';

/**
 * A failure of octokit as a `HarnessError`. `github-unreachable` is the only code after which a write may
 * have taken effect; `github-refused`, `github-limited` and `not-logged-in` mean that it has not.
 */
export function translateFailure(error: unknown, request: string): HarnessError {
  const own = ownFailure(error);
  if (own !== null) return own;
  if (!isRequestError(error) || error.response === undefined) {
    return new HarnessError('github-unreachable', `${request}: no answer (${messageOf(error)}).`, {
      cause: error,
    });
  }
  const said = `${request}: ${error.status}, ${firstLine(error.message)}`;
  if (error.status === 401) {
    return new HarnessError('not-logged-in', `GitHub does not accept the token (${said}).`, { cause: error });
  }
  if (error.status >= 500) {
    return new HarnessError('github-unreachable', `GitHub failed (${said}).`, { cause: error });
  }
  const missing = error.response.headers['x-accepted-github-permissions'];
  const hint = error.status === 403 && missing !== undefined ? ` It needs the permission ${missing}.` : '';
  return new HarnessError('github-refused', `GitHub refused (${said}).${hint}`, { cause: error });
}

/** Whether octokit threw this about a request; told by its shape, so that octokit need not be loaded. */
export function isRequestError(error: unknown): error is RequestError {
  return error instanceof Error && error.name === 'HttpError' && 'status' in error;
}

/** The HTTP status that GitHub answered with; null when there was no answer. */
export function statusOf(error: unknown): number | null {
  if (isRequestError(error)) return error.response === undefined ? null : error.status;
  return error instanceof HarnessError ? statusOf(error.cause) : null;
}

/** What was read; null where the token may not see it, or there is nothing. */
export async function unlessHidden<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if ([403, 404].includes(statusOf(error) ?? 0)) return null;
    throw error;
  }
}

/** A header of the answer that a failure is about; null when there was no answer or no such header. */
export function headerOf(error: unknown, name: string): string | null {
  if (isRequestError(error)) return error.response?.headers[name]?.toString() ?? null;
  return error instanceof HarnessError ? headerOf(error.cause, name) : null;
}

/** GitHub's own words in a refusal; empty when there was no answer. */
export function reasonOf(error: unknown): string {
  if (isRequestError(error)) return firstLine(error.message);
  return error instanceof HarnessError ? reasonOf(error.cause) : '';
}

/** The same in full, in one line: a refusal that has several reasons names each in a line of its own. */
export function reasonsOf(error: unknown): string {
  if (!isRequestError(error)) return error instanceof HarnessError ? reasonsOf(error.cause) : '';
  const said: unknown = (error.response?.data as { readonly message?: unknown } | undefined)?.message;
  const lines = (typeof said === 'string' ? said : error.message).split('\n');
  return lines
    .map(line => line.trim())
    .filter(line => line !== '')
    .join('; ')
    .slice(0, 500);
}

/** Whether a write that failed so may have taken effect. */
export function isAmbiguous(error: unknown): boolean {
  return error instanceof HarnessError && error.code === 'github-unreachable';
}

/** A body as `schema` describes it. Throws `github-unreachable` for a cut, garbled or foreign answer. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown, request: string): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [problem] = parsed.error.issues;
  const where = problem === undefined ? '' : ` (${problem.path.join('.')}: ${problem.message})`;
  throw new HarnessError('github-unreachable', `${request}: the answer could not be read${where}.`, {
    cause: parsed.error,
  });
}

/** A failure of the gate inside `fetch`, which octokit wraps into its own error. */
function ownFailure(error: unknown): HarnessError | null {
  if (error instanceof HarnessError) return error;
  return error instanceof Error && error.cause instanceof HarnessError ? error.cause : null;
}

const firstLine = (text: string): string => (text.split('\n', 1)[0] ?? '').slice(0, 300);
