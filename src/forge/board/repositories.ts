import { stamp } from '../clock.ts';
import { copyBranches, createBareRepository, writeFirstCommit } from '../git/create.ts';
import { signatureOf } from '../git/signatures.ts';
import { invalid, invalidBecause } from '../http/failures.ts';
import type { Parts } from '../parts.ts';
import type { RepositoryRecord, Role } from '../records.ts';

/** A repository that is to be made. */
export interface RepositoryDraft {
  readonly owner: string;
  readonly name: string;
  readonly description: string | null;
  readonly private: boolean;
  readonly defaultBranch: string;
  /** null: every account is an administrator. */
  readonly roles: Readonly<Record<string, Role>> | null;
  /** Contents of the first commit by path; without any the repository is empty. */
  readonly files: Readonly<Record<string, string>>;
  /** Path of a local repository to copy branches and tags from; null for none. */
  readonly copyOf: string | null;
  /** Author of the first commit. */
  readonly by: string;
}

/** Makes the bare repository and its record; 422 when there is one. What a killed forge left behind is replaced. */
export async function createRepository(parts: Parts, draft: RepositoryDraft): Promise<RepositoryRecord> {
  const { owner, name, files, copyOf, by, ...rest } = draft;
  refuseName('owner', owner);
  refuseName('name', name);
  const fullName = `${owner}/${name}`;
  if (parts.store.repository(fullName) !== undefined) {
    throw invalidBecause('Repository', 'name already exists on this account', 'name');
  }
  const now = stamp(parts.clock);
  parts.accounts.owner(owner);
  await createBareRepository(parts.git, { name: fullName, branch: draft.defaultBranch });
  if (copyOf !== null) await copyBranches(parts.git, { name: fullName, from: copyOf });
  else if (Object.keys(files).length > 0) {
    const author = signatureOf(parts.accounts.named(by), Date.parse(now) / 1000);
    await writeFirstCommit(parts.git, {
      repository: fullName,
      branch: draft.defaultBranch,
      files,
      message: 'Initial commit',
      author,
    });
  }
  await parts.refs.reload(fullName);
  return parts.store.putRepository({
    ...rest,
    id: parts.store.nextId(),
    owner,
    name,
    archived: false,
    hasIssues: true,
    deleteBranchOnMerge: false,
    mergeMethods: ['merge', 'squash', 'rebase'],
    labels: usualLabels(parts),
    protections: {},
    createdAt: now,
    updatedAt: now,
    pushedAt: now,
    seenTip: await parts.refs.tip(fullName, draft.defaultBranch),
  });
}

/** Names become directories: they must not lead out of them. */
function refuseName(field: 'owner' | 'name', name: string): void {
  const fits = /^[\w.-]{1,100}$/.test(name) && !/^\.{1,2}$|\.git$/.test(name);
  if (!fits) throw invalid({ resource: 'Repository', field, code: 'invalid' });
}

/** The labels that GitHub gives a new repository. */
function usualLabels({ store }: Parts) {
  return USUAL_LABELS.map(([name, color, description]) => ({ id: store.nextId(), name, color, description }));
}

const USUAL_LABELS = [
  ['bug', 'd73a4a', "Something isn't working"],
  ['documentation', '0075ca', 'Improvements or additions to documentation'],
  ['duplicate', 'cfd3d7', 'This issue or pull request already exists'],
  ['enhancement', 'a2eeef', 'New feature or request'],
  ['good first issue', '7057ff', 'Good for newcomers'],
  ['help wanted', '008672', 'Extra attention is needed'],
  ['invalid', 'e4e669', "This doesn't seem right"],
  ['question', 'd876e3', 'Further information is requested'],
  ['wontfix', 'ffffff', 'This will not be worked on'],
] as const;
