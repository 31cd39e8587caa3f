import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leavesTree } from '../../../src/landing/gates/links.ts';
import { matcherOf, parsePatterns } from '../../../src/landing/gates/patterns.ts';
import { PROTECTED } from '../../../src/landing/gates/protected-paths.ts';
import { type ScopeFacts, scopeGate, trespasses } from '../../../src/landing/gates/scope.ts';
import type { FilePatch } from '../../../src/ports.ts';
import { processorMs } from '../../helpers/processor.ts';
import { aFile } from './file-patch.ts';

const facts = (files: readonly FilePatch[], over: Partial<ScopeFacts> = {}): ScopeFacts => ({
  files,
  protect: [],
  unprotect: [],
  scope: [],
  scopeTrusted: true,
  ...over,
});

const aLink = (path: string, link: string | null) => aFile(path, { status: 'added', kind: 'link', link });

type Case = readonly [title: string, facts: ScopeFacts, mayLand: boolean];

const ALLOWED: readonly Case[] = [
  ['ordinary files', facts([aFile('src/a.ts'), aFile('docs/workflow.md'), aFile('package.json')]), true],
  [
    'what is only named like something protected',
    facts([aFile('src/claude.ts'), aFile('x.harness/y')]),
    true,
  ],
  ['a link within the tree', facts([aLink('docs/a/latest', '../../src')]), true],
  ['a file that HARNESS_UNPROTECT names', facts([aFile('.vscode/a')], { unprotect: ['.vscode/'] }), true],
  ['the very file a person named', facts([aFile('AGENTS.md')], { scope: [['AGENTS.md']] }), true],
  [
    'the protected folder a person named',
    facts([aFile('.github/workflows/ci.yml')], { scope: [['.github', 'workflows']] }),
    true,
  ],
  ['the submodule a person named', facts([aFile('lib', { kind: 'submodule' })], { scope: [['lib']] }), true],
];

const REFUSED: readonly Case[] = [
  ['its own policy', facts([aFile('.harness/config')]), false],
  ['a workflow', facts([aFile('.github/workflows/ci.yml')]), false],
  ['owners', facts([aFile('docs/CODEOWNERS')]), false],
  ['attributes in a folder', facts([aFile('src/deep/.gitattributes', { status: 'added' })]), false],
  ["a folder's instructions for agents", facts([aFile('src/CLAUDE.md', { status: 'added' })]), false],
  ['a protected file that is deleted', facts([aFile('.husky/pre-commit', { status: 'deleted' })]), false],
  [
    'a protected file that is moved away',
    facts([aFile('old-hooks/pre-commit', { status: 'renamed', oldPath: '.husky/pre-commit' })]),
    false,
  ],
  [
    'a file that is moved into a protected place',
    facts([aFile('.claude/settings.json', { status: 'renamed', oldPath: 'src/settings.json' })]),
    false,
  ],
  ['a file instead of a protected folder', facts([aFile('.claude', { status: 'added' })]), false],
  ['another case', facts([aFile('.GitHub/WORKFLOWS/x.yml'), aFile('Claude.MD')]), false],
  ['letters that a file system takes for the same', facts([aFile('.hus\u212Ay/x')]), false],
  ['characters that a file system ignores', facts([aFile('.har\u200cness/config')]), false],
  [
    'dots, blanks and streams that Windows drops',
    facts([aFile('CLAUDE.md. '), aFile('AGENTS.md::$DATA')]),
    false,
  ],
  ['backslashes', facts([aFile('.harness\\config')]), false],
  ['a line break in the name', facts([aFile('.claude/a\nb')]), false],
  ['a path that climbs', facts([aFile('src/../.harness/config')]), false],
  ['a path through .git', facts([aFile('.Git/hooks/x')]), false],
  ['a new submodule', facts([aFile('lib', { status: 'added', kind: 'submodule' })]), false],
  ['a submodule that is removed', facts([aFile('lib', { oldKind: 'submodule', kind: null })]), false],
  ['a link out of the tree', facts([aLink('a/b', '../../etc/passwd')]), false],
  ['a link that is too long to read', facts([aLink('a/b', null)]), false],
  [
    'a file that HARNESS_PROTECT names',
    facts([aFile('db/schema/1.sql')], { protect: ['db/schema/**'] }),
    false,
  ],
  [
    'a scope that an agent wrote',
    facts([aFile('AGENTS.md')], { scope: [['AGENTS.md']], scopeTrusted: false }),
    false,
  ],
  ['a scope of everything', facts([aFile('AGENTS.md')], { scope: [[]] }), false],
  ['a scope of a folder above', facts([aFile('src/AGENTS.md')], { scope: [['src']] }), false],
  ['a scope that climbs', facts([aFile('.harness/x')], { scope: [['src', '..', '.harness', 'x']] }), false],
  ['a path through .git that a person named', facts([aFile('.git/x')], { scope: [['.git', 'x']] }), false],
];

const CASES: readonly Case[] = [...ALLOWED, ...REFUSED];

type Gate = (facts: ScopeFacts) => { readonly failure: unknown };

/** The cases in which a gate says something else than it should. */
const wrongCasesOf = (gate: Gate) =>
  CASES.filter(([, given, mayLand]) => (gate(given).failure === null) !== mayLand).map(([title]) => title);

