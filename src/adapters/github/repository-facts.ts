import * as z from 'zod';
import { HarnessError } from '../../errors.ts';
import type { Client } from './client.ts';
import { statusOf } from './failure.ts';
import { readNow } from './pages.ts';

const RepositoryRow = z.object({
  full_name: z.string(),
  default_branch: z.string(),
  private: z.boolean(),
  fork: z.boolean(),
  archived: z.boolean(),
  disabled: z.boolean().nullish(),
  has_issues: z.boolean(),
  /** What the login may do; absent for some tokens. */
  permissions: z.object({ push: z.boolean() }).nullish(),
});

/** What GitHub says of a repository itself. */
export type RepositoryFacts = Readonly<z.infer<typeof RepositoryRow>>;

/** null where there is no such repository, or none that the token may see. */
export async function readRepositoryFacts(client: Client, repo: string): Promise<RepositoryFacts | null> {
  try {
    return await readNow(client, { path: `repos/${repo}`, shape: RepositoryRow });
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

/** Why a fleet could not work on a repository, one line each. */
export function whyUnfit(repo: string, facts: RepositoryFacts | null): readonly string[] {
  if (facts === null) return [`${repo} does not exist, or the token may not see it.`];
  const what = facts.fork ? 'a fork that the token may not push to' : 'nothing that the token may push to';
  return [
    ...(facts.archived ? [`${repo} is archived: nothing in it can be changed.`] : []),
    ...(facts.disabled ? [`${repo} is disabled by GitHub.`] : []),
    ...(facts.has_issues ? [] : [`The issues of ${repo} are disabled.`]),
    ...(facts.permissions?.push === false ? [`${repo} is ${what}.`] : []),
  ];
}

/** What `init` asks about a repository: why not, and what could not be found out, one line each. */
export async function checkRepository(
  client: Client,
  repo: string,
): Promise<{ readonly refusals: readonly string[]; readonly remarks: readonly string[] }> {
  try {
    return { refusals: whyUnfit(repo, await readRepositoryFacts(client, repo)), remarks: [] };
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    const isRefusal = error.code === 'github-refused';
    if (isRefusal) return { refusals: [error.message], remarks: [] };
    return { refusals: [], remarks: [`${repo} could not be checked: ${error.message}`] };
  }
}
