import type { PatchLine } from '../../ports.ts';
import type { LineChanges } from './line-changes.ts';

/** What a change does to the tests in a file: declared tests, and assertions. */
export interface TestCounts {
  readonly testsAdded: number;
  readonly testsRemoved: number;
  readonly assertionsAdded: number;
  readonly assertionsRemoved: number;
}

/** Counts by line. Lines that are a comment count for nothing: what is commented out is gone. */
export function countTests({ added, removed }: LineChanges): TestCounts {
  return {
    testsAdded: countLines(added, DECLARATION),
    testsRemoved: countLines(removed, DECLARATION),
    assertionsAdded: countLines(added, ASSERTION),
    assertionsRemoved: countLines(removed, ASSERTION),
  };
}

const countLines = (lines: readonly PatchLine[], pattern: RegExp) =>
  lines.filter(({ text }) => !COMMENT.test(text) && pattern.test(text.slice(0, LINE_LIMIT))).length;

const LINE_LIMIT = 1_000;

const COMMENT = /^\s*(?:\/\/|\/\*|\*|#(?!\[)|--|;|<!--)/;

const DECLARATION =
  /(?<![.\w])(?:it|test|specify|scenario|bench)(?:\.\w+)*\s*[(`]|\bdef +test|\bfunc +(?:Test|Fuzz|test)|#\[(?:\w+::)*(?:test|rstest)|@(?:Test|ParameterizedTest|RepeatedTest|Property)\b|\[(?:Test|Fact|Theory|TestMethod|TestCase)\b|\bfunction +test|\bTEST(?:_[FP])?\(|^\s*(?:it|test|specify|scenario) +["']|^\s*Scenario(?: Outline)?:/;

const ASSERTION =
  /\bexpect\w*\s*[(.<{]|\bassert\w*\b|\bshould\w*\b|\bXCT(?:Assert|Fail)|\b(?:EXPECT|ASSERT|CHECK|REQUIRE)_?\w*\(|\brequire\.\w+\(|\bt\.(?:Error|Fatal|Fail)\w*\(|\bverify\w*\(|\b(?:raises|throws|rejects)\w*\b|\bis_?deeply\b/i;