describe('the scope gate', () => {
  it.each(ALLOWED)('allows %s', (_title, given) => {
    expect(scopeGate(given).failure).toBeNull();
  });

  it.each(REFUSED)('refuses %s', (_title, given) => {
    expect(scopeGate(given)).toMatchObject({ verdict: { verdict: 'fail' }, failure: { class: 'scope' } });
  });

  it('names each path and why', () => {
    const given = facts([aFile('.harness/config'), aFile('lib', { kind: 'submodule' }), aLink('x', '/etc')]);
    expect(scopeGate(given).verdict.reason).toBe(
      'changes what the issue does not allow: .harness/config (protected by .harness), lib (a submodule), x (a link to /etc)',
    );
  });

  it('protects everything below each of its patterns, at any depth of folders and in any case', () => {
    const folders = fc.array(fc.constantFrom('a', 'b.c', 'D'), { maxLength: 3 });
    const pattern = fc.constantFrom(...PROTECTED.filter(name => !name.includes('*')));
    const anyCase = fc.func(fc.boolean());
    fc.assert(
      fc.property(pattern, folders, anyCase, (name, below, upper) => {
        const path = [name.replace(/^\//, ''), ...below].join('/');
        const written = [...path].map((letter, at) => (upper(at) ? letter.toUpperCase() : letter)).join('');
        expect(trespasses(facts([aFile(written)]))).not.toEqual([]);
      }),
    );
  });
});

describe('these cases', () => {
  const altered =
    (alter: (file: FilePatch) => Partial<FilePatch>): Gate =>
    given =>
      scopeGate({ ...given, files: given.files.map(file => ({ ...file, ...alter(file) })) });

  it.each<[string, Gate]>([
    ['passes everything', () => ({ failure: null })],
    ['refuses everything', () => ({ failure: 'no' })],
    ['forgets where a renamed file was', altered(() => ({ oldPath: null }))],
    ['looks only where a renamed file was', altered(({ path, oldPath }) => ({ path: oldPath ?? path }))],
    [
      'overlooks deletions',
      given => scopeGate({ ...given, files: given.files.filter(({ status }) => status !== 'deleted') }),
    ],
    ['overlooks submodules', altered(() => ({ kind: 'file', oldKind: 'file' }))],
    ['overlooks links', altered(({ kind }) => (kind === 'link' ? { kind: 'file' } : {}))],
    ['believes a scope that an agent wrote', given => scopeGate({ ...given, scopeTrusted: true })],
    ['knows no scope', given => scopeGate({ ...given, scope: [] })],
    ['knows no HARNESS_PROTECT', given => scopeGate({ ...given, protect: [] })],
    ['knows no HARNESS_UNPROTECT', given => scopeGate({ ...given, unprotect: [] })],
  ])('notice a gate that %s', (_title, broken) => {
    expect(wrongCasesOf(scopeGate)).toEqual([]);
    expect(wrongCasesOf(broken)).not.toEqual([]);
  });
});

describe('a pattern', () => {
  it.each<[string, string, boolean]>([
    ['docs', 'docs', true],
    ['docs', 'a/docs/b', true],
    ['docs/', 'docs/b', true],
    ['/docs', 'a/docs', false],
    ['/docs', 'docs/a', true],
    ['a/b', 'x/a/b', false],
    ['a/b', 'a/b/c', true],
    ['*.sql', 'db/x.sql', true],
    ['*.sql', 'x.sqlite', false],
    ['a/**/z', 'a/b/c/z', true],
    ['a/*/z', 'a/b/c/z', false],
    ['a/?', 'a/bc', false],
    ['a[12]', 'a1', true],
    ['!a', 'b', false],
    ['DOCS', 'docs/x', true],
  ])('%s against %s', (pattern, path, expected) => {
    expect(matcherOf([pattern])(path)).toBe(expected ? pattern : null);
  });

  it('is one of a list with commas', () => {
    expect(parsePatterns(' a/**, b ,,c/')).toEqual(['a/**', 'b', 'c/']);
  });

  it('takes no longer for a hostile path', () => {
    const matches = matcherOf([...PROTECTED, 'a/**/b/**/c', '*a*a*a*b']);
    const tookMs = processorMs(() => {
      expect(matches(`${'a/'.repeat(2000)}d`)).toBeNull();
      expect(matches('a'.repeat(255))).toBeNull();
    });
    expect(tookMs).toBeLessThan(5_000);
  });
});

describe('a link', () => {
  it.each<[string, string, boolean]>([
    ['a', 'b', false],
    ['a', './b/c', false],
    ['d/a', '../b', false],
    ['d/a', '..', false],
    ['a', '..', true],
    ['d/a', '../../b', true],
    ['d/a', '../../repo/b', true],
    ['a', '/etc/passwd', true],
    ['a', '\\\\server\\share', true],
    ['a', 'C:/x', true],
    ['a', 'sub/link/..', true],
    ['a', '', true],
    ['a', '.git/config', true],
    ['d/a', '../.GIT', true],
  ])('%s -> %s', (path, target, leaves) => {
    expect(leavesTree(path, target)).toBe(leaves);
  });
});
