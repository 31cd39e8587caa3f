import type { Commit } from '../git/commits.ts';
import type { Oid, ProtectionRecord, RepositoryRecord } from '../records.ts';
import { nameOf } from '../records.ts';
import { commitShape } from './commit.ts';
import type { View } from './view.ts';
import { apiOf, pageOf } from './view.ts';

/** GitHub's `short-branch`, as in lists. */
export function shortBranchShape(
  view: View,
  repository: RepositoryRecord,
  { name, sha }: { name: string; sha: Oid },
) {
  const api = apiOf(view, nameOf(repository));
  const rules = repository.protections[name];
  return {
    name,
    commit: { sha, url: `${api}/commits/${sha}` },
    protected: rules !== undefined,
    protection: summaryOf(rules),
    protection_url: `${api}/branches/${name}/protection`,
  };
}

/** GitHub's `branch-with-protection`. */
export function branchShape(
  view: View,
  repository: RepositoryRecord,
  { name, commit }: { name: string; commit: Commit },
) {
  const fullName = nameOf(repository);
  const api = apiOf(view, fullName);
  const rules = repository.protections[name];
  return {
    name,
    commit: commitShape(view, fullName, commit),
    _links: { self: `${api}/branches/${name}`, html: `${pageOf(view, fullName)}/tree/${name}` },
    protected: rules !== undefined,
    protection: summaryOf(rules),
    protection_url: `${api}/branches/${name}/protection`,
  };
}

/** GitHub's `branch-protection`. */
export function protectionShape(
  view: View,
  repository: RepositoryRecord,
  { name, rules }: { name: string; rules: ProtectionRecord },
) {
  const url = `${apiOf(view, nameOf(repository))}/branches/${name}/protection`;
  const { checks, reviews } = rules;
  return {
    url,
    ...(checks === null
      ? {}
      : {
          required_status_checks: {
            url: `${url}/required_status_checks`,
            strict: checks.strict,
            contexts: checks.contexts,
            contexts_url: `${url}/required_status_checks/contexts`,
            checks: checks.contexts.map(context => ({ context, app_id: null })),
          },
        }),
    ...(reviews === null
      ? {}
      : {
          required_pull_request_reviews: {
            url: `${url}/required_pull_request_reviews`,
            dismiss_stale_reviews: reviews.dismissStale,
            require_code_owner_reviews: false,
            required_approving_review_count: reviews.approvals,
            require_last_push_approval: false,
          },
        }),
    required_signatures: { url: `${url}/required_signatures`, enabled: false },
    enforce_admins: { url: `${url}/enforce_admins`, enabled: rules.enforceAdmins },
    required_linear_history: { enabled: rules.linearHistory },
    allow_force_pushes: { enabled: rules.allowForcePushes },
    allow_deletions: { enabled: rules.allowDeletions },
    block_creations: { enabled: false },
    required_conversation_resolution: { enabled: false },
    lock_branch: { enabled: false },
    allow_fork_syncing: { enabled: false },
  };
}

/** What everybody may see of a branch's protection. */
function summaryOf(rules: ProtectionRecord | undefined) {
  const contexts = rules?.checks?.contexts ?? [];
  const level = rules?.enforceAdmins ? 'everyone' : 'non_admins';
  return {
    enabled: rules !== undefined,
    required_status_checks: {
      enforcement_level: contexts.length === 0 ? 'off' : level,
      contexts,
      checks: contexts.map(context => ({ context, app_id: null })),
    },
  };
}
