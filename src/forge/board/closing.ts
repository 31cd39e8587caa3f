import { allows, roleIn } from '../access.ts';
import type { Parts } from '../parts.ts';
import type { IssueKey, IssueRecord, PullIssue, RepositoryName } from '../records.ts';
import { keyOf } from '../records.ts';
import { editIssue } from './issues.ts';

const KEYWORD =
  /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:https?:\/\/[^\s/]+\/)?(?:([\w.-]+\/[\w.-]+)(?:#|\/issues\/))?#?(\d+)\b/gi;

/**
 * Issues that a text closes by GitHub's keywords: `Closes #7`, `fixes acme/app#7`, `resolved: <URL>`.
 * Text in code is ignored. The keys are as written: the issues need not exist.
 */
function issuesClosedBy(text: string | null, repository: RepositoryName): readonly IssueKey[] {
  const prose = (text ?? '').replace(/```[\s\S]*?(?:```|$)/g, ' ').replace(/`[^`\n]*`/g, ' ');
  const keys = [...prose.matchAll(KEYWORD)]
    .filter(([match, other]) => other !== undefined || match.includes('#'))
    .map(([, other, number]) => `${other ?? repository}#${Number(number)}`);
  return [...new Set(keys)];
}

/** The issues, and no pull requests, that exist among the ones that a text closes. */
export function linkedIssues(
  parts: Pick<Parts, 'store'>,
  text: string | null,
  repository: RepositoryName,
): readonly IssueRecord[] {
  return issuesClosedBy(text, repository)
    .map(key => parts.store.issue(key))
    .filter(issue => issue !== undefined)
    .filter(issue => issue.pull === null);
}

/** The pull requests of the same repository whose text closes an issue. */
export function closersOf(parts: Pick<Parts, 'store'>, issue: IssueRecord): readonly PullIssue[] {
  return parts.store
    .issues(issue.repository)
    .flatMap(other => (other.pull === null ? [] : { ...other, pull: other.pull }))
    .filter(pull => linkedIssues(parts, pull.body, pull.repository).some(({ id }) => id === issue.id));
}

/** Closes as completed what the texts name, as far as `by` may write to the repositories of those issues. */
export function applyClosingKeywords(
  parts: Parts,
  { repository, texts, by }: { repository: RepositoryName; texts: readonly (string | null)[]; by: string },
): void {
  for (const { repository: home, number } of texts.flatMap(text => linkedIssues(parts, text, repository))) {
    const issue = parts.store.issue(keyOf({ repository: home, number }));
    const owner = parts.store.repository(home);
    if (issue === undefined || owner === undefined || issue.state === 'closed') continue;
    if (!allows(roleIn(parts.accounts, owner, by), 'write')) continue;
    editIssue(parts, issue, { state: 'closed', stateReason: 'completed' }, by);
  }
}
