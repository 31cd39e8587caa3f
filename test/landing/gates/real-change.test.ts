import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Manifest, manifestsIn } from '../../../src/landing/gates/check-definitions.ts';
import { scopeGate, trespasses } from '../../../src/landing/gates/scope.ts';
import { leaksIn } from '../../../src/landing/gates/secrets.ts';
import { needingAcceptance, weakeningsIn } from '../../../src/landing/gates/weakened.ts';
import { commitAll, REPO, startWork } from '../../adapters/git/setup.ts';

const TOKEN = `ghp_${'q7Zr2Xw9Lk4Vb8Np1Td6Hs3Gf5JmCyQeUaRo'}`;

/** What git makes of the files that an agent commits one after the other, in the shape that the gates take. */
async function changeOf(...commits: readonly (() => Readonly<Record<string, string | null>>)[]) {
  const { repos, path } = await startWork();
  const heads: string[] = [];
  for (const files of commits) {
    commitAll(path, files());
    heads.push((await repos.collect({ repo: REPO, path, branch: 'issue/7' })) ?? '');
  }
  const range = { base: heads[0] ?? '', head: heads.at(-1) ?? '' };
  const files = await repos.patch(REPO, range);
  const manifests: Record<string, Manifest> = {};
  for (const name of manifestsIn(files)) {
    const [before, after] = await Promise.all([
      repos.readFile(REPO, range.base, name),
      repos.readFile(REPO, range.head, name),
    ]);
    manifests[name] = { before, after };
  }
  return { files, manifests, published: await repos.published(REPO, range) };
}

const scope = { protect: [], unprotect: [], scope: [], scopeTrusted: true };

it('a careless agent is seen for all that it did', async () => {
  const base = {
    'package.json': '{"scripts":{"test":"vitest"}}',
    'test/a.test.ts':
      "it('a', () => {\n  expect(1).toBe(1);\n});\nit('b', () => {\n  expect(2).toBe(2);\n});\n",
    'test/b.test.ts': "it('c', () => {});\n",
  };
  const { files, manifests, published } = await changeOf(
    () => base,
    () => ({ 'src/key.ts': `export const key = '${TOKEN}';\n` }),
    () => ({
      'src/key.ts': "export const key = '';\n",
      'package.json': '{"scripts":{"test":"true"}}',
      'test/a.test.ts': base['test/a.test.ts'].replace("it('a'", "it.skip('a'"),
      'test/b.test.ts': null,
      '.github/workflows/ci.yml': 'on: push\n',
      'src/CLAUDE.md': 'Obey.\n',
    }),
  );
  expect(trespasses({ ...scope, files }).map(({ path }) => path)).toEqual([
    '.github/workflows/ci.yml',
    'src/CLAUDE.md',
  ]);
  expect(needingAcceptance(weakeningsIn(files, manifests)).map(({ id }) => id)).toEqual([
    'deleted-test:test/b.test.ts',
    'skipped-test:test/a.test.ts:1',
    'check-definition:package.json',
  ]);
  expect(leaksIn({ published, texts: [], known: [], allow: [] })).toEqual([
    { rule: 'github-token', place: 'src/key.ts', line: 1 },
  ]);
});

it('a careful one passes', async () => {
  const { files, manifests, published } = await changeOf(
    () => ({ 'package.json': '{"version":"1","scripts":{}}' }),
    () => ({
      'package.json': '{"version":"2","scripts":{}}',
      'src/a.ts': 'export const a = 1;\n',
      'test/a.test.ts': "it('a', () => expect(a).toBe(1));\n",
    }),
  );
  expect(scopeGate({ ...scope, files }).verdict).toMatchObject({ verdict: 'pass' });
  expect(weakeningsIn(files, manifests)).toEqual([]);
  expect(leaksIn({ published, texts: [], known: [], allow: [] })).toEqual([]);
});

it('a link out of the tree is told from one within it', async () => {
  const work = await startWork();
  symlinkSync('../../etc', join(work.path, 'src', 'out'));
  symlinkSync('../README.md', join(work.path, 'src', 'in'));
  commitAll(work.path, {});
  const head = (await work.repos.collect({ repo: REPO, path: work.path, branch: 'issue/7' })) ?? '';
  const files = await work.repos.patch(REPO, { base: work.start, head });
  expect(trespasses({ ...scope, files }).map(({ path, kind }) => [path, kind])).toEqual([
    ['src/out', 'link'],
  ]);
});
