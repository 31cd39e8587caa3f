import * as z from 'zod';
import { verdictOfRun, verdictOfState } from '../../core/checks.ts';
import type { FailedCheck, Oid } from '../../ports.ts';
import type { Client } from './client.ts';
import { readNow } from './pages.ts';

const text = z.string().nullish();

const Runs = z.object({
  check_runs: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      conclusion: text,
      html_url: text,
      output: z.object({ title: text, summary: text }).nullish(),
    }),
  ),
});

const Statuses = z.object({
  statuses: z.array(
    z.object({ context: z.string(), state: z.string(), description: text, target_url: text }),
  ),
});

/** The check runs and statuses of a commit that failed, with what they say of it. */
export async function readFailedChecks(
  client: Client,
  repo: string,
  sha: Oid,
): Promise<readonly FailedCheck[]> {
  const base = `repos/${repo}/commits/${sha}`;
  const [{ check_runs: runs }, { statuses }] = await Promise.all([
    readNow(client, { path: `${base}/check-runs?per_page=100`, shape: Runs }),
    readNow(client, { path: `${base}/status?per_page=100`, shape: Statuses }),
  ]);
  return [
    ...runs
      .filter(({ status, conclusion }) => verdictOfRun(status, conclusion ?? null) === 'fail')
      .map(({ name, conclusion, output, html_url: url }) => ({
        name,
        summary: [output?.title, output?.summary].filter(Boolean).join('\n') || (conclusion ?? 'failed'),
        url: url ?? null,
      })),
    ...statuses
      .filter(({ state }) => verdictOfState(state) === 'fail')
      .map(({ context, state, description, target_url: url }) => ({
        name: context,
        summary: description || state,
        url: url ?? null,
      })),
  ];
}
