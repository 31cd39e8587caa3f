import type { Failure } from '../core/contracts.ts';
import { cutTo } from '../core/text.ts';
import type { FailedCheck, Oid, Ports } from '../ports.ts';
import { someOf } from './gates.ts';

/** Whether GitHub is to be expected to check a head: its base has checks, or it brings workflows that report some. */
export async function expectsChecks(
  { board, repos }: Pick<Ports, 'board' | 'repos'>,
  repo: string,
  head: Oid,
): Promise<boolean> {
  const { hasChecks } = await board.snapshot(repo, { maxAgeMs: ANY_AGE_MS });
  return hasChecks || (await repos.listFiles(repo, head, '.github/workflows')).length > 0;
}

// Repositories do not get their first checks from one minute to the next.
const ANY_AGE_MS = 300_000;

/** The failure of an attempt whose head the checks of GitHub refuse. */
export function failedChecks(checks: readonly FailedCheck[], where = ''): Failure {
  const names = someOf(checks.map(({ name }) => name)) || 'one that tells nothing of itself';
  const message = `checks of GitHub failed${where}: ${names}`;
  return { class: 'checks', signature: message.slice(0, 200), message };
}

/** What the checks say, for the prompt of the next attempt. */
export const describeChecks = (checks: readonly FailedCheck[]): string =>
  checks
    .map(({ name, summary, url, log }) =>
      [`## ${name}`, cutTo(summary, SUMMARY_LIMIT), url ?? '', log === null ? '' : `\n${log}`]
        .join('\n')
        .trim(),
    )
    .join('\n\n');

const SUMMARY_LIMIT = 4_000;
