import { basename } from 'node:path';
import { execa } from 'execa';
import { gitEnvironment } from './run.ts';

/** A git repository on this machine that a forge can copy. */
export interface LocalRepository {
  /** Its top directory; of a bare one the directory itself. */
  readonly top: string;
  /** The directory's name, in the letters that a repository's name may have. */
  readonly name: string;
  readonly branches: readonly string[];
  /** The default branch of `origin` if there is such a branch here, else the one that is checked out. */
  readonly defaultBranch: string;
}

export type LocalLook =
  | { readonly kind: 'found'; readonly repository: LocalRepository }
  | { readonly kind: 'refused'; readonly reason: string };

/** Looks at the repository that a directory is in, without writing to it. `reason` is in the words of git. */
export async function readLocalRepository(path: string, searchPath: string): Promise<LocalLook> {
  const ask = async (...args: readonly string[]) => {
    const env = { ...gitEnvironment(searchPath), GIT_OPTIONAL_LOCKS: '0' };
    const asked = await execa('git', ['-C', path, ...args], { env, extendEnv: false, reject: false });
    return { isAnswer: !asked.failed, lines: asked.stdout.split('\n'), problem: asked.stderr };
  };
  const where = await ask('rev-parse', '--is-bare-repository', '--absolute-git-dir');
  if (!where.isAnswer) return { kind: 'refused', reason: reasonIn(where.problem) };
  const [isBare, directory = ''] = where.lines;
  const top = isBare === 'true' ? directory : ((await ask('rev-parse', '--show-toplevel')).lines[0] ?? '');
  const listed = await ask('for-each-ref', '--format=%(refname:short)', 'refs/heads');
  const branches = listed.lines.filter(name => name !== '');
  const upstream = await ask('symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD');
  const head = await ask('symbolic-ref', '--quiet', '--short', 'HEAD');
  const wanted = [upstream.lines[0]?.replace('origin/', ''), head.lines[0], 'main', 'master', branches[0]];
  const defaultBranch = wanted.find(name => name !== undefined && branches.includes(name));
  if (defaultBranch === undefined) return { kind: 'refused', reason: 'it has no commits' };
  return { kind: 'found', repository: { top, name: nameOf(top), branches, defaultBranch } };
}

function reasonIn(problem: string): string {
  const [line = 'git could not read it'] = problem.split('\n');
  return line.replace(/^fatal: /, '');
}

function nameOf(top: string): string {
  const name = basename(top)
    .replace(/\.git$/, '')
    .replace(/[^\w.-]+/g, '-');
  return /[a-z0-9]/i.test(name) ? name : 'repository';
}
