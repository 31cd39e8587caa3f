import * as z from 'zod';
import type { Client } from './client.ts';
import { unlessHidden } from './failure.ts';
import { readAll, readNow } from './pages.ts';

/** Who could approve the pull requests that a login opens, and whether the branch asks for that. */
export interface Approvers {
  /** Others who may write; null: the token may not know. */
  readonly others: readonly string[] | null;
  /** Approvals that the rules of the branch ask for, as far as the token may see them. */
  readonly required: number;
}

const Collaborator = z.object({ login: z.string() });
const Protection = z.object({
  required_pull_request_reviews: z.object({ required_approving_review_count: z.int().nullish() }).nullish(),
});
const Rule = z.object({
  type: z.string(),
  parameters: z.object({ required_approving_review_count: z.int().nullish() }).nullish(),
});

/** GitHub lets nobody approve their own pull request, so that `login` itself does not count. */
export async function readApprovers(
  client: Client,
  { repo, branch, login }: { readonly repo: string; readonly branch: string; readonly login: string },
): Promise<Approvers> {
  const place = `repos/${repo}`;
  const name = encodeURIComponent(branch);
  const [writers, protection, rules] = await Promise.all([
    unlessHidden(
      readAll(client, {
        path: `${place}/collaborators`,
        query: { permission: 'push', per_page: 100 },
        row: Collaborator,
      }),
    ),
    unlessHidden(readNow(client, { path: `${place}/branches/${name}/protection`, shape: Protection })),
    unlessHidden(readNow(client, { path: `${place}/rules/branches/${name}`, shape: z.array(Rule) })),
  ]);
  const counts = [
    protection?.required_pull_request_reviews?.required_approving_review_count ?? 0,
    ...(rules ?? []).map(({ parameters }) => parameters?.required_approving_review_count ?? 0),
  ];
  const isOther = (other: string) => other.toLowerCase() !== login.toLowerCase();
  return {
    others: writers?.map(row => row.login).filter(isOther) ?? null,
    required: Math.max(...counts),
  };
}
