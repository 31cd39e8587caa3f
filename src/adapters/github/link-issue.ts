import type { IssueLinks, Log } from '../../ports.ts';
import type { Client } from './client.ts';
import { IssueId } from './create-issue.ts';
import { parseBody, reasonOf, statusOf } from './failure.ts';
import { readNow } from './pages.ts';
import { writeAgain } from './write.ts';

/**
 * Tells GitHub of an issue's parent and blockers (docs: "Adding sub-issues", "Issue dependencies"). What the body
 * says is what counts: where GitHub has no such relations, or has this one already, it is left at that.
 */
export async function linkIssue(
  { client, log }: { readonly client: Client; readonly log: Log },
  { repo, number }: { readonly repo: string; readonly number: number },
  { parent, blockedBy }: IssueLinks,
): Promise<void> {
  const idOf = async (name: string) => {
    const [owner, issue] = name.split('#');
    return (await readNow(client, { path: `repos/${owner}/issues/${issue}`, shape: IssueId })).id;
  };
  const relate = async (path: string, data: () => Promise<Readonly<Record<string, number>>>) => {
    try {
      const url = `/repos/${repo}/issues/${path}`;
      const body = await data();
      await writeAgain(async () => {
        const answer = await client.request({ method: 'POST', url, data: body });
        return parseBody(IssueId, answer.data as unknown, `POST ${url}`);
      });
    } catch (error) {
      if (!NOT_NEEDED.has(statusOf(error) ?? 0)) throw error;
      log.debug(`#${number} was not linked: ${reasonOf(error)}`, { repo });
    }
  };
  if (parent !== null) {
    await relate(`${parent}/sub_issues`, async () => ({ sub_issue_id: await idOf(`${repo}#${number}`) }));
  }
  for (const blocker of blockedBy) {
    await relate(`${number}/dependencies/blocked_by`, async () => ({ issue_id: await idOf(blocker) }));
  }
}

/** Not allowed, not supported, gone, or there already. */
const NOT_NEEDED: ReadonlySet<number> = new Set([403, 404, 410, 422]);
