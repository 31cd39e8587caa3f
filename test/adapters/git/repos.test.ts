import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRepos } from '../../../src/adapters/git/repos.ts';
import { AGENT, commitAll, commitFiles, git, optionsFor, REPO, setScene, startWork } from './setup.ts';

describe('files that the engine commits itself', () => {
  it('are on top of the commit that they change, and nothing else differs', async () => {
    const { options, main, remote } = await setScene();
    const repos = createRepos(options);
    commitFiles(remote, 'main', { 'PLAN.md': 'old\n', 'docs/kept.md': 'kept\n' });
    const parent = await repos.fetchBranch(REPO, 'main');
    const files = { 'PLAN.md': null, 'docs/archive/ä b.md': 'old\n', 'docs/marker.json': '{}\n' };
    const head = await repos.commitFiles(REPO, { parent, message: 'Archive the plan', files });
    const { commits, descends, files: changed } = await repos.change(REPO, { base: parent, head });
    expect({ commits, descends }).toEqual({ commits: 1, descends: true });
    expect(changed.map(({ path }) => path).sort()).toEqual(Object.keys(files).sort());
    expect(await repos.readFile(REPO, head, 'docs/archive/ä b.md')).toBe('old\n');
    expect(await repos.isAncestor(REPO, { ancestor: main, commit: head })).toBe(true);
  });
});

describe('files that are restored', () => {
  it('are as another commit has them, with their modes, or gone', async () => {
    const { options, remote } = await setScene();
    const repos = createRepos(options);
    const from = commitFiles(remote, 'main', { 'package.json': 'old\n', 'kept.txt': 'kept\n' });
    commitFiles(remote, 'main', {
      'package.json': 'new\n',
      'vitest.config.ts': 'new\n',
      'kept.txt': 'more\n',
    });
    const commit = await repos.fetchBranch(REPO, 'main');
    const paths = ['package.json', 'vitest.config.ts'];
    const restored = await repos.restoreFiles(REPO, { commit, from, paths });
    expect(await repos.readFile(REPO, restored, 'package.json')).toBe('old\n');
    expect(await repos.readFile(REPO, restored, 'vitest.config.ts')).toBeNull();
    expect(await repos.readFile(REPO, restored, 'kept.txt')).toBe('more\n');
    expect(await repos.isAncestor(REPO, { ancestor: commit, commit: restored })).toBe(true);
  });
});

describe('fetching', () => {
  it('follows a branch, and says when there is none', async () => {
    const { options, main, remote } = await setScene();
    const repos = createRepos(options);
    expect(await repos.fetchBranch(REPO, 'main')).toBe(main);
    const next = commitFiles(remote, 'main', { 'b.txt': 'b\n' });
    expect(await repos.remoteBranch(REPO, 'main')).toBe(next);
    expect(await repos.remoteBranch(REPO, 'issue/7')).toBe(null);
    await expect(repos.fetchBranch(REPO, 'issue/7')).rejects.toMatchObject({ code: 'git-failed' });
  });

  it('works from many processes at once, in one clone that none has made yet', async () => {
    const { options, dir, remote } = await setScene();
    const fetches = Array.from({ length: 8 }, async (_, at) => {
      commitFiles(remote, `b${at}`, { [`${at}.txt`]: `${at}\n` });
      const repos = createRepos(options);
      const heads = await Promise.all([repos.fetchBranch(REPO, 'main'), repos.fetchBranch(REPO, `b${at}`)]);
      await repos.treeOf(REPO, heads[1]);
    });
    await Promise.all(fetches);
    expect(git(`${dir}/clones/acme__app.git`, ['for-each-ref', 'refs/harness-local/fetch'])).toBe('');
  });

  it('reads a remote that is a directory', async () => {
    const { dir, main } = await setScene();
    const repos = createRepos(optionsFor(`${dir}/clones`, `file://${dir}/remotes`));
    expect(await repos.fetchBranch(REPO, 'main')).toBe(main);
  });

  it('takes old slips in a history, but nothing that would write into a git directory', async () => {
    const { options, remote } = await setScene();
    const repos = createRepos(options);
    const tree = git(remote, ['mktree']);
    const person = 'Ann <ann@example.com> 1 -07000';
    const slip = `tree ${tree}\nauthor ${person}\ncommitter ${person}\n\nOld\n`;
    const write = (type: string, content: string | Buffer) =>
      git(remote, ['hash-object', '-t', type, '-w', '--literally', '--stdin'], content);
    git(remote, ['update-ref', 'refs/heads/old', write('commit', slip)]);
    expect(await repos.fetchBranch(REPO, 'old')).toMatch(/^[0-9a-f]{40}$/);
    const blob = write('blob', 'evil');
    const evil = write('tree', Buffer.concat([Buffer.from('100644 .GIT\0'), Buffer.from(blob, 'hex')]));
    git(remote, ['update-ref', 'refs/heads/evil', git(remote, ['commit-tree', evil], 'Evil')]);
    await expect(repos.fetchBranch(REPO, 'evil')).rejects.toThrow('hasDotgit');
  });

  it('follows a branch whose name takes the place of a folder', async () => {
    const { options, remote, main } = await setScene();
    const repos = createRepos(options);
    git(remote, ['branch', 'topic', 'main']);
    await repos.fetchBranch(REPO, 'topic');
    git(remote, ['branch', '-D', 'topic']);
    git(remote, ['branch', 'topic/one', 'main']);
    expect(await repos.fetchBranch(REPO, 'topic/one')).toBe(main);
  });
});

