import * as z from 'zod';
import type { MergeRules } from '../../core/merge-rules.ts';
import type { Client } from './client.ts';
import { unlessHidden } from './failure.ts';
import { readNow } from './pages.ts';

const Switch = z.object({ enabled: z.boolean() }).nullish();
const Protection = z.object({
  required_signatures: Switch,
  required_linear_history: Switch,
  required_pull_request_reviews: z.object({}).nullish(),
});
const Rule = z.object({
  type: z.string(),
  parameters: z.object({ allowed_merge_methods: z.array(z.string()).nullish() }).nullish(),
});
/** Only whoever may push is told what is allowed. */
const Methods = z.object({
  allow_squash_merge: z.boolean().nullish(),
  allow_merge_commit: z.boolean().nullish(),
  allow_rebase_merge: z.boolean().nullish(),
});

/**
 * The rules for merging into a branch. Those of rulesets everybody may read who sees the repository; those of classic
 * protection administrators alone (GitHub docs, "Get rules for a branch", "Get branch protection").
 */
export async function readMergeRules(
  client: Client,
  { repo, branch }: { readonly repo: string; readonly branch: string },
): Promise<MergeRules> {
  const name = encodeURIComponent(branch);
  const [repository, protection, rules] = await Promise.all([
    readNow(client, { path: `repos/${repo}`, shape: Methods }),
    unlessHidden(readNow(client, { path: `repos/${repo}/branches/${name}/protection`, shape: Protection })),
    unlessHidden(readNow(client, { path: `repos/${repo}/rules/branches/${name}`, shape: z.array(Rule) })),
  ]);
  const has = (type: string) => (rules ?? []).some(rule => rule.type === type);
  const ruled = (rules ?? []).flatMap(({ parameters }) => {
    const allowed = parameters?.allowed_merge_methods;
    return allowed ? [allowed] : [];
  });
  return {
    signatures: has('required_signatures') || protection?.required_signatures?.enabled === true,
    linear: has('required_linear_history') || protection?.required_linear_history?.enabled === true,
    queue: has('merge_queue'),
    pulls: has('pull_request') || Boolean(protection?.required_pull_request_reviews),
    methods:
      allowedBy(repository)?.filter(method => ruled.every(allowed => allowed.includes(method))) ?? null,
  };
}

function allowedBy(repository: z.infer<typeof Methods>): readonly string[] | null {
  const { allow_squash_merge: squash, allow_merge_commit: merge, allow_rebase_merge: rebase } = repository;
  if (squash == null || merge == null || rebase == null) return null;
  return Object.entries({ squash, merge, rebase }).flatMap(([name, isAllowed]) => (isAllowed ? [name] : []));
}
