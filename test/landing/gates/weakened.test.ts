import { describe, expect, it } from 'vitest';
import { definitionsIn, manifestsIn } from '../../../src/landing/gates/check-definitions.ts';
import { skipsTest, suppressesCheck } from '../../../src/landing/gates/skip-markers.ts';
import { isTestFile } from '../../../src/landing/gates/test-files.ts';
import {
  type Acceptance,
  needingAcceptance,
  type Weakening,
  weakenedGate,
  weakeningsIn,
} from '../../../src/landing/gates/weakened.ts';
import type { FilePatch } from '../../../src/ports.ts';
import { aFile, lines } from './file-patch.ts';

const T = 'test/a.test.ts';

/** Kind and severity of what is found. */
const found = (...files: readonly FilePatch[]) =>
  weakeningsIn(files, {}).map(({ kind, severity }) => `${kind} ${severity}`);

type Case = readonly [title: string, files: readonly FilePatch[], expected: readonly string[]];

const CASES: readonly Case[] = [
  ['new tests', [aFile(T, { status: 'added', added: lines("it('a', () => {", 'expect(1).toBe(1)') })], []],
  ['a source file that is deleted', [aFile('src/a.ts', { status: 'deleted' })], []],
  ['a test that is deleted', [aFile(T, { status: 'deleted' })], ['deleted-test accept']],
  [
    'a test that is moved out of the tests',
    [aFile('old/a.txt', { status: 'renamed', oldPath: T })],
    ['deleted-test accept'],
  ],
  ['a test that is moved among the tests', [aFile('test/b.test.ts', { status: 'renamed', oldPath: T })], []],
  ['a test that became a link', [aFile(T, { status: 'retyped', kind: 'link' })], ['deleted-test accept']],
  ['a test that is emptied', [aFile(T, { size: 1, removed: lines('it()') })], ['emptied-test accept']],
  ['a test whose lines are too many', [aFile(T, { isCut: true })], ['unreadable-test accept']],
  [
    'a test of several that is taken out',
    [aFile(T, { removed: lines("it('a', () => {", '  expect(a).toBe(1);', '});') })],
    ['fewer-tests accept'],
  ],
  [
    'a test of several that is replaced by one elsewhere',
    [
      aFile(T, { removed: lines("it('fails', () => {") }),
      aFile('test/b.test.ts', { status: 'added', added: lines("it('passes', () => {") }),
    ],
    ['fewer-tests accept'],
  ],
  [
    'tests that moved to another file',
    [
      aFile(T, { removed: lines("it('a', () => {", '  expect(a).toBe(1);') }),
      aFile('test/b.test.ts', {
        status: 'added',
        added: lines("  it('a', () => {", '    expect(a).toBe(1);'),
      }),
    ],
    [],
  ],
  [
    'tests that moved into what is no test',
    [
      aFile(T, { removed: lines("it('a', () => {") }),
      aFile('notes.txt', { status: 'added', added: lines("it('a', () => {") }),
    ],
    ['fewer-tests accept'],
  ],
  [
    'tests that are commented out',
    [aFile(T, { removed: lines("it('a', () => {"), added: lines("// it('a', () => {") })],
    ['fewer-tests accept'],
  ],
  [
    'a test with another title',
    [aFile(T, { removed: lines("it('a', () => {"), added: lines("it('b', () => {") })],
    [],
  ],
  [
    'assertions that are taken out',
    [
      aFile(T, {
        removed: lines('expect(a).toBe(1)', 'expect(b).toBe(1)', 'assert(c)'),
        added: lines('expect(a)'),
      }),
    ],
    ['fewer-assertions accept'],
  ],
  [
    'assertions that are changed',
    [aFile(T, { removed: lines('expect(a).toBe(1)'), added: lines('expect(a).toBe(2)') })],
    ['changed-assertions note'],
  ],
  [
    'a test that is switched off',
    [aFile(T, { added: lines("it.skip('a', () => {") })],
    ['skipped-test accept'],
  ],
  [
    'a skipped test that is indented',
    [aFile(T, { removed: lines("it.skip('a', () => {"), added: lines("  it.skip('a', () => {") })],
    [],
  ],
  [
    'a check that is switched off',
    [aFile('src/a.ts', { added: lines('// @ts-ignore') })],
    ['suppressed-check note'],
  ],
  ['the lockfile', [aFile('package-lock.json')], ['check-definition accept']],
  ['a script that is not read', [aFile('package.json')], ['check-definition accept']],
];

