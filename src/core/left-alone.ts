import { kindOf, labelNamesOf, labelsOf } from './rules/kinds.ts';
import type { Settings } from './settings.ts';
import type { Issue } from './world.ts';

/** Why a fleet does not look at an issue of a trusted author, whatever becomes of what it waits for; null when it does. */
export function leftAlone(issue: Pick<Issue, 'title' | 'labels'>, settings: Settings): string | null {
  const kind = kindOf(issue, labelsOf(issue), labelNamesOf(settings));
  if (kind === 'plain') {
    const { HARNESS_LABEL_READY: ready, HARNESS_LABEL_PRD: prd, HARNESS_LABEL_BUG: bug } = settings;
    return `it has none of the labels ${ready}, ${prd} and ${bug}`;
  }
  return kind === 'prd' && settings.HARNESS_MODE === 'issue-only'
    ? 'it is a PRD, and HARNESS_MODE is issue-only'
    : null;
}