describe('a worktree', () => {
  it('is a clone of its own on its branch, with nowhere to push', async () => {
    const { path, start } = await startWork();
    expect(git(path, ['status', '--porcelain', '--branch'])).toBe('## issue/7');
    expect(git(path, ['rev-parse', 'HEAD'])).toBe(start);
    expect(git(path, ['remote'])).toBe('');
    expect(readFileSync(join(path, 'src/a.txt'), 'utf8')).toBe('a\n');
    expect(statSync(join(path, '.git')).isDirectory()).toBe(true);
    writeFileSync(join(path, 'b.txt'), 'b\n');
    git(path, ['add', '.']);
    git(path, ['-c', 'user.useConfigOnly=true', 'commit', '-q', '-m', 'Add b'], '', {});
    expect(git(path, ['log', '-1', '--format=%an <%ae> %cn'])).toBe('Agent <agent@example.com> Agent');
  });

  it('is never made over something that is there', async () => {
    const { repos, path, start } = await startWork();
    writeFileSync(join(path, 'mine.txt'), 'mine');
    const again = repos.createWorktree({ repo: REPO, path, branch: 'issue/7', start, identity: AGENT });
    await expect(again).rejects.toMatchObject({ code: 'worktree-exists' });
    expect(readFileSync(join(path, 'mine.txt'), 'utf8')).toBe('mine');
  });

  it('is made although a crash had left half of it', async () => {
    const { repos, dir, start } = await startWork();
    const path = join(dir, 'trees', 'i8');
    mkdirSync(`${path}.new`);
    writeFileSync(`${path}.new/rest.txt`, 'x');
    await repos.createWorktree({ repo: REPO, path, branch: 'issue/8', start, identity: AGENT });
    expect(git(path, ['status', '--porcelain'])).toBe('');
    expect(readdirSync(join(dir, 'trees'))).toEqual(['i7', 'i8']);
  });

  it('commits in any name', async () => {
    const { repos, dir, start } = await startWork();
    const path = join(dir, 'trees', 'i8');
    const identity = { name: 'Zoë "z" \\ O\'Neil; #1', email: 'z@example.com' };
    await repos.createWorktree({ repo: REPO, path, branch: 'issue/8', start, identity });
    git(path, ['commit', '-q', '--allow-empty', '-m', 'Empty'], '', {});
    expect(git(path, ['log', '-1', '--format=%an <%ae>'])).toBe(`${identity.name} <${identity.email}>`);
  });

  it('leaves nothing behind when its start does not exist', async () => {
    const { repos, dir } = await startWork();
    const path = join(dir, 'trees', 'i8');
    const made = repos.createWorktree({
      repo: REPO,
      path,
      branch: 'issue/8',
      start: 'b'.repeat(40),
      identity: AGENT,
    });
    await expect(made).rejects.toMatchObject({ code: 'git-failed' });
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(join(dir, 'trees'))).toEqual(['i7']);
  });

  it('is removed with all that is in it, but not with what links in it point to', async () => {
    const { repos, path, dir } = await startWork();
    mkdirSync(join(dir, 'outside'));
    writeFileSync(join(dir, 'outside', 'kept.txt'), 'kept');
    symlinkSync(join(dir, 'outside'), join(path, 'link'));
    mkdirSync(join(path, 'cache'));
    writeFileSync(join(path, 'cache', 'x'), 'x');
    chmodSync(join(path, 'cache'), 0o555);
    await repos.removeWorktree(path);
    await repos.removeWorktree(path);
    expect(existsSync(path)).toBe(false);
    expect(readFileSync(join(dir, 'outside', 'kept.txt'), 'utf8')).toBe('kept');
  });
});