const wrongCasesOf = (finds: (files: readonly FilePatch[]) => readonly Weakening[]) =>
  CASES.filter(
    ([, files, expected]) =>
      finds(files)
        .map(({ kind, severity }) => `${kind} ${severity}`)
        .join() !== expected.join(),
  ).map(([title]) => title);

describe('weakened checks', () => {
  it.each(CASES)('are seen in %s', (_title, files, expected) => {
    expect(found(...files)).toEqual(expected);
  });

  it('are named so that a review can accept them one by one', () => {
    const files = [aFile(T, { added: lines('// a', "it.skip('a', () => {") }), aFile('Makefile')];
    expect(weakeningsIn(files, {}).map(({ id, line, detail }) => [id, line, detail])).toEqual([
      [`skipped-test:${T}:2`, 2, "switches a test off: it.skip('a', () => {"],
      ['check-definition:Makefile', null, 'defines the check (build)'],
    ]);
  });

  const without = (alter: (file: FilePatch) => FilePatch | null) => (files: readonly FilePatch[]) =>
    weakeningsIn(
      files.flatMap(file => alter(file) ?? []),
      {},
    );

  it.each<[string, (files: readonly FilePatch[]) => readonly Weakening[]]>([
    ['finds nothing', () => []],
    ['overlooks deletions', without(file => (file.status === 'deleted' ? null : file))],
    ['forgets where a renamed file was', without(file => ({ ...file, oldPath: null }))],
    ['forgets what was taken out', without(file => ({ ...file, removed: [] }))],
    ['forgets what was added', without(file => ({ ...file, added: [] }))],
    ['takes every file for readable', without(file => ({ ...file, isCut: false }))],
    ['knows no size', without(file => ({ ...file, size: null }))],
  ])('are missed by a search that %s, and these cases notice', (_title, broken) => {
    expect(wrongCasesOf(files => weakeningsIn(files, {}))).toEqual([]);
    expect(wrongCasesOf(broken)).not.toEqual([]);
  });
});

describe('the gate of weakened checks', () => {
  const weakenings = weakeningsIn([aFile(T, { status: 'deleted' }), aFile('Makefile')], {});
  const ids = weakenings.map(({ id }) => id);
  const word = (over: Partial<Acceptance> = {}): Acceptance => ({
    by: 'code review',
    sha: 'h1',
    ids,
    ...over,
  });

  const GATE: readonly (readonly [string, readonly Weakening[], readonly Acceptance[], boolean])[] = [
    ['nothing weakened', [], [], true],
    ['only notes', weakeningsIn([aFile('a.ts', { added: lines('// @ts-ignore') })], {}), [], true],
    ['no word', weakenings, [], false],
    ['a word for all of it', weakenings, [word()], true],
    ["a person's word", weakenings, [word({ by: 'ann', ids: 'all' })], true],
    ['two words that cover it', weakenings, ids.map(id => word({ ids: [id] })), true],
    ['a word for a part', weakenings, [word({ ids: ids.slice(0, 1) })], false],
    ['a word for another head', weakenings, [word({ sha: 'h0' })], false],
    ['a word for something else', weakenings, [word({ ids: ['deleted-test:x'] })], false],
  ];

  it.each(GATE)('%s', (_title, given, acceptances, holds) => {
    expect(weakenedGate(given, { head: 'h1', acceptances }).failure === null).toBe(holds);
  });

  it('says what nobody accepted', () => {
    expect(weakenedGate(weakenings, { head: 'h1', acceptances: [] })).toMatchObject({
      verdict: {
        reason: `nobody accepted what it does to the checks: ${T}: deleted, Makefile: defines the check (build)`,
      },
      failure: { class: 'weakened' },
    });
  });

  it('is seen to fail when it forgets the head, or takes any word for all', () => {
    const wrong = (gate: typeof weakenedGate) =>
      GATE.filter(
        ([, given, acceptances, holds]) =>
          (gate(given, { head: 'h1', acceptances }).failure === null) !== holds,
      );
    expect(wrong(weakenedGate)).toEqual([]);
    const anyHead: typeof weakenedGate = (given, facts) =>
      weakenedGate(given, {
        ...facts,
        acceptances: facts.acceptances.map(one => ({ ...one, sha: facts.head })),
      });
    const anyWord: typeof weakenedGate = (given, facts) =>
      weakenedGate(given, { ...facts, acceptances: facts.acceptances.map(one => ({ ...one, ids: 'all' })) });
    expect(wrong(anyHead)).toHaveLength(1);
    expect(wrong(anyWord)).toHaveLength(2);
    expect(needingAcceptance(weakenings)).toHaveLength(2);
  });
});

