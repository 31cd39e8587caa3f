import type { Board } from '../board.ts';
import type { BoardIssue } from '../board-issue.ts';
import type { Finding } from '../decision.ts';
import { PRIORITIES } from '../rules/priority.ts';

/** Labels of one open issue that say two things at once. */
export function labelFindings(issue: BoardIssue, { labels: names, work }: Board): readonly Finding[] {
  if (issue.labels.length < 2 && issue.kind !== 'prd') return NONE;
  const has = (...labels: readonly string[]) => labels.filter(label => issue.labels.includes(label));
  const asWork = issue.kind === 'prd' ? has(names.ready, names.bug, names.bugTriaged) : [];
  // Whoever holds the lease sets both while a finished change waits for a person's word.
  const isHeld = work.on(issue.repo, issue.issue.number).lease !== null;
  const asHeld = isHeld ? [] : has(names.working, names.blocked);
  const urgency = has(...PRIORITIES);
  return [
    ...(asWork.length > 0
      ? [clash(issue, `is a PRD and labelled ${asWork.join(', ')}; it counts as a PRD`)]
      : []),
    ...(asHeld.length > 1 ? [clash(issue, `is labelled ${asHeld.join(' and ')} at once`)] : []),
    ...(urgency.length > 1
      ? [clash(issue, `is labelled ${urgency.join(', ')}; the lowest number counts`)]
      : []),
  ];
}

const NONE: readonly Finding[] = [];

const clash = ({ repo, name, issue }: BoardIssue, message: string): Finding => ({
  code: 'contradictory-labels',
  repo,
  issues: [issue.number],
  message: `${name} ${message}`,
  fix: 'Keep the label that is meant and take the others off.',
});