describe('collecting', () => {
  it('brings the commits of a branch into the clone', async () => {
    const { repos, path, start } = await startWork();
    const head = commitAll(path, { 'src/b.txt': 'b\n', 'README.md': null });
    expect(await repos.collect({ repo: REPO, path, branch: 'issue/7' })).toBe(head);
    expect(await repos.change(REPO, { base: start, head })).toEqual({
      descends: true,
      commits: 1,
      files: [
        { path: 'README.md', status: 'D' },
        { path: 'src/b.txt', status: 'A' },
      ],
    });
    rmSync(path, { recursive: true });
    expect(await repos.treeOf(REPO, head)).toMatch(/^[0-9a-f]{40}$/);
    expect(await repos.isAncestor(REPO, { ancestor: start, commit: head })).toBe(true);
    expect(await repos.isAncestor(REPO, { ancestor: head, commit: start })).toBe(false);
  });

  it('brings nothing new when nothing was committed', async () => {
    const { repos, path, start } = await startWork();
    expect(await repos.collect({ repo: REPO, path, branch: 'issue/7' })).toBe(start);
  });

  it('reads a branch after the agent packed refs and objects', async () => {
    const { repos, path } = await startWork();
    const head = commitAll(path, { 'b.txt': 'b\n' });
    git(path, ['pack-refs', '--all']);
    git(path, ['gc', '-q']);
    expect(existsSync(join(path, '.git/refs/heads/issue/7'))).toBe(false);
    expect(await repos.collect({ repo: REPO, path, branch: 'issue/7' })).toBe(head);
  });

  it('takes what was rebased or amended', async () => {
    const { repos, path, start } = await startWork();
    commitAll(path, { 'b.txt': 'b\n' });
    await repos.collect({ repo: REPO, path, branch: 'issue/7' });
    writeFileSync(join(path, 'b.txt'), 'better\n');
    git(path, ['commit', '-q', '-a', '--amend', '-m', 'Better']);
    const head = await repos.collect({ repo: REPO, path, branch: 'issue/7' });
    expect(head).toBe(git(path, ['rev-parse', 'HEAD']));
    expect(await repos.change(REPO, { base: start, head: head ?? '' })).toMatchObject({ commits: 1 });
  });
});

describe('looking at a worktree', () => {
  it('names every path that differs from the head, but not what is ignored', async () => {
    const { repos, path } = await startWork();
    const head = commitAll(path, { '.gitignore': '*.log\n', 'x.sh': 'x\n' });
    await repos.collect({ repo: REPO, path, branch: 'issue/7' });
    expect(await repos.dirtyPaths({ repo: REPO, path, head })).toEqual([]);
    writeFileSync(join(path, 'out.log'), 'ignored');
    writeFileSync(join(path, 'README.md'), 'changed\n');
    writeFileSync(join(path, 'näw "file".txt'), 'new\n');
    chmodSync(join(path, 'x.sh'), 0o755);
    rmSync(join(path, 'src/a.txt'));
    git(path, ['add', 'README.md']);
    const dirty = await repos.dirtyPaths({ repo: REPO, path, head });
    expect([...dirty].sort()).toEqual(['README.md', 'näw "file".txt', 'src/a.txt', 'x.sh']);
    expect(git(path, ['diff', '--cached', '--name-only'])).toBe('README.md');
  });

  it('fails when there is no worktree', async () => {
    const { repos, path, start } = await startWork();
    await repos.removeWorktree(path);
    await expect(repos.dirtyPaths({ repo: REPO, path, head: start })).rejects.toMatchObject({
      code: 'git-failed',
    });
  });
});

describe('saving a worktree', () => {
  it('commits what is there on top of the head, and touches nothing', async () => {
    const { repos, path, start } = await startWork();
    const save = (head: string) => repos.saveWorktree({ repo: REPO, path, head, message: 'Checkpoint' });
    expect(await save(start)).toBe(null);
    rmSync(join(path, 'src'), { recursive: true });
    writeFileSync(join(path, 'src'), 'a file now\n');
    writeFileSync(join(path, 'new.txt'), 'new\n');
    symlinkSync('new.txt', join(path, 'link'));
    writeFileSync(Buffer.concat([Buffer.from(`${path}/`), Buffer.from([0x66, 0xff])]), 'not UTF-8');
    const before = git(path, ['status', '--porcelain']);
    const saved = (await save(start)) ?? '';
    expect(git(path, ['status', '--porcelain'])).toBe(before);
    const files = (await repos.change(REPO, { base: start, head: saved })).files;
    expect(files.map(({ path, status }) => `${status} ${path}`)).toEqual([
      expect.stringMatching(/^A f/),
      'A link',
      'A new.txt',
      'A src',
      'D src/a.txt',
    ]);
    expect(await save(saved)).toBe(null);
  });

  it('leaves a nested repository out', async () => {
    const { repos, path, start } = await startWork();
    mkdirSync(join(path, 'nested'));
    git(join(path, 'nested'), ['init', '-q']);
    commitAll(join(path, 'nested'), { 'x.txt': 'x' });
    expect(await repos.dirtyPaths({ repo: REPO, path, head: start })).toEqual(['nested/']);
    expect(await repos.saveWorktree({ repo: REPO, path, head: start, message: 'Checkpoint' })).toBe(null);
  });
});

