import type { CheckRunRecord, Oid, RepositoryRecord, StatusRecord } from '../records.ts';
import { nameOf } from '../records.ts';
import { userShape } from './user.ts';
import type { View } from './view.ts';
import { apiOf, nodeId, pageOf } from './view.ts';

interface StatusOnCommit {
  readonly repository: RepositoryRecord;
  readonly sha: Oid;
  readonly status: StatusRecord;
}

/** GitHub's `simple-commit-status`, as in the combined status. */
export function simpleStatusShape(view: View, { repository, sha, status }: StatusOnCommit) {
  return {
    url: `${apiOf(view, nameOf(repository))}/statuses/${sha}`,
    avatar_url: userShape(view, status.creator).avatar_url,
    id: status.id,
    node_id: nodeId('StatusContext', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
  };
}

/** GitHub's `status`. */
export function statusShape(view: View, entry: StatusOnCommit) {
  return { ...simpleStatusShape(view, entry), creator: userShape(view, entry.status.creator) };
}

/** GitHub's `check-run`; the forge has no apps and no suites beside the one of the run. */
export function checkRunShape(
  view: View,
  { repository, sha, run }: { repository: RepositoryRecord; sha: Oid; run: CheckRunRecord },
) {
  const name = nameOf(repository);
  const url = `${apiOf(view, name)}/check-runs/${run.id}`;
  return {
    id: run.id,
    head_sha: sha,
    node_id: nodeId('CheckRun', run.id),
    external_id: run.externalId ?? '',
    url,
    html_url: `${pageOf(view, name)}/runs/${run.id}`,
    details_url: run.detailsUrl,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      title: run.title,
      summary: run.summary,
      text: run.text ?? null,
      annotations_count: 0,
      annotations_url: `${url}/annotations`,
    },
    name: run.name,
    check_suite: null,
    app: null,
    pull_requests: [],
  };
}
