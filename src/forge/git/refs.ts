import type { Oid, RepositoryName } from '../records.ts';
import type { Git } from './run.ts';

/** The refs of all repositories, kept in memory so that reading them starts no process. */
export interface Refs {
  of(repository: RepositoryName): Promise<ReadonlyMap<string, Oid>>;
  tip(repository: RepositoryName, branch: string): Promise<Oid | null>;
  /** Tips of the branches that a commit contains. */
  branchesIn(repository: RepositoryName, commit: Oid): Promise<ReadonlySet<Oid>>;
  /** Reads them from git again, after a push. */
  reload(repository: RepositoryName): Promise<ReadonlyMap<string, Oid>>;
  /** Moves all refs or none. false: one of them was not as expected. */
  move(repository: RepositoryName, moves: readonly RefMove[]): Promise<boolean>;
}

export interface RefMove {
  readonly ref: string;
  /** null: it must not exist. undefined: whatever it is. */
  readonly from: Oid | null | undefined;
  /** null deletes it. */
  readonly to: Oid | null;
}

const ABSENT = '0'.repeat(40);

/** A table of refs over git. */
export function createRefs(git: Git): Refs {
  const tables = new Map<RepositoryName, Promise<ReadonlyMap<string, Oid>>>();

  const reload = (repository: RepositoryName) => {
    const table = readRefs(git, repository);
    tables.set(repository, table);
    table.catch(() => tables.delete(repository));
    return table;
  };
  const of = (repository: RepositoryName) => tables.get(repository) ?? reload(repository);

  return {
    of,
    reload,
    async tip(repository, branch) {
      return (await of(repository)).get(`refs/heads/${branch}`) ?? null;
    },
    async branchesIn(repository, commit) {
      const tips = await git.run(repository, [
        'for-each-ref',
        `--merged=${commit}`,
        '--format=%(objectname)',
        'refs/heads',
      ]);
      return new Set(tips.split('\n'));
    },
    async move(repository, moves) {
      if (moves.length === 0) return true;
      const input = moves.map(instructionFor).join('');
      const { exit } = await git.attempt(repository, ['update-ref', '--stdin'], { input });
      await reload(repository);
      return exit === 0;
    },
  };
}

function instructionFor({ ref, from, to }: RefMove): string {
  const expected = from === undefined ? '' : ` ${from ?? ABSENT}`;
  if (to === null) return `delete ${ref}${expected}\n`;
  return `update ${ref} ${to}${expected}\n`;
}

async function readRefs(git: Git, repository: RepositoryName): Promise<ReadonlyMap<string, Oid>> {
  const lines = await git.run(repository, ['for-each-ref', '--format=%(objectname) %(refname)']);
  const table = new Map<string, Oid>();
  for (const line of lines.split('\n')) {
    if (line !== '') table.set(line.slice(41), line.slice(0, 40));
  }
  return table;
}
