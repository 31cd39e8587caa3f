import { parseJunit } from './junit.ts';
import { addTest, REPORT_LIMIT, type Report, type TestState, unreadable } from './report.ts';
import { parseTap } from './tap.ts';

/** Reads a report that HARNESS_VERIFY_REPORT names: JUnit when it begins as XML does, else TAP. */
export function parseReport(text: string): Report {
  if (text.length > REPORT_LIMIT) return unreadable('it is too large');
  return /^\ufeff?\s{0,100}</.test(text) ? parseJunit(text) : parseTap(text);
}

/** Several reports of one run as one; it can be relied on only when each of them can. */
export function joinReports(reports: readonly Report[]): Report {
  const tests = new Map<string, TestState>();
  for (const report of reports) {
    if (report.kind === 'unreadable') return report;
    for (const [id, state] of report.tests) addTest(tests, id, state);
  }
  return tests.size === 0 ? unreadable('there is none') : { kind: 'read', tests };
}
