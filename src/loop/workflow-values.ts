import { readBoard } from '../core/board.ts';
import type { WorkflowValues } from '../core/workflow/workflow.ts';
import type { SessionPlan } from '../ports.ts';
import type { Engine } from './engine.ts';
import type { Seen } from './observe.ts';

/** What the names in a WORKFLOW.md stand for in the prompt of a session; what others wrote is marked as theirs. */
export function workflowValues(
  { settings }: Pick<Engine, 'settings'>,
  { world }: Pick<Seen, 'world'>,
  {
    plan: { repo, issue, branch, attempt },
    subject,
  }: {
    readonly plan: Pick<SessionPlan, 'repo' | 'issue' | 'branch' | 'attempt'>;
    readonly subject: { readonly title: string; readonly body: string };
  },
): WorkflowValues {
  const unit = readBoard({ ...world, unit: null }).units.find(
    one => one.unit.repo.toLowerCase() === repo.toLowerCase(),
  );
  const known = issue === null ? null : (unit?.find(issue) ?? null);
  const foreign = (text: string) => (issue === null || text.trim() === '' ? null : { foreign: text });
  return {
    issue: {
      id: issue === null ? null : String(issue),
      identifier: issue === null ? repo : `${repo}#${issue}`,
      title: foreign(subject.title),
      description: foreign(subject.body),
      priority: known?.priority ?? null,
      state: known?.issue.state ?? null,
      branch_name: branch,
      url: issue === null ? null : `${webAddress(settings.HARNESS_API_URL)}/${repo}/issues/${issue}`,
      labels: (known?.issue.labels ?? []).map(label => ({ foreign: label })),
      blocked_by: (known?.references ?? []).map(({ name, state }) => ({
        id: name.slice(name.lastIndexOf('#') + 1),
        identifier: name,
        state,
      })),
      created_at: known?.issue.createdAt ?? null,
      updated_at: known?.issue.updatedAt ?? null,
    },
    attempt: attempt > 1 ? attempt - 1 : null,
  };
}

/** Of GitHub, or of a server of its own, whose API is below `/api/v3`. */
const webAddress = (apiUrl: string) =>
  apiUrl
    .replace(/\/+$/, '')
    .replace(/^(https?:\/\/)api\.github\.com$/, '$1github.com')
    .replace(/\/api\/v3$/, '');