describe('a line that switches a test off', () => {
  it.each([
    ['a.test.ts', "it.skip('a', () => {"],
    ['a.test.ts', "  describe.skip.each(['a'])('b', () => {"],
    ['a.test.ts', "test.only('a', () => {"],
    ['a.test.ts', "xit('a', () => {"],
    ['a.test.js', "fit('a', () => {"],
    ['a.spec.js', 'this.skip();'],
    ['test/a.mjs', "test('a', { skip: true }, () => {"],
    ['test/a.ts', "it.fails('a')"],
    ['tests/test_a.py', '@pytest.mark.skip(reason="x")'],
    ['tests/test_a.py', '@pytest.mark.xfail'],
    ['tests/test_a.py', 'pytestmark = pytest.mark.skipif(True)'],
    ['tests/test_a.py', '    @unittest.skip("x")'],
    ['tests/test_a.py', '    self.skipTest("x")'],
    ['a_test.go', '\tt.Skip("later")'],
    ['a_test.go', '\tb.SkipNow()'],
    ['a_test.go', '//go:build ignore'],
    ['src/lib.rs', '    #[ignore]'],
    ['src/lib.rs', '    #[ignore = "later"]'],
    ['src/lib.rs', '#[cfg_attr(feature = "x", ignore)]'],
    ['src/test/java/ATest.java', '  @Disabled("later")'],
    ['src/test/java/ATest.java', '  @Ignore'],
    ['src/test/java/ATest.java', '  @Test(enabled = false)'],
    ['ATests.cs', '    [Fact(Skip = "later")]'],
    ['ATests.cs', '    [Ignore("later")]'],
    ['tests/ATest.php', '$this->markTestSkipped();'],
    ['spec/a_spec.rb', "  xit 'a' do"],
    ['spec/a_spec.rb', "  it 'a', :skip do"],
    ['spec/a_spec.rb', '    skip'],
    ['ATests.swift', 'throw XCTSkip("later")'],
    ['test/a_test.exs', '  @tag :skip'],
    ['test/a_test.dart', "test('a', () {}, skip: true);"],
    ['t/a.t', "plan skip_all => 'later';"],
    ['test/a.bats', '  skip "later"'],
    ['a_test.cc', 'TEST(A, DISABLED_B) {'],
    ['features/a.feature', '  @wip'],
  ])('%s: %s', (path, line) => {
    expect(skipsTest(path, line)).toBe(true);
  });

  it.each([
    ['src/a.ts', 'stream.skip(1);'],
    ['src/a.ts', 'const query = { skip: true };'],
    ['src/a.ts', 'suites.only = 1;'],
    ['src/a.ts', 'curve.fit(points)'],
    ['src/a.go', 'scanner.Skip(1)'],
    ['src/a.go', '//go:build linux'],
    ['src/a.py', 'parser.skip(1)'],
    ['src/a.rb', 'skip_before_action :a'],
    ['src/A.java', '@IgnoreCase'],
    ['docs/a.md', "it.skip('a')"],
  ])('is not %s: %s', (path, line) => {
    expect(skipsTest(path, line)).toBe(false);
  });
});

