import type { Issue } from '../../core/world.ts';

/** Every state that an issue was ever in: a replica shows an older one. */
export interface IssueHistory {
  readonly states: IssueVersion[];
}

export interface IssueVersion {
  readonly at: number;
  /** Grows by one with every change. */
  readonly version: number;
  readonly issue: Issue;
}

/** Which version of each issue was seen. */
export type Versions = ReadonlyMap<number, number>;

export const latest = ({ states }: IssueHistory): IssueVersion => states[states.length - 1] as IssueVersion;

/** The issue as it was at a time; null when there was none yet. */
export function stateAt({ states }: IssueHistory, at: number): IssueVersion | null {
  return states.findLast(state => state.at <= at) ?? null;
}

/** Changes an issue; what does not differ makes no new version. */
export function change(history: IssueHistory, at: number, facts: Partial<Issue>): Issue {
  const { issue, version } = latest(history);
  const next: Issue = { ...issue, ...facts, updatedAt: isoOf(at) };
  history.states.push({ at, version: version + 1, issue: next });
  return next;
}

/** True time as a timestamp; the simulation begins on the first of January 2026. */
export const isoOf = (at: number) => new Date(EPOCH + Math.round(at)).toISOString();

export const EPOCH = Date.UTC(2026, 0, 1);
