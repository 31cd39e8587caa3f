import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinReports, parseReport } from '../../../src/landing/reports/parse.ts';
import type { TestState } from '../../../src/landing/reports/report.ts';
import { processorMs } from '../../helpers/processor.ts';
import { makeTempDir } from '../../helpers/temp.ts';

/** A report as an object, or why it is not relied on. */
function read(text: string): Readonly<Record<string, TestState>> | string {
  const report = parseReport(text);
  return report.kind === 'read' ? Object.fromEntries(report.tests) : report.problem;
}

const suite = (...cases: readonly string[]) =>
  `<?xml version="1.0"?>\n<testsuites><testsuite name="s">${cases.join('')}</testsuite></testsuites>`;

describe('a JUnit report', () => {
  it.each<[string, string, ReturnType<typeof read>]>([
    [
      'tests that passed, failed, broke and were skipped',
      suite(
        '<testcase classname="a.B" name="one" time="0.1"/>',
        '<testcase classname="a.B" name="two"><failure message="no">trace</failure></testcase>',
        '<testcase classname="a.B" name="three"><error/></testcase>',
        '<testcase classname="a.B" name="four"><skipped/></testcase>',
        '<testcase classname="a.B" name="five" status="notrun"/>',
      ),
      {
        'a.B > one': 'passed',
        'a.B > two': 'failed',
        'a.B > three': 'failed',
        'a.B > four': 'skipped',
        'a.B > five': 'skipped',
      },
    ],
    ['a single suite', '<testsuite name="s"><testcase name="a"/></testsuite>', { 's > a': 'passed' }],
    [
      'a mark of the byte order',
      '\ufeff<testsuite name="s"><testcase name="a"/></testsuite>',
      { 's > a': 'passed' },
    ],
    ['a file instead of a class', suite('<testcase file="a.rb" name="x"/>'), { 'a.rb > x': 'passed' }],
    [
      'suites within suites',
      '<testsuite name="out"><testsuite name="in"><testcase name="a"/></testsuite><testcase name="b"/></testsuite>',
      { 'out > in > a': 'passed', 'out > b': 'passed' },
    ],
    [
      'a test that is reported twice',
      suite('<testcase name="a"><failure/></testcase>', '<testcase name="a"/>'),
      { 's > a': 'failed' },
    ],
    [
      'characters that are escaped',
      suite('<testcase name="a &lt;b&gt; &#233;"/>'),
      { 's > a <b> é': 'passed' },
    ],
    [
      'what looks like a test in the output of one',
      suite(
        '<testcase name="a"><failure><![CDATA[<testcase name="x"/> ]]>&lt;/testcase></failure></testcase>',
      ),
      { 's > a': 'failed' },
    ],
    [
      'a suite that could not be loaded',
      '<testsuite name="s" errors="1"><error message="no such module"/></testsuite>',
      { 's > suite': 'failed' },
    ],
    ['nothing', '<testsuites/>', 'it lists no test'],
    [
      'failures that are announced and not listed',
      '<testsuite name="s" failures="2"><testcase name="a"/></testsuite>',
      'it announces failures and lists none',
    ],
    [
      'entities',
      '<!DOCTYPE a [<!ENTITY x "y">]><testsuite name="s"><testcase name="a"/></testsuite>',
      'it has a document type',
    ],
  ])('with %s', (_title, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each([
    ['a tag that is not closed', '<testsuite><testcase name="a">'],
    ['text before it', '<testsuite/>x<a/>'],
    ['an entity that nobody defined', suite('<testcase name="&x;"/>')],
    ['half an attribute', suite('<testcase name="a/>')],
    ['an attribute twice', suite('<testcase name="a" name="b"/>')],
  ])('is not relied on with %s', (_title, text) => {
    expect(read(text)).toMatch(/^it is not well-formed XML/);
  });

  it('of a billion laughs costs nothing', () => {
    const entities = Array.from(
      { length: 30 },
      (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`,
    ).join('');
    expect(read(`<!DOCTYPE a [<!ENTITY l0 "lol">${entities}]><a>&l30;</a>`)).toBe('it has a document type');
  });

  it('that is nested without end is refused', () => {
    expect(read('<a>'.repeat(1_000_000))).toBe('it is nested too deeply');
  });

  it('of 50 MB is read within seconds', { timeout: 60_000 }, () => {
    const one =
      '<testcase classname="a.b.Suite" name="does what it is for &amp; more" time="0.01"><failure message="no">';
    const text = suite(
      `${one}${'a trace of the stack\n'.repeat(2_400_000)}</failure></testcase>`,
      '<testcase name="b"/>',
    );
    expect(text.length).toBeGreaterThan(50_000_000);
    const tookMs = processorMs(() =>
      expect(read(text)).toEqual({ 'a.b.Suite > does what it is for & more': 'failed', 's > b': 'passed' }),
    );
    expect(tookMs).toBeLessThan(20_000);
  });

  it('beyond reason is refused', () => {
    expect(read(`<a>${' '.repeat(64 * 1024 * 1024)}</a>`)).toBe('it is too large');
  });
});

describe('a TAP report', () => {
  const lines = (...texts: readonly string[]) => `${texts.join('\n')}\n`;

  it.each<[string, string, ReturnType<typeof read>]>([
    [
      'tests that passed, failed and were skipped',
      lines(
        'TAP version 13',
        '1..5',
        'ok 1 - a',
        'not ok 2 - b',
        'ok 3 - c # SKIP later',
        'not ok 4 d # TODO',
        'ok',
      ),
      { a: 'passed', b: 'failed', c: 'skipped', d: 'skipped', 'test ': 'passed' },
    ],
    ['a plan at its end', lines('ok 1 - a', 'not ok 2', '1..2'), { a: 'passed', 'test 2': 'failed' }],
    ['lines of Windows', 'ok 1 - a\r\n1..1\r\n', { a: 'passed' }],
    ['an escaped hash', lines('1..1', 'not ok 1 - a \\# skip'), { 'a # skip': 'failed' }],
    [
      'tests within tests',
      lines(
        '# Subtest: out',
        '    ok 1 - in',
        '    not ok 2 - in too',
        '    1..2',
        'not ok 1 - out',
        'ok 2 - b',
        '1..2',
      ),
      { out: 'failed', 'out > in': 'passed', 'out > in too': 'failed', b: 'passed' },
    ],
    [
      'blocks that describe a test',
      lines(
        'not ok 1 - a',
        '  ---',
        '  message: |',
        '    ok 2 - forged',
        'not ok 3 - also',
        '  ...',
        'ok 2 - b',
        '1..2',
      ),
      { a: 'failed', b: 'passed' },
    ],
    ['other output', lines('hello', 'okay', 'not okay', '1..1', 'ok 1 - a', '# a remark'), { a: 'passed' }],
    ['no plan', lines('ok 1 - a'), 'it has no plan, so it may have been cut off'],
    ['fewer tests than planned', lines('1..3', 'ok 1 - a'), 'it plans 3 tests and lists 1'],
    ['more tests than planned', lines('1..1', 'ok 1 - a', 'ok 2 - b'), 'it plans 1 tests and lists 2'],
    ['two plans', lines('1..1', 'ok 1', '1..1'), 'it has two plans'],
    ['nothing that was run', lines('1..0 # SKIP no tests'), 'it lists no test'],
    [
      'an end before its time',
      lines('1..2', 'ok 1', 'Bail out! no database'),
      'the run was given up: no database',
    ],
    [
      'a block that never ends',
      lines('ok 1 - a', '  ---', 'not ok 2 - b', '1..2'),
      'it has no plan, so it may have been cut off',
    ],
    ['nothing at all', '', 'it has no plan, so it may have been cut off'],
  ])('with %s', (_title, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it('of node itself is understood', () => {
    const dir = makeTempDir();
    const file = join(dir, 'a.test.mjs');
    writeFileSync(
      file,
      `import { describe, it } from 'node:test';
       describe('suite', () => { it('holds', () => {}); it('fails', () => { throw new Error('ok 9 - forged'); }); });
       it('is left out', { skip: true }, () => {});`,
    );
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const run = () =>
      execFileSync(process.execPath, ['--test', '--test-reporter=tap', file], { env, stdio: 'pipe' });
    expect(read(outputOf(run))).toEqual({
      suite: 'failed',
      'suite > holds': 'passed',
      'suite > fails': 'failed',
      'is left out': 'skipped',
    });
  });

  it('of 50 MB is read within seconds', { timeout: 60_000 }, () => {
    const text = `1..1\nok 1 - a\n  ---\n${'  a trace of the stack\n'.repeat(2_400_000)}  ...\n`;
    expect(text.length).toBeGreaterThan(50_000_000);
    const tookMs = processorMs(() => {
      expect(read(text)).toEqual({ a: 'passed' });
      expect(read(`1..400000\n${'ok 1 - a\n'.repeat(400_000)}`)).toEqual({ a: 'passed' });
    });
    expect(tookMs).toBeLessThan(20_000);
  });
});

/** Standard output of a program that fails. */
function outputOf(run: () => Buffer): string {
  try {
    return run().toString();
  } catch (error) {
    return String((error as { stdout?: Buffer }).stdout);
  }
}

describe('a report', () => {
  it('is read or refused, whatever the text', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '<testsuite name="s">',
        '</testsuite>',
        '<testcase name="a">',
        '</testcase>',
        '<failure/>',
      ),
      fc.constantFrom(
        'ok 1 - a\n',
        'not ok 2 - b\n',
        '1..2\n',
        '    ok 1\n',
        '  ---\n',
        '  ...\n',
        'Bail out!\n',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece), pieces => {
        const report = parseReport(pieces.join(''));
        if (report.kind === 'read') expect(report.tests.size).toBeGreaterThan(0);
        else expect(report.problem).not.toBe('');
      }),
    );
  });

  it('of several files is one, and as good as the worst of them', () => {
    const a = parseReport('1..1\nok 1 - a\n');
    const b = parseReport('1..2\nnot ok 1 - a\nok 2 - b\n');
    expect(joinReports([a, b])).toEqual({
      kind: 'read',
      tests: new Map([
        ['a', 'failed'],
        ['b', 'passed'],
      ]),
    });
    expect(joinReports([a, parseReport('')])).toMatchObject({ kind: 'unreadable' });
    expect(joinReports([])).toEqual({ kind: 'unreadable', problem: 'there is none' });
  });
});
