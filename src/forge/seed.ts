import { createIssue } from './board/issues.ts';
import { labelIds } from './board/labels.ts';
import { createRepository } from './board/repositories.ts';
import type { Parts } from './parts.ts';
import type { RepositoryName, Role } from './records.ts';
import { nameOf } from './records.ts';

/** What a test or the demo puts into a forge without asking its API. */
export interface Seeding {
  /** Makes a repository and returns `owner/name`; with `files` it has a first commit. */
  addRepository(seed: RepositorySeed): Promise<RepositoryName>;
  hasRepository(name: RepositoryName): boolean;
  /** Files an issue and returns its number. Labels that the repository lacks are made. */
  addIssue(seed: IssueSeed): number;
}

export interface RepositorySeed {
  readonly owner: string;
  readonly name: string;
  readonly defaultBranch?: string;
  readonly private?: boolean;
  readonly description?: string;
  /** Contents by path; a text that begins with `#!` becomes executable. */
  readonly files?: Readonly<Record<string, string>>;
  /** A local repository whose branches and tags are copied, in place of `files`. */
  readonly copyOf?: string;
  /** What each login may do; the owner is an administrator, and without this every user of the forge is. */
  readonly roles?: Readonly<Record<string, Role>>;
}

export interface IssueSeed {
  readonly repo: RepositoryName;
  readonly title: string;
  readonly body?: string;
  readonly labels?: readonly string[];
  /** The repository's owner when absent. */
  readonly author?: string;
}

/** Seeding straight into the records. */
export function createSeeding(parts: Parts): Seeding {
  return {
    async addRepository(seed) {
      const repository = await createRepository(parts, {
        owner: seed.owner,
        name: seed.name,
        description: seed.description ?? null,
        private: seed.private ?? false,
        defaultBranch: seed.defaultBranch ?? 'main',
        roles: seed.roles ?? null,
        files: seed.files ?? {},
        copyOf: seed.copyOf ?? null,
        by: seed.owner,
      });
      return nameOf(repository);
    },
    hasRepository: name => parts.store.repository(name) !== undefined,
    addIssue({ repo, title, body = null, labels = [], author }) {
      const repository = parts.store.repository(repo);
      if (repository === undefined) throw new Error(`The forge has no repository ${repo}.`);
      const name = nameOf(repository);
      const issue = createIssue(parts, {
        repository: name,
        title,
        body,
        author: author ?? repository.owner,
        labels: labelIds(parts, name, labels),
        assignees: [],
        pull: null,
      });
      return issue.number;
    },
  };
}
