import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRefs } from '../../../src/adapters/git/refs.ts';
import { entry } from './records.ts';
import { commitAll, commitFiles, git, push, REF, REPO, startWork } from './setup.ts';

const BRANCH_FILE = '.git/refs/heads/issue/7';

it('runs nothing that the agent configured', async () => {
  const { repos, path, start, dir } = await startWork();
  const marker = join(dir, 'executed');
  const trap = join(dir, 'trap');
  writeFileSync(trap, `#!/bin/sh\necho "$0 $*" >> ${marker}\ncat\n`);
  chmodSync(trap, 0o755);
  const head = commitAll(path, {
    '.gitattributes': '* filter=trap diff=trap merge=trap\n*.txt working-tree-encoding=UTF-8 ident\n',
    'b.txt': 'b\n',
  });
  const config = [
    ['core.fsmonitor', trap],
    ['core.hooksPath', join(dir, 'hooks')],
    ['core.sshCommand', trap],
    ['core.editor', trap],
    ['core.pager', trap],
    ['core.alternateRefsCommand', trap],
    ['diff.external', trap],
    ['diff.trap.textconv', trap],
    ['filter.trap.clean', trap],
    ['filter.trap.smudge', trap],
    ['filter.trap.process', trap],
    ['filter.trap.required', 'true'],
    ['merge.trap.driver', trap],
    ['alias.status', `!${trap}`],
    ['uploadpack.packObjectsHook', trap],
    ['extensions.worktreeConfig', 'true'],
  ] as const;
  for (const [key, value] of config) git(path, ['config', key, value]);
  mkdirSync(join(dir, 'hooks'));
  const hooks = [
    'pre-commit',
    'post-checkout',
    'post-index-change',
    'reference-transaction',
    'post-commit',
    'pre-push',
  ];
  mkdirSync(join(path, '.git/hooks'));
  for (const hook of hooks) {
    symlinkSync(trap, join(dir, 'hooks', hook));
    symlinkSync(trap, join(path, '.git/hooks', hook));
  }
  writeFileSync(join(path, 'c.txt'), 'c\n');
  rmSync(marker, { force: true });

  expect(await repos.collect({ repo: REPO, path, branch: 'issue/7' })).toBe(head);
  expect(await repos.dirtyPaths({ repo: REPO, path, head })).toEqual(['c.txt']);
  const saved = (await repos.saveWorktree({ repo: REPO, path, head, message: 'Checkpoint' })) ?? '';
  await repos.change(REPO, { base: start, head: saved });
  await repos.merge(REPO, { base: start, head: saved });
  await repos.checkout({ repo: REPO, commit: saved, path: join(dir, 'verify') });
  expect(readFileSync(join(dir, 'verify', 'c.txt'), 'utf8')).toBe('c\n');
  expect(existsSync(marker)).toBe(false);
  expect(() => git(path, ['add', '-A'])).toThrow('trap');
  expect(existsSync(marker)).toBe(true);
});

it('runs no hook, monitor or helper, not even of its own clone', async () => {
  const { repos, path, start, dir, options, remote, server } = await startWork();
  const bare = join(dir, 'clones/acme__app.git');
  const marker = join(dir, 'executed');
  mkdirSync(join(bare, 'hooks'));
  for (const hook of ['reference-transaction', 'pre-push', 'post-checkout', 'post-index-change', 'trap']) {
    writeFileSync(join(bare, 'hooks', hook), `#!/bin/sh\ntouch ${marker}\n`, { mode: 0o755 });
  }
  git(bare, ['config', 'core.fsmonitor', join(bare, 'hooks/trap')]);
  commitFiles(remote, 'main', { 'b.txt': 'b\n' });
  await repos.fetchBranch(REPO, 'main');
  await repos.dirtyPaths({ repo: REPO, path, head: start });
  const refs = createRefs(options);
  await push(refs, REF, null, [entry()]);
  git(bare, ['config', 'credential.helper', join(bare, 'hooks/trap')]);
  server.onRequest(() => 401);
  await expect(refs.read(REPO)).rejects.toMatchObject({ code: 'not-logged-in' });
  expect(existsSync(marker)).toBe(false);
  git(bare, ['update-ref', 'refs/heads/x', start]);
  expect(existsSync(marker)).toBe(true);
});

