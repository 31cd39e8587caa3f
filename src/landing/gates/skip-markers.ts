import { isTestFile } from './test-files.ts';

/** Whether a line switches a test off, or others by switching one on alone. */
export function skipsTest(path: string, line: string): boolean {
  const start = line.slice(0, LINE_LIMIT);
  const says = ([endings, pattern]: Marker) => endings.test(path) && pattern.test(start);
  return PLAIN.some(says) || (isTestFile(path) && AMBIGUOUS.some(says));
}

/** Whether a line switches a linter, a type checker or the measurement of coverage off for a piece of code. */
export const suppressesCheck = (line: string): boolean => SUPPRESSION.test(line.slice(0, LINE_LIMIT));

// Nobody writes a test as far to the right.
const LINE_LIMIT = 1_000;

/** Endings of a language's files, and what its test frameworks' documentation gives to switch a test off. */
type Marker = readonly [endings: RegExp, pattern: RegExp];

const JS = /\.[cm]?[jt]sx?$|\.(?:vue|svelte)$/;
const PY = /\.py$/;
const RUBY = /\.rb$/;
const JVM = /\.(?:java|kts?|groovy|scala)$/;
const NET = /\.(?:cs|fs|vb)$/;
const C = /\.(?:c|cc|cpp|cxx|h|hpp)$/;

/** What means nothing else, wherever it stands. */
const PLAIN: readonly Marker[] = [
  // Vitest, Jest, Mocha, Jasmine, Playwright, node:test, Deno
  [
    JS,
    /(?<![.\w])(?:it|test|describe|suite|context|specify)(?:\.\w+)*\.(?:skip|skipIf|runIf|todo|fixme|fails|failing|only)\b/,
  ],
  [JS, /(?<![.\w])(?:xit|xtest|xdescribe|xcontext|xspecify|fdescribe|fcontext)\s*[(.`]/],
  // pytest, unittest
  [PY, /\bmark\.(?:skip|skipif|xfail)\b|\bpytest\.(?:skip|xfail|importorskip)\(|\.skipTest\(|\bSkipTest\b/],
  [PY, /@(?:unittest\.)?(?:skip|skipIf|skipUnless|expectedFailure)\b/],
  [/\.go$/, /\b[a-z]{1,2}\.Skip(?:f|Now)?\(/],
  [/\.rs$/, /#!?\[\s*(?:ignore\b|cfg_attr\(.*\bignore\b)/],
  // JUnit, TestNG, Spock
  [
    JVM,
    /@(?:Disabled\w*|EnabledIf\w*|EnabledOn\w*|Ignore|IgnoreIf|PendingFeature)\b|@Test\(.*\benabled *= *false/,
  ],
  // NUnit, xUnit.net, MSTest
  [NET, /[[<](?:Ignore|Explicit)\b|\[(?:Fact|Theory)\(.*\bSkip *=|\bAssert\.(?:Ignore|Inconclusive)\(/],
  [/\.php$/, /\bmarkTest(?:Skipped|Incomplete)\(/],
  [RUBY, /^\s*(?:xit|xdescribe|xcontext|xspecify|fit|fdescribe|fcontext)\b/],
  [/\.(?:swift|m)$/, /\bXCTSkip(?:If|Unless)?\b/],
  [/\.exs?$/, /@(?:module|describe)?tag +:?skip\b/],
  [/\.(?:t|pl|pm)$/, /\bskip_all\b|\btodo_skip\b/],
  [C, /\bGTEST_SKIP\(|\bDISABLED_[A-Z]\w*/],
];

/** What has other meanings in code that is no test. */
const AMBIGUOUS: readonly Marker[] = [
  [
    JS,
    /(?<![.\w])fit\s*\(|\b(?:this|ctx|context|t)\.(?:skip|todo)\(|\b(?:skip|todo|ignore|only): *(?:true|['"`])/,
  ],
  [PY, /^\s*(?:__test__ *= *False|collect_ignore(?:_glob)? *=)/],
  [/\.go$/, /^\/\/(?:go:build| \+build)\s/],
  [JVM, /\b(?:assumeTrue|assumeFalse|assumeThat)\(|(?<![.\w])(?:ignore|xtest|xdescribe|xit) *\(/],
  [NET, /\bSkip *= *"/],
  [/\.php$/, /->(?:skip|todo)\(/],
  [RUBY, /^\s*(?:pending|skip)\b|\b(?:skip|pending|focus): *(?:true|['"])|, :(?:skip|focus|pending)\b/],
  [/\.swift$/, /\.disabled\(/],
  [/\.dart$/, /\bskip: *(?:true|['"])|@Skip\(/],
  [/\.(?:t|bats|sh)$/, /^\s*skip\b/],
  [C, /\[\.(?:skip)?\]|\[!(?:mayfail|shouldfail)\]/],
  [/\.(?:hs|lua|clj)$/, /\b(?:xit|xdescribe|pending|pendingWith)\b|\^:(?:kaocha\/)?skip/],
  [/\.feature$/, /^\s*@(?:skip|ignore|wip|pending)\b/i],
];

const SUPPRESSION =
  /@ts-(?:ignore|nocheck|expect-error)|\b(?:es|ts|style)lint-disable|\bbiome-ignore|\b(?:istanbul|c8|v8) ignore|#\s*(?:noqa|type: *ignore|pyright: *ignore|pylint: *disable|pragma: *no cover|nosec)|\/\/ *nolint|#!?\[\s*allow\(|@SuppressWarnings|\brubocop:disable|\bNOLINT|\bphpstan-ignore|swiftlint:disable|#pragma warning disable|\bshellcheck disable/;
