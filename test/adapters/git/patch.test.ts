import { chmodSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMPARED_BYTES } from '../../../src/adapters/git/diff-tree.ts';
import { parsePatch } from '../../../src/adapters/git/patch-text.ts';
import type { FilePatch } from '../../../src/ports.ts';
import { commitAll, git, REPO, startWork } from './setup.ts';

type Work = Awaited<ReturnType<typeof startWork>>;

const collect = async ({ repos, path }: Work) =>
  (await repos.collect({ repo: REPO, path, branch: 'issue/7' })) ?? '';

/** The patch of what is committed in the worktree, by path. */
async function patchOf(work: Work): Promise<Readonly<Record<string, FilePatch>>> {
  const head = await collect(work);
  const files = await work.repos.patch(REPO, { base: work.start, head });
  return Object.fromEntries(files.map(file => [file.path, file]));
}

describe('a patch', () => {
  it('tells what became of each file, with its lines and their numbers', async () => {
    const work = await startWork();
    commitAll(work.path, { 'README.md': 'hello\nworld\n', 'src/a.txt': null, 'new.txt': 'one\ntwo' });
    const files = await patchOf(work);
    expect(files['README.md']).toMatchObject({
      status: 'modified',
      oldKind: 'file',
      kind: 'file',
      size: 12,
      added: [{ line: 2, text: 'world' }],
      removed: [],
    });
    expect(files['src/a.txt']).toMatchObject({
      status: 'deleted',
      kind: null,
      size: null,
      removed: [{ line: 1, text: 'a' }],
    });
    expect(files['new.txt']).toMatchObject({
      status: 'added',
      oldKind: null,
      added: [
        { line: 1, text: 'one' },
        { line: 2, text: 'two' },
      ],
    });
  });

  it('knows a renamed file, an executable one, a link and a submodule', async () => {
    const work = await startWork();
    const { path, start } = work;
    commitAll(path, { 'long.txt': 'a line\n'.repeat(20), 'file.txt': 'to be a link\n' });
    const base = await collect(work);
    renameSync(join(path, 'long.txt'), join(path, 'moved.txt'));
    chmodSync(join(path, 'README.md'), 0o755);
    rmSync(join(path, 'file.txt'));
    symlinkSync('../outside', join(path, 'file.txt'));
    git(path, ['update-index', '--add', '--cacheinfo', `160000,${start},module`]);
    git(path, ['add', '--', 'long.txt', 'moved.txt', 'README.md', 'file.txt']);
    git(path, ['commit', '-q', '-m', 'Kinds']);
    const files = await work.repos.patch(REPO, { base, head: await collect(work) });
    expect(
      files.map(({ path, oldPath, status, oldKind, kind, link }) => [
        path,
        oldPath,
        status,
        oldKind,
        kind,
        link,
      ]),
    ).toEqual([
      ['README.md', null, 'modified', 'file', 'executable', null],
      ['file.txt', null, 'retyped', 'file', 'link', '../outside'],
      ['module', null, 'added', null, 'submodule', null],
      ['moved.txt', 'long.txt', 'renamed', 'file', 'file', null],
    ]);
    expect(files[1]).toMatchObject({ removed: [{ text: 'to be a link' }], added: [{ text: '../outside' }] });
    expect(files[3]).toMatchObject({ added: [], removed: [] });
  });

  it('keeps paths apart that would break a list of lines', async () => {
    const work = await startWork();
    const paths = ['a b.txt', 'tab\there', 'new\nline', 'quote"back\\slash', 'ünï.txt', '--flag', ' lead'];
    commitAll(work.path, Object.fromEntries(paths.map(path => [path, `in ${path.length}\n`])));
    const files = await patchOf(work);
    expect(Object.keys(files).sort()).toEqual([...paths].sort());
    for (const path of paths) expect(files[path]?.added).toEqual([{ line: 1, text: `in ${path.length}` }]);
  });

  it('is not taken in by content that looks like a header', async () => {
    const work = await startWork();
    const forged = '--- a/x\n+++ b/x\n@@ -0,0 +1,9 @@\n+forged\ndiff --git a/x b/x\n';
    commitAll(work.path, { 'README.md': forged });
    const files = await patchOf(work);
    expect(Object.keys(files)).toEqual(['README.md']);
    expect(files['README.md']?.added.map(({ text }) => text)).toEqual(forged.trimEnd().split('\n'));
  });

  it('shows every line, whatever the attributes and the configuration of the repository say', async () => {
    const work = await startWork();
    commitAll(work.path, {
      '.gitattributes': '* -diff\n*.txt binary filter=x diff=x\n',
      'b.txt': 'hidden\n',
      'c.txt': 'zero\0byte\n',
    });
    const files = await patchOf(work);
    expect(files['b.txt']).toMatchObject({ added: [{ line: 1, text: 'hidden' }], isBinary: false });
    expect(files['c.txt']).toMatchObject({ added: [{ line: 1, text: 'zero\0byte' }], isBinary: true });
  });

  it('starts where the head left the base', async () => {
    const work = await startWork();
    commitAll(work.path, { 'mine.txt': 'mine\n' });
    const head = await collect(work);
    git(work.path, ['checkout', '-q', '-B', 'issue/7', work.start]);
    commitAll(work.path, { 'theirs.txt': 'theirs\n' });
    const base = await collect(work);
    const files = await work.repos.patch(REPO, { base, head });
    expect(files.map(({ path }) => path)).toEqual(['mine.txt']);
  });

  it('leaves out the largest files when there is too much to compare, and says so', async () => {
    const work = await startWork();
    writeFileSync(join(work.path, 'big :(top)*.bin'), Buffer.alloc(COMPARED_BYTES));
    commitAll(work.path, { 'small.txt': 'small\n' });
    const files = await patchOf(work);
    expect(files['big :(top)*.bin']).toMatchObject({ isCut: true, added: [], size: COMPARED_BYTES });
    expect(files['small.txt']).toMatchObject({ isCut: false, added: [{ line: 1, text: 'small' }] });
  });
});