it('runs nothing that a repository inside the worktree configured', async () => {
  const { repos, path, dir } = await startWork();
  const marker = join(dir, 'executed');
  const inner = join(path, 'inner');
  mkdirSync(inner);
  git(inner, ['init', '-q']);
  const innerHead = commitAll(inner, { 'x.txt': 'x\n' });
  git(path, ['update-index', '--add', '--cacheinfo', `160000,${innerHead},inner`]);
  writeFileSync(
    join(path, '.gitmodules'),
    '[submodule "inner"]\n\tpath = inner\n\turl = ./inner\n\tignore = none\n',
  );
  git(path, ['add', '.gitmodules']);
  git(path, ['commit', '-q', '-m', 'Add inner']);
  git(inner, ['config', 'core.fsmonitor', `touch ${marker}`]);
  writeFileSync(join(inner, 'x.txt'), 'changed\n');
  const head = await repos.collect({ repo: REPO, path, branch: 'issue/7' });
  expect(head).toBe(git(path, ['rev-parse', 'HEAD']));
  expect(await repos.dirtyPaths({ repo: REPO, path, head: head ?? '' })).toEqual([]);
  expect(await repos.saveWorktree({ repo: REPO, path, head: head ?? '', message: 'Checkpoint' })).toBe(null);
  expect(existsSync(marker)).toBe(false);
  git(path, ['status']);
  expect(existsSync(marker)).toBe(true);
});