it.each([
  '/* eslint-disable */',
  'x = 1  # noqa',
  'import y  # type: ignore[x]',
  '//nolint:errcheck',
  '#[allow(dead_code)]',
  '@SuppressWarnings("all")',
  '/* istanbul ignore next */',
])('a line that switches a check off: %s', line => {
  expect(suppressesCheck(line)).toBe(true);
});

describe('a file of tests', () => {
  it.each([
    ...['test/a.ts', 'src/__tests__/a.js', 'a.spec.tsx', 'pkg/a_test.go', 'tests/x/data.json', 'conftest.py'],
    ...[
      'test_a.py',
      'src/tests.rs',
      'ATest.java',
      'TestA.java',
      'AuditIT.java',
      'spec/models/a_spec.rb',
      'a.bats',
    ],
    ...['Tests/A.swift', 'a.cy.ts', '__snapshots__/a.snap'],
  ])('is %s', path => {
    expect(isTestFile(path)).toBe(true);
  });

  it.each([
    ...[
      'src/latest.java',
      'src/Latest.java',
      'src/contest.py',
      'src/Audit.java',
      'attest.go',
      'test/README.md',
    ],
    ...['src/testing.ts', 'inspect/a.ts', 'src/a.ts'],
  ])('is not %s', path => {
    expect(isTestFile(path)).toBe(false);
  });
});

describe('a definition of the check', () => {
  it.each([
    ['package-lock.json', 'lockfile'],
    ['sub/pnpm-lock.yaml', 'lockfile'],
    ['requirements-dev.txt', 'lockfile'],
    ['vitest.config.ts', 'runner'],
    ['.mocharc.json', 'runner'],
    ['tests/conftest.py', 'runner'],
    ['eslint.config.mjs', 'lint'],
    ['.golangci.yml', 'lint'],
    ['packages/a/tsconfig.build.json', 'compiler'],
    ['.nvmrc', 'compiler'],
    ['Makefile', 'build'],
    ['makefile', 'build'],
    ['pyproject.toml', 'build'],
    ['app/build.gradle.kts', 'build'],
  ])('is %s', (path, kind) => {
    expect(definitionsIn([aFile(path)], {})).toMatchObject([{ path, kind }]);
  });

  it.each(['src/make.ts', 'build/index.js', 'workspace/a.ts', 'docs/make.md', 'lint.ts'])(
    'is not %s',
    path => {
      expect(definitionsIn([aFile(path)], {})).toEqual([]);
    },
  );

  it('is one also where it was moved away', () => {
    const moved = aFile('old.txt', { status: 'renamed', oldPath: 'jest.config.js' });
    expect(definitionsIn([moved], {})).toMatchObject([{ path: 'jest.config.js' }]);
  });

  const manifest = (before: object | string | null, after: object | string | null) => {
    const text = (value: object | string | null) =>
      typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
    return definitionsIn([aFile('package.json')], {
      'package.json': { before: text(before), after: text(after) },
    }).map(({ detail }) => detail);
  };

  it('is what steers a tool in a package.json', () => {
    expect(manifestsIn([aFile('package.json'), aFile('a/package.json'), aFile('a/package.json.ts')])).toEqual(
      ['package.json', 'a/package.json'],
    );
    expect(
      manifest({ version: '1', scripts: { test: 'x' } }, { version: '2', scripts: { test: 'x' } }),
    ).toEqual([]);
    expect(manifest({ scripts: { test: 'x' } }, { scripts: { test: 'true' } })).toEqual(['scripts']);
    expect(manifest({}, { jest: {}, devDependencies: {} })).toEqual(['devDependencies, jest']);
    expect(manifest({ scripts: {} }, null)).toEqual(['scripts']);
    expect(manifest(null, { name: 'new' })).toEqual([]);
  });

  it('is a package.json that can not be compared', () => {
    expect(manifest('{', '{}')).toEqual(['could not be compared']);
    expect(manifest('{}', '[]')).toEqual(['could not be compared']);
    expect(definitionsIn([aFile('package.json')], {})).toMatchObject([{ detail: 'could not be compared' }]);
  });
});
