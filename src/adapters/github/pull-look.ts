import { HarnessError } from '../../errors.ts';
import type { Log, PullLook } from '../../ports.ts';
import { joinVerdicts } from './checks.ts';
import type { Client } from './client.ts';
import { headOf, readHeads } from './heads.ts';
import { readNow } from './pages.ts';
import { pullRecordOf } from './pull-records.ts';
import { PullRow, pullOf } from './rows.ts';

/** Reads one pull request with its checks and reviews. A review that can't be read might be an objection: it throws. */
export async function lookAtPull(
  client: Client,
  { repo, number, log }: { readonly repo: string; readonly number: number; readonly log: Log },
): Promise<PullLook> {
  const row = await readNow(client, { path: `repos/${repo}/pulls/${number}`, shape: PullRow });
  const record = pullRecordOf(row);
  const head = headOf(
    record,
    await readHeads(client, { repo, pulls: [record], known: {}, hasQueue: false, log }),
  );
  if (!head || head.reviewedAt !== row.updated_at) {
    throw new HarnessError('github-unreachable', `The reviews of ${repo}#${number} can't be read now.`);
  }
  const pull = { ...pullOf(row), checks: joinVerdicts(head), review: head.review };
  return { title: row.title, pull, reviews: head.reviews };
}