describe('collecting from a worktree that was tampered with', () => {
  type Work = Awaited<ReturnType<typeof startWork>> & { readonly head: string };

  const tricks: Readonly<Record<string, (work: Work) => void>> = {
    'was deleted': ({ path }) => rmSync(path, { recursive: true }),
    'has no branch any more': ({ path }) => rmSync(join(path, BRANCH_FILE)),
    'has a link for its git directory': ({ path, dir }) => {
      renameSync(join(path, '.git'), join(dir, 'moved'));
      symlinkSync(join(dir, 'moved'), join(path, '.git'));
    },
    'has a file for its git directory': ({ path, dir }) => {
      renameSync(join(path, '.git'), join(dir, 'moved'));
      writeFileSync(join(path, '.git'), `gitdir: ${join(dir, 'moved')}\n`);
    },
    'has a link for its branch': ({ path, dir }) => {
      renameSync(join(path, BRANCH_FILE), join(dir, 'branch'));
      symlinkSync(join(dir, 'branch'), join(path, BRANCH_FILE));
    },
    'has a link for a folder of refs': ({ path, dir }) => {
      renameSync(join(path, '.git/refs/heads'), join(dir, 'heads'));
      symlinkSync(join(dir, 'heads'), join(path, '.git/refs/heads'));
    },
    'has a symbolic ref for its branch': ({ path, start }) => {
      git(path, ['update-ref', 'refs/heads/other', start]);
      writeFileSync(join(path, BRANCH_FILE), 'ref: refs/heads/other\n');
    },
    'has a pipe for its branch': ({ path }) => {
      rmSync(join(path, BRANCH_FILE));
      execFileSync('mkfifo', [join(path, BRANCH_FILE)]);
    },
    'has an option for its branch': ({ path }) => writeFileSync(join(path, BRANCH_FILE), '--all\n'),
    'keeps its refs in another format': ({ path }) => {
      rmSync(join(path, '.git/refs/heads'), { recursive: true });
      writeFileSync(join(path, '.git/refs/heads'), 'this repository uses the reftable format\n');
    },
    'has the beginning of a commit id for its branch': ({ path, start }) =>
      writeFileSync(join(path, BRANCH_FILE), `${start.slice(0, 12)}\n`),
    'names a commit that does not exist': ({ path }) =>
      writeFileSync(join(path, BRANCH_FILE), `${'c'.repeat(40)}\n`),
    'names a tree': ({ path, head }) =>
      writeFileSync(join(path, BRANCH_FILE), `${git(path, ['rev-parse', `${head}^{tree}`])}\n`),
    'lost a blob': ({ path, head }) => rmSync(looseObject(path, `${head}:b.txt`)),
    'lost a commit in between': ({ path, head }) => {
      commitAll(path, { 'c.txt': 'c\n' });
      rmSync(looseObject(path, head));
    },
    'has another content under the name of a blob': ({ path, head }) => {
      const other = git(path, ['hash-object', '-w', '--stdin'], 'other\n');
      const file = looseObject(path, `${head}:b.txt`);
      rmSync(file);
      writeFileSync(file, readFileSync(looseObject(path, other)));
    },
    'holds a tree that would write into .git': ({ path }) => {
      const blob = git(path, ['hash-object', '-w', '--stdin'], '[core]\n\tfsmonitor = evil\n');
      const entry = Buffer.concat([Buffer.from('100644 .git\0'), Buffer.from(blob, 'hex')]);
      const tree = execFileSync('git', ['hash-object', '-t', 'tree', '-w', '--literally', '--stdin'], {
        cwd: path,
        input: entry,
      });
      const commit = git(path, ['commit-tree', tree.toString().trim(), '-p', 'HEAD'], 'Evil');
      git(path, ['update-ref', 'refs/heads/issue/7', commit]);
    },
    'borrows from another repository': ({ path, dir }) => {
      const secret = join(dir, 'secret');
      mkdirSync(secret);
      git(secret, ['init', '-q']);
      commitAll(secret, { 'secret.txt': 'secret\n' });
      appendFileSync(join(path, '.git/objects/info/alternates'), `${join(secret, '.git/objects')}\n`);
      writeFileSync(join(path, BRANCH_FILE), `${git(secret, ['rev-parse', 'HEAD'])}\n`);
    },
    'has a link for its objects': ({ path, dir }) => {
      renameSync(join(path, '.git/objects'), join(dir, 'objects'));
      symlinkSync(join(dir, 'objects'), join(path, '.git/objects'));
    },
  };

  it.each(Object.entries(tricks))('takes nothing when it %s', async (_what, play) => {
    const work = await startWork();
    const head = commitAll(work.path, { 'b.txt': 'b\n' });
    play({ ...work, head });
    expect(await work.repos.collect({ repo: REPO, path: work.path, branch: 'issue/7' })).toBe(null);
    const bare = join(work.dir, 'clones/acme__app.git');
    expect(git(bare, ['fsck', '--full', '--strict', '--no-dangling'])).toBe('');
  });

  it('is not misled by replacements, grafts or a file that speeds up history', async () => {
    const { repos, path, start } = await startWork();
    const head = commitAll(path, { 'b.txt': 'b\n' });
    git(path, ['replace', head, start]);
    writeFileSync(join(path, '.git/info/grafts'), `${head}\n`);
    writeFileSync(join(path, '.git/shallow'), `${head}\n`);
    writeFileSync(join(path, '.git/objects/info/commit-graph'), 'nonsense');
    expect(await repos.collect({ repo: REPO, path, branch: 'issue/7' })).toBe(head);
    expect(await repos.change(REPO, { base: start, head })).toMatchObject({ descends: true, commits: 1 });
  });
});

it('leaves no temporary file in the clone', async () => {
  const { repos, path, dir, start } = await startWork();
  const bare = join(dir, 'clones/acme__app.git');
  const before = readdirSync(bare).sort();
  writeFileSync(join(path, 'b.txt'), 'b\n');
  await repos.dirtyPaths({ repo: REPO, path, head: start });
  await repos.saveWorktree({ repo: REPO, path, head: start, message: 'Checkpoint' });
  expect(readdirSync(bare).sort()).toEqual(before);
  expect(statSync(bare).isDirectory()).toBe(true);
});

function looseObject(path: string, revision: string): string {
  const oid = git(path, ['rev-parse', revision]);
  return join(path, '.git/objects', oid.slice(0, 2), oid.slice(2));
}
