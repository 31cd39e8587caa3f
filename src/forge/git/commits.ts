import { timestampOf } from '../clock.ts';
import type { Oid, RepositoryName } from '../records.ts';
import type { Remember } from './remember.ts';
import type { Git } from './run.ts';

/** A commit as git has it. */
export interface Commit {
  readonly sha: Oid;
  readonly tree: Oid;
  readonly parents: readonly Oid[];
  readonly author: Person;
  readonly committer: Person;
  readonly message: string;
}

export interface Person {
  readonly name: string;
  readonly email: string;
  readonly date: string;
}

/** Questions about commits; what git answered once about object names is remembered. */
export interface Commits {
  /** The commit that a branch, tag or object name means; null when there is none. */
  resolve(repository: RepositoryName, name: string): Promise<Oid | null>;
  read(repository: RepositoryName, sha: Oid): Promise<Commit>;
  /** Commits that `head` has and `base` has not, oldest first. */
  between(repository: RepositoryName, range: Range): Promise<readonly Commit[]>;
  /** History of a commit, newest first. */
  history(repository: RepositoryName, walk: HistoryWalk): Promise<readonly Commit[]>;
  mergeBase(repository: RepositoryName, range: Range): Promise<Oid | null>;
  isAncestor(repository: RepositoryName, pair: { ancestor: Oid; commit: Oid }): Promise<boolean>;
}

export interface Range {
  readonly base: Oid;
  readonly head: Oid;
}

export interface HistoryWalk {
  readonly from: Oid;
  readonly path: string | null;
  readonly skip: number;
  readonly count: number;
}

const FORMAT = '--format=%H%n%T%n%P%n%an%n%ae%n%at%n%cn%n%ce%n%ct%n%B';

/** Commits of the forge's repositories. */
export function createCommits({ git, remember }: { git: Git; remember: Remember }): Commits {
  const log = async (repository: RepositoryName, args: readonly string[]) =>
    parseCommits(await git.run(repository, ['log', '-z', FORMAT, ...args]));

  return {
    async resolve(repository, name) {
      if (name.startsWith('-')) return null;
      const { exit, stdout } = await git.attempt(repository, [
        'rev-parse',
        '--verify',
        '--quiet',
        `${name}^{commit}`,
      ]);
      return exit === 0 ? stdout.trim() : null;
    },
    read: (repository, sha) =>
      remember(`commit ${repository} ${sha}`, async () => {
        const [commit] = await log(repository, ['-1', sha]);
        if (commit === undefined) throw new Error(`no commit ${sha} in ${repository}`);
        return commit;
      }),
    between: (repository, { base, head }) =>
      remember(`between ${repository} ${base} ${head}`, () =>
        log(repository, ['--reverse', '--topo-order', `${base}..${head}`]),
      ),
    history: (repository, { from, path, skip, count }) =>
      remember(`history ${repository} ${from} ${path} ${skip} ${count}`, () =>
        log(repository, [`--skip=${skip}`, `-${count}`, from, '--', ...(path === null ? [] : [path])]),
      ),
    mergeBase: (repository, { base, head }) =>
      remember(`merge-base ${repository} ${base} ${head}`, async () => {
        const { exit, stdout } = await git.attempt(repository, ['merge-base', base, head]);
        return exit === 0 ? stdout.trim() : null;
      }),
    isAncestor: (repository, { ancestor, commit }) =>
      remember(`ancestor ${repository} ${ancestor} ${commit}`, async () => {
        const { exit } = await git.attempt(repository, ['merge-base', '--is-ancestor', ancestor, commit]);
        return exit === 0;
      }),
  };
}

function parseCommits(text: string): readonly Commit[] {
  return text
    .split('\0')
    .filter(record => record.trim() !== '')
    .map(parseCommit);
}

function parseCommit(record: string): Commit {
  const [sha = '', tree = '', parents = '', ...rest] = record.split('\n');
  const [authorName = '', authorEmail = '', authorTime, name = '', email = '', time, ...message] = rest;
  return {
    sha,
    tree,
    parents: parents.split(' ').filter(parent => parent !== ''),
    author: { name: authorName, email: authorEmail, date: timestampOf(Number(authorTime) * 1000) },
    committer: { name, email, date: timestampOf(Number(time) * 1000) },
    message: message.join('\n').trimEnd(),
  };
}
