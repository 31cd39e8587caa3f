import type { Report } from './report.ts';

/** What a change does to the tests, by their names in the reports of base and head. */
export interface TestComparison {
  /** Fail at the head and did not at the base. */
  readonly fresh: readonly string[];
  /** Failed at the base and pass at the head. */
  readonly mended: readonly string[];
  /** Passed or failed at the base, and were not run at the head. */
  readonly gone: readonly string[];
  readonly failingBefore: number;
  readonly failingNow: number;
}

type Tests = Extract<Report, { readonly kind: 'read' }>['tests'];

/** Compares what two runs reported. */
export function compareTests(base: Tests, head: Tests): TestComparison {
  const before = [...base];
  return {
    fresh: failing(head).filter(id => base.get(id) !== 'failed'),
    mended: failing(base).filter(id => head.get(id) === 'passed'),
    gone: before
      .filter(([id, state]) => state !== 'skipped' && (head.get(id) ?? 'skipped') === 'skipped')
      .map(([id]) => id),
    failingBefore: failing(base).length,
    failingNow: failing(head).length,
  };
}

/** Names of the tests that failed, in the report's order. */
export const failing = (tests: Tests): readonly string[] =>
  [...tests].filter(([, state]) => state === 'failed').map(([id]) => id);