describe('merging', () => {
  async function fork(ours: Readonly<Record<string, string>>, theirs: Readonly<Record<string, string>>) {
    const scene = await setScene();
    const repos = createRepos(scene.options);
    git(scene.remote, ['branch', 'issue/7', 'main']);
    const [base, head] = [
      commitFiles(scene.remote, 'main', ours),
      commitFiles(scene.remote, 'issue/7', theirs),
    ];
    await Promise.all([repos.fetchBranch(REPO, 'main'), repos.fetchBranch(REPO, 'issue/7')]);
    return { ...scene, repos, base, head };
  }

  it('gives the same commit for the same pair, with both sides in it', async () => {
    const { repos, base, head, dir } = await fork({ 'ours.txt': '1' }, { 'theirs.txt': '2' });
    const merged = await repos.merge(REPO, { base, head });
    if (merged.kind !== 'merged') throw new Error('conflict');
    expect(await repos.merge(REPO, { base, head })).toEqual(merged);
    expect(await repos.treeOf(REPO, merged.commit)).toBe(merged.tree);
    const path = join(dir, 'verify');
    await repos.checkout({ repo: REPO, commit: merged.commit, path });
    expect([existsSync(join(path, 'ours.txt')), existsSync(join(path, 'theirs.txt'))]).toEqual([true, true]);
    const dates = git(path, ['log', '--no-walk=unsorted', '--format=%ct', base, head, merged.commit])
      .trim()
      .split('\n');
    expect(Number(dates.pop())).toBe(Math.max(...dates.map(Number)));
  });

  it('is the head itself when the head descends from the base', async () => {
    const { repos, main, head } = await fork({ 'ours.txt': '1' }, { 'theirs.txt': '2' });
    const merged = await repos.merge(REPO, { base: main, head });
    expect(merged).toEqual({ kind: 'merged', commit: head, tree: await repos.treeOf(REPO, head) });
  });

  it('names the files that conflict', async () => {
    const { repos, base, head } = await fork({ 'src/a.txt': 'x\n' }, { 'src/a.txt': 'y\n', 'b.txt': 'b' });
    expect(await repos.merge(REPO, { base, head })).toEqual({ kind: 'conflict', files: ['src/a.txt'] });
    expect(await repos.change(REPO, { base, head })).toMatchObject({
      descends: false,
      files: [{ path: 'b.txt' }, { path: 'src/a.txt' }],
    });
  });

  it('tells when a history of another beginning was merged in', async () => {
    const { repos, path, start } = await startWork();
    const stranger = git(path, ['commit-tree', '-m', 'A stranger', `${start}^{tree}`]);
    commitAll(path, { 'b.txt': 'b' });
    git(path, ['merge', '--quiet', '--allow-unrelated-histories', '-m', 'Merge', stranger]);
    const head = (await repos.collect({ repo: REPO, path, branch: 'issue/7' })) ?? '';
    expect(await repos.change(REPO, { base: start, head })).toMatchObject({ descends: false, commits: 3 });
  });

  it('does not join histories that have nothing in common', async () => {
    const { repos, base, remote } = await fork({ 'ours.txt': '1' }, { 'theirs.txt': '2' });
    const orphan = commitFiles(remote, 'orphan', { 'c.txt': 'c' });
    await repos.fetchBranch(REPO, 'orphan');
    expect(await repos.merge(REPO, { base, head: orphan })).toEqual({ kind: 'conflict', files: [] });
    expect(await repos.change(REPO, { base, head: orphan })).toMatchObject({ descends: false, commits: 1 });
  });
});

describe('a checkout', () => {
  it('is clean, detached, and replaces what was there', async () => {
    const { repos, dir, start } = await startWork();
    const path = join(dir, 'verify');
    mkdirSync(path);
    writeFileSync(join(path, 'left-over.txt'), 'x');
    await repos.checkout({ repo: REPO, commit: start, path });
    expect(existsSync(join(path, 'left-over.txt'))).toBe(false);
    expect(git(path, ['status', '--porcelain', '--branch'])).toBe('## HEAD (no branch)');
    expect(git(path, ['rev-parse', 'HEAD'])).toBe(start);
    expect(git(path, ['remote'])).toBe('');
  });
});
