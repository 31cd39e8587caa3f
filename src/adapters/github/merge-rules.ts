import * as z from 'zod';
import type { MergeRules } from '../../core/merge-rules.ts';
import type { Client } from './client.ts';
import { unlessHidden } from './failure.ts';
import { askGraphQL } from './graphql.ts';
import { readNow } from './pages.ts';

const Rule = z.object({
  type: z.string(),
  parameters: z.object({ allowed_merge_methods: z.array(z.string()).nullish() }).nullish(),
});

/** The rules of rulesets for a branch, which everybody may read who sees the repository. */
export const Rules = z.array(Rule);

/** Where they are, below the API's root. */
export const rulesPath = ({ repo, branch }: { readonly repo: string; readonly branch: string }): string =>
  `repos/${repo}/rules/branches/${encodeURIComponent(branch)}`;

/**
 * The rules for merging into a branch. Those of rulesets everybody may read who sees the repository; those of classic
 * protection administrators alone, but for its merge queue (GitHub docs, "Get rules for a branch", "Get branch
 * protection").
 */
export async function readMergeRules(
  client: Client,
  place: { readonly repo: string; readonly branch: string },
): Promise<MergeRules> {
  const [classic, rules] = await Promise.all([
    readClassic(client, place),
    unlessHidden(readNow(client, { path: rulesPath(place), shape: Rules })),
  ]);
  return joinRules(classic, rules ?? []);
}

/** What classic protection and the repository's settings say, together with the rulesets. */
export function joinRules(classic: MergeRules, rules: Readonly<z.infer<typeof Rules>>): MergeRules {
  const has = (type: string) => rules.some(rule => rule.type === type);
  const ruled = rules.flatMap(({ parameters }) => {
    const allowed = parameters?.allowed_merge_methods;
    return allowed ? [allowed] : [];
  });
  return {
    signatures: has('required_signatures') || classic.signatures,
    linear: has('required_linear_history') || classic.linear,
    queue: has('merge_queue') || classic.queue,
    pulls: has('pull_request') || classic.pulls,
    methods: classic.methods?.filter(method => ruled.every(allowed => allowed.includes(method))) ?? null,
  };
}

const Classic = z.object({
  repository: z
    .object({
      squashMergeAllowed: z.boolean().nullish(),
      mergeCommitAllowed: z.boolean().nullish(),
      rebaseMergeAllowed: z.boolean().nullish(),
      mergeQueue: z.object({ id: z.string() }).nullish(),
      ref: z
        .object({
          branchProtectionRule: z
            .object({
              requiresCommitSignatures: z.boolean(),
              requiresLinearHistory: z.boolean(),
              requiresApprovingReviews: z.boolean(),
            })
            .nullish(),
        })
        .nullish(),
    })
    .nullish(),
});

const QUERY = `query($owner: String!, $name: String!, $branch: String!, $ref: String!) {
  repository(owner: $owner, name: $name) {
    squashMergeAllowed mergeCommitAllowed rebaseMergeAllowed
    mergeQueue(branch: $branch) { id }
    ref(qualifiedName: $ref) {
      branchProtectionRule { requiresCommitSignatures requiresLinearHistory requiresApprovingReviews }
    }
  }
}`;

/** One query: what the repository allows, and what classic protection asks for, as far as the token may see it. */
export async function readClassic(
  client: Client,
  { repo, branch }: { readonly repo: string; readonly branch: string },
): Promise<MergeRules> {
  const [owner, name] = repo.split('/');
  const variables = { owner, name, branch, ref: `refs/heads/${branch}` };
  const repository = (await askGraphQL(client, QUERY, { variables, shape: Classic }))?.repository;
  const rule = repository?.ref?.branchProtectionRule;
  return {
    signatures: rule?.requiresCommitSignatures ?? false,
    linear: rule?.requiresLinearHistory ?? false,
    queue: Boolean(repository?.mergeQueue),
    pulls: rule?.requiresApprovingReviews ?? false,
    methods: repository ? allowedBy(repository) : null,
  };
}

function allowedBy({
  squashMergeAllowed: squash,
  mergeCommitAllowed: merge,
  rebaseMergeAllowed: rebase,
}: NonNullable<z.infer<typeof Classic>['repository']>): readonly string[] | null {
  if (squash == null || merge == null || rebase == null) return null;
  return Object.entries({ squash, merge, rebase }).flatMap(([name, isAllowed]) => (isAllowed ? [name] : []));
}
