import type { Settings } from '../settings.ts';
import type { Issue } from '../world.ts';

/** What an issue is to the engine; `plain` issues are never worked on. */
export type Kind = 'prd' | 'bug' | 'child' | 'plain';

/** The configured label names, in lower case. */
export interface LabelNames {
  readonly ready: string;
  readonly prd: string;
  readonly working: string;
  readonly blocked: string;
  readonly paused: string;
  readonly reviewed: string;
  readonly bug: string;
  readonly bugTriaged: string;
}

export function labelNamesOf(settings: Settings): LabelNames {
  return {
    ready: settings.HARNESS_LABEL_READY.toLowerCase(),
    prd: settings.HARNESS_LABEL_PRD.toLowerCase(),
    working: settings.HARNESS_LABEL_WORKING.toLowerCase(),
    blocked: settings.HARNESS_LABEL_BLOCKED.toLowerCase(),
    paused: settings.HARNESS_LABEL_PAUSED.toLowerCase(),
    reviewed: settings.HARNESS_LABEL_REVIEWED.toLowerCase(),
    bug: settings.HARNESS_LABEL_BUG.toLowerCase(),
    bugTriaged: settings.HARNESS_LABEL_BUG_TRIAGED.toLowerCase(),
  };
}

/** An issue's labels in lower case. */
export function labelsOf(issue: Pick<Issue, 'labels'>): readonly string[] {
  return issue.labels.every(isLower) ? issue.labels : issue.labels.map(label => label.toLowerCase());
}

const isLower = (label: string) => label === label.toLowerCase();

/** A PRD may carry any other label; a bug may carry the ready label. */
export function kindOf({ title }: Pick<Issue, 'title'>, labels: readonly string[], names: LabelNames): Kind {
  if (labels.includes(names.prd) || title.startsWith(PRD_TITLE)) return 'prd';
  if (labels.includes(names.bug) || labels.includes(names.bugTriaged)) return 'bug';
  return labels.includes(names.ready) ? 'child' : 'plain';
}

const PRD_TITLE = '[AFK] PRD:';