describe('a parsed patch', () => {
  it('gives back the lines that git was given, whatever is in them', () => {
    const line = fc.string({
      unit: fc.constantFrom('+', '-', '@', ' ', '\\', 'a', '\r', '\0', '\u2028', 'é'),
      maxLength: 8,
    });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), fc.array(line), (added, removed) => {
        const header = `diff --git a/f b/f\nindex 1..2 100644\n--- a/f\n+++ b/f\n@@ -1,${removed.length} +1,${added.length} @@\n`;
        const body = [...removed.map(text => `-${text}\n`), ...added.map(text => `+${text}\n`)].join('');
        const [diff] = parsePatch(`${header}${body}\\ No newline at end of file\n`);
        expect(diff?.files[0]?.added.map(({ text }) => text)).toEqual(added);
        expect(diff?.files[0]?.removed.map(({ text }) => text)).toEqual(removed);
      }),
    );
  });
});

describe('what a push publishes', () => {
  it('is also what a later commit takes away, and the message', async () => {
    const work = await startWork();
    commitAll(work.path, { 'src/leak.txt': 'ghp_secret\n' });
    commitAll(work.path, { 'src/leak.txt': null });
    git(work.path, ['commit', '-q', '--allow-empty', '-m', 'A word in a message']);
    const published = await work.repos.published(REPO, { base: work.start, head: await collect(work) });
    expect(published.commits).toHaveLength(3);
    expect(published.commits[0]?.text).toMatch(/^tree [0-9a-f]{40}\n[\s\S]*\n\nA word in a message\n$/);
    expect(published.paths).toEqual(['src/leak.txt']);
    expect(published.files.flatMap(({ path, added }) => added.map(({ text }) => `${path}: ${text}`))).toEqual(
      ['src/leak.txt: ghp_secret'],
    );
  });

  it('of a merge is only what none of its parents has', async () => {
    const work = await startWork();
    const { path, start } = work;
    commitAll(path, { 'mine.txt': 'mine\n' });
    git(path, ['checkout', '-q', '-b', 'other', start]);
    commitAll(path, { 'theirs.txt': 'theirs\n' });
    const base = git(path, ['rev-parse', 'HEAD']);
    git(path, ['checkout', '-q', 'issue/7']);
    git(path, ['merge', '-q', '--no-ff', '--no-commit', 'other']);
    writeFileSync(join(path, 'theirs.txt'), 'theirs\nslipped in\0\n');
    commitAll(path, {});
    const head = await collect(work);
    const published = await work.repos.published(REPO, { base, head });
    const lines = published.files.flatMap(({ added }) => added.map(({ text }) => text));
    expect(lines.sort()).toEqual(['mine', 'slipped in\0']);
  });

  it('is nothing when nothing is new', async () => {
    const work = await startWork();
    const nothing = { commits: [], paths: [], files: [], cut: [] };
    expect(await work.repos.published(REPO, { base: work.start, head: work.start })).toEqual(nothing);
  });
});

describe('the id of a patch', () => {
  /** The id of a change to `work.txt` on top of a base with `before` in `work.txt` and whatever else. */
  async function idOf(work: Work, before: Readonly<Record<string, string>>, after: string): Promise<string> {
    git(work.path, ['checkout', '-q', '-B', 'issue/7', work.start]);
    commitAll(work.path, before);
    const base = await collect(work);
    commitAll(work.path, { 'work.txt': after });
    return work.repos.patchId(REPO, { base, head: await collect(work) });
  }
  const lines = Array.from({ length: 30 }, (_, at) => `line ${at}\n`).join('');

  it('survives a base that moved elsewhere, and nothing else', async () => {
    const work = await startWork();
    const changed = lines.replace('line 20', 'changed');
    const id = await idOf(work, { 'work.txt': lines }, changed);
    const moved = await idOf(work, { 'work.txt': `new\n${lines}`, 'other.txt': 'x\n' }, `new\n${changed}`);
    expect(moved).toBe(id);
    const more = await idOf(work, { 'work.txt': lines }, changed.replace('line 25', 'changed, too'));
    const indented = await idOf(work, { 'work.txt': lines }, lines.replace('line 20', '  changed'));
    const elsewhere = await idOf(work, { 'work.txt': lines }, lines.replace('line 19', 'changed'));
    expect(new Set([id, more, indented, elsewhere]).size).toBe(4);
  });

  it('differs with the content of a binary file', async () => {
    const work = await startWork();
    const one = await idOf(work, { 'work.txt': 'a\0' }, 'b\0');
    expect(await idOf(work, { 'work.txt': 'a\0' }, 'c\0')).not.toBe(one);
  });
});
