import { fail, type GateResult, pass, someOf } from '../gates.ts';

/** What is known of the tests that a change brings. */
export interface RedFirstFacts {
  /** A fix has to bring a test that fails without it. */
  readonly isFix: boolean;
  /** Paths of the tests that it adds or changes. */
  readonly tests: readonly string[];
  readonly alone: Alone;
}

/** What HARNESS_VERIFY says of the tests of a change without the rest of it. */
export type Alone =
  | { readonly kind: 'fails' }
  | { readonly kind: 'succeeds' }
  /** Nobody can tell; `reason` says why, for people. */
  | { readonly kind: 'unclear'; readonly reason: string };

/** The tests of a change fail without the rest of it. Only a fix is held to that; of others it is noted. */
export function redFirstGate({ isFix, tests, alone }: RedFirstFacts): GateResult {
  switch (alone.kind) {
    case 'fails':
      return pass('red-first', `the check fails without the rest of the change${of(tests)}`);
    case 'succeeds':
      if (isFix) return fail('red-first', 'verify', `a fix without a test that fails without it${of(tests)}`);
      return noted('skipped', `the check succeeds without the rest of the change, too${of(tests)}`);
    case 'unclear':
      return noted(isFix ? 'unknown' : 'skipped', `not shown to fail without the change: ${alone.reason}`);
    default:
      return alone satisfies never;
  }
}

const of = (tests: readonly string[]) => (tests.length === 0 ? '' : ` (${someOf(tests)})`);

const noted = (verdict: 'skipped' | 'unknown', reason: string): GateResult => ({
  verdict: { gate: 'red-first', verdict, reason },
  failure: null,
});
