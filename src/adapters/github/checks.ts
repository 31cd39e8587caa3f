import * as z from 'zod';
import { type CheckVerdict, joinChecks, verdictOfRun, verdictOfState } from '../../core/checks.ts';
import { messageOf } from '../../errors.ts';
import type { Log } from '../../ports.ts';
import type { Client } from './client.ts';
import { isAmbiguous } from './failure.ts';
import { readOne } from './pages.ts';

const CombinedStatus = z.object({ sha: z.string(), state: z.string(), total_count: z.int() });

const CheckRuns = z.object({
  check_runs: z.array(z.object({ status: z.string(), conclusion: z.string().nullish() })),
});

export interface ChecksRead {
  readonly status: CheckVerdict;
  readonly runs: CheckVerdict;
  readonly etags: Readonly<Record<string, string>>;
}

/** Checks, and the commit that they are of; null where GitHub did not tell, or told nothing new. */
export interface ChecksAnswer extends ChecksRead {
  readonly head: string | null;
}

/**
 * The verdicts of a commit's statuses and of its check runs, each `unknown` where there are none or the
 * token may not see them. `known` and its ETags make the answer free when nothing changed.
 */
export async function readChecks(
  client: Client,
  target: { repo: string; ref: string; key: string },
  known: ChecksRead,
  log: Log,
): Promise<ChecksAnswer> {
  const base = `repos/${target.repo}/commits/${encodeURIComponent(target.ref)}`;
  let head: string | null = null;
  const half = async <T>(
    name: 'status' | 'runs',
    path: string,
    shape: z.ZodType<T>,
    verdict: (value: T) => CheckVerdict,
  ): Promise<{ verdict: CheckVerdict; etag: Record<string, string> }> => {
    const key = `${target.key}:${name}`;
    try {
      const answer = await readOne(client, { path, etag: known.etags[key] || null, shape });
      if (answer.kind === 'same') return { verdict: known[name], etag: {} };
      return { verdict: verdict(answer.value), etag: answer.etag === null ? {} : { [key]: answer.etag } };
    } catch (error) {
      log.debug('could not read checks', { path, problem: messageOf(error) });
      if (isAmbiguous(error)) return { verdict: known[name], etag: {} };
      // Refused, or no such commit. Without its ETag: a 304 would bring back a verdict that nobody gave.
      return { verdict: 'unknown', etag: { [key]: '' } };
    }
  };
  const [status, runs] = await Promise.all([
    half('status', `${base}/status?per_page=100`, CombinedStatus, status => {
      head = status.sha;
      return verdictOfStatus(status);
    }),
    half('runs', `${base}/check-runs?per_page=100`, CheckRuns, verdictOfRuns),
  ]);
  return { status: status.verdict, runs: runs.verdict, etags: { ...status.etag, ...runs.etag }, head };
}

/** Whether the token may not see some of the checks; asking again soon costs and tells nothing. */
export function wereRefused(etags: Readonly<Record<string, string>>, key: string): boolean {
  return etags[`${key}:status`] === '' || etags[`${key}:runs`] === '';
}

/** Both halves together. */
export const joinVerdicts = ({ status, runs }: Pick<ChecksRead, 'status' | 'runs'>): CheckVerdict =>
  joinChecks([status, runs]);

const verdictOfStatus = ({ state, total_count: count }: z.infer<typeof CombinedStatus>): CheckVerdict =>
  count === 0 ? 'unknown' : verdictOfState(state);

const verdictOfRuns = ({ check_runs: runs }: z.infer<typeof CheckRuns>): CheckVerdict =>
  joinChecks(runs.map(({ status, conclusion }) => verdictOfRun(status, conclusion ?? null)));
