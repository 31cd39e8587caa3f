import { fail, type GateResult, pass, someOf, undecided } from '../gates.ts';
import { compareTests } from '../reports/compare.ts';
import type { Report } from '../reports/report.ts';

/** The reports of a verification that failed, of the base alone and of the merge, and what the change is for. */
export interface RedBaseFacts {
  readonly base: Report;
  readonly merged: Report;
  /** A fix has to mend something of what fails. */
  readonly isFix: boolean;
}

/**
 * On a base that fails by itself, a change makes nothing worse: nothing fails anew, and no test that ran before is left
 * out, which would only hide it. A fix leaves strictly fewer failures.
 */
export function redBaseGate({ base, merged, isFix }: RedBaseFacts): GateResult {
  if (base.kind === 'unreadable') return unread('base', base.problem);
  if (merged.kind === 'unreadable') return unread('change', merged.problem);
  const { fresh, gone, mended, failingBefore, failingNow } = compareTests(base.tests, merged.tests);
  const counts = `${failingBefore} failed on the base, ${failingNow} fail with the change`;
  if (fresh.length > 0) return fail('verify', 'verify', `new failures: ${someOf(fresh)} (${counts})`);
  if (gone.length > 0) return fail('verify', 'verify', `no longer run: ${someOf(gone)} (${counts})`);
  if (isFix && mended.length === 0) return fail('verify', 'verify', `a fix that mends no test (${counts})`);
  return pass('verify', `${counts}, none of them new`);
}

const unread = (what: string, problem: string): GateResult =>
  undecided('verify', 'verify', `the report of the ${what} can not be relied on: ${problem}`);
