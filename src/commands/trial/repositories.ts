import { HarnessError, messageOf } from '../../errors.ts';
import type { Forge } from '../../forge/index.ts';
import type { Invocation } from '../../invocation.ts';
import { type IssueText, numberedFromOne } from '../issues-file/issue-text.ts';
import { openLocalRepository } from './local-repository.ts';

/** A repository that a forge is to have. */
export interface WantedRepository {
  readonly owner: string;
  readonly name: string;
  /** What it is a copy of; null for one with nothing but a README. */
  readonly copyOf: { readonly top: string; readonly defaultBranch: string } | null;
}

/** What became of it. */
export interface MadeRepository {
  readonly name: string;
  /** Directory of the original; null when it is no copy. */
  readonly original: string | null;
  /** false: it was there already, and nothing was done to it. */
  readonly isNew: boolean;
  readonly issues: number;
}

/**
 * The repository that a text names: owner/name, or the path of one to copy, which begins with / or . and is
 * owned by `login` on the forge. Throws `usage-invalid` and `not-a-repository`.
 */
export async function readWanted(text: string, login: string, io: Invocation): Promise<WantedRepository> {
  if (/^(\/|\.{1,2}(\/|$))/.test(text)) {
    const copyOf = await openLocalRepository(text, io);
    return { owner: login, name: copyOf.name, copyOf };
  }
  const [, owner, name] = /^([\w.-]+)\/([\w.-]+)$/.exec(text) ?? [];
  if (owner !== undefined && name !== undefined) return { owner, name, copyOf: null };
  throw new HarnessError(
    'usage-invalid',
    `--repo: expected owner/name, or a path that begins with / or ., got ${JSON.stringify(text)}.`,
  );
}

/** Makes the repository with its issues, unless the forge has it already. */
export async function makeRepository(
  forge: Forge,
  { owner, name, copyOf }: WantedRepository,
  { issues, author }: { issues: readonly IssueText[]; author: string },
): Promise<MadeRepository> {
  const repo = `${owner}/${name}`;
  const original = copyOf?.top ?? null;
  if (forge.hasRepository(repo)) return { name: repo, original, isNew: false, issues: 0 };
  if (copyOf === null) await forge.addRepository({ owner, name, files: { 'README.md': `# ${name}\n` } });
  else await copyRepository(forge, { owner, name, copyOf });
  for (const issue of numberedFromOne(issues)) forge.addIssue({ repo, author, ...issue });
  return { name: repo, original, isNew: true, issues: issues.length };
}

async function copyRepository(
  forge: Forge,
  {
    owner,
    name,
    copyOf: { top, defaultBranch },
  }: WantedRepository & { copyOf: { top: string; defaultBranch: string } },
): Promise<void> {
  try {
    await forge.addRepository({ owner, name, copyOf: top, defaultBranch });
  } catch (error) {
    throw new HarnessError('git-failed', `${top} could not be copied: ${messageOf(error)}`, { cause: error });
  }
}
