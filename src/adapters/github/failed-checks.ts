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
      details_url: text,
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
  const failedRuns = runs.filter(
    ({ status, conclusion }) => verdictOfRun(status, conclusion ?? null) === 'fail',
  );
  const logs = await Promise.all(
    failedRuns.map(({ details_url: url }, index) => (index < MOST_LOGS ? readLog(client, repo, url) : null)),
  );
  return [
    ...failedRuns.map(({ name, conclusion, output, html_url: url }, index) => ({
      name,
      summary: [output?.title, output?.summary].filter(Boolean).join('\n') || (conclusion ?? 'failed'),
      url: url ?? null,
      log: logs[index] ?? null,
    })),
    ...statuses
      .filter(({ state }) => verdictOfState(state) === 'fail')
      .map(({ context, state, description, target_url: url }) => ({
        name: context,
        summary: description || state,
        url: url ?? null,
        log: null,
      })),
  ];
}

// A matrix that fails as one fails for one reason.
const MOST_LOGS = 3;

/** The end of a GitHub Actions job's log; null for the check of anybody else, and where it can't be read. */
async function readLog(client: Client, repo: string, url: string | null | undefined): Promise<string | null> {
  const [, job] = /\/actions\/runs\/\d+\/job\/(\d+)/.exec(url ?? '') ?? [];
  if (job === undefined) return null;
  try {
    const { data } = await client.request({ method: 'GET', url: `/repos/${repo}/actions/jobs/${job}/logs` });
    const text = data instanceof ArrayBuffer ? Buffer.from(data).toString('utf8') : String(data ?? '');
    return text.replaceAll(STAMP, '').trimEnd().slice(-LOG_TAIL) || null;
  } catch {
    // A fine-grained token needs the permission Actions (read) for it; the check's own words have to do.
    return null;
  }
}

/** Before each line of a job's log: `2026-01-01T00:00:00.0000000Z `. */
const STAMP = /^\ufeff?\d{4}-\d\d-\d\dT[\d:.]+Z /gm;

/** Characters. */
const LOG_TAIL = 6_000;
