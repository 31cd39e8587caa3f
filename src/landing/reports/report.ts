/** How one test ended. */
export type TestState = 'passed' | 'failed' | 'skipped';

/** What a test runner reported, or why it can't be relied on. */
export type Report =
  | { readonly kind: 'read'; readonly tests: ReadonlyMap<string, TestState> }
  | { readonly kind: 'unreadable'; readonly problem: string };

/** Largest report that is read, in characters. */
export const REPORT_LIMIT = 64 * 1024 * 1024;

/** More tests than any project has, and as many as fit in memory. */
export const TESTS_LIMIT = 500_000;

export const unreadable = (problem: string): Report => ({ kind: 'unreadable', problem });

/** Adds a test; one that is reported twice has failed if it failed once, and passed if it was not always skipped. */
export function addTest(tests: Map<string, TestState>, id: string, state: TestState): void {
  const before = tests.get(id);
  if (before === undefined || RANK[state] > RANK[before]) tests.set(id, state);
}

const RANK: Readonly<Record<TestState, number>> = { skipped: 0, passed: 1, failed: 2 };
