import type { CheckRunRecord, CommitRecord, StatusRecord } from '../records.ts';

/** Where the statuses or checks of a commit stand. */
export type RollupState = 'success' | 'pending' | 'failure' | 'error';

/** The newest status of each context, oldest context first. */
export function newestStatuses(commit: CommitRecord | undefined): readonly StatusRecord[] {
  const byContext = new Map<string, StatusRecord>();
  for (const status of commit?.statuses ?? []) byContext.set(status.context, status);
  return [...byContext.values()];
}

/** The latest run of each name, as GitHub lists them unless it is asked for all. */
export function newestRuns(commit: CommitRecord): readonly CheckRunRecord[] {
  const byName = new Map<string, CheckRunRecord>();
  for (const run of commit.checkRuns) byName.set(run.name, run);
  return [...byName.values()];
}

/** GitHub's combined state of statuses alone: pending when there is none. */
export function combinedState(statuses: readonly StatusRecord[]): 'success' | 'pending' | 'failure' {
  if (statuses.some(({ state }) => state === 'failure' || state === 'error')) return 'failure';
  if (statuses.length === 0 || statuses.some(({ state }) => state === 'pending')) return 'pending';
  return 'success';
}

/** State of every context and of every check run's name; of several runs with one name the newest counts. */
export function statesByContext(commit: CommitRecord | undefined): ReadonlyMap<string, RollupState> {
  const states = new Map<string, RollupState>();
  for (const status of newestStatuses(commit)) states.set(status.context, status.state);
  for (const run of commit?.checkRuns ?? []) states.set(run.name, stateOfRun(run));
  return states;
}

/** Statuses and check runs together; null when nothing was reported. */
export function rollupOf(commit: CommitRecord | undefined): RollupState | null {
  const states = [...statesByContext(commit).values()];
  if (states.length === 0) return null;
  const worst = (['error', 'failure', 'pending'] as const).find(state => states.includes(state));
  return worst ?? 'success';
}

function stateOfRun(run: { status: string; conclusion: string | null }): RollupState {
  if (run.status !== 'completed') return 'pending';
  const passed = ['success', 'neutral', 'skipped'].includes(run.conclusion ?? '');
  return passed ? 'success' : 'failure';
}
