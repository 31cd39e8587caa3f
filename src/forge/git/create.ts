import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RepositoryName } from '../records.ts';
import type { Git } from './run.ts';
import type { Signature } from './signatures.ts';
import { signatureLine } from './signatures.ts';

/**
 * Creates an empty bare repository. `receive.hideRefs` refuses pushes to refs/pull with the words that
 * GitHub uses ("deny updating a hidden ref") and still serves them to fetches.
 */
export async function createBareRepository(
  git: Git,
  repository: { name: RepositoryName; branch: string },
): Promise<void> {
  const directory = git.directoryOf(repository.name);
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  await git.run(repository.name, [
    'init',
    '--quiet',
    '--bare',
    '--template=',
    `--initial-branch=${repository.branch}`,
  ]);
  await writeFile(join(directory, 'config'), CONFIGURATION);
}

const CONFIGURATION = `[core]
	repositoryformatversion = 0
	filemode = true
	bare = true
	logAllRefUpdates = false
[http]
	receivepack = true
[gc]
	auto = 0
[receive]
	autogc = false
	hideRefs = refs/pull
	advertisePushOptions = true
[uploadpack]
	allowAnySHA1InWant = true
	allowFilter = true
`;

/** Copies the branches and tags of a local repository, shallow ones too, which stays as it is. */
export async function copyBranches(
  git: Git,
  { name, from }: { name: RepositoryName; from: string },
): Promise<void> {
  const refspecs = ['refs/heads/*:refs/heads/*', 'refs/tags/*:refs/tags/*'];
  await git.run(name, ['fetch', '--quiet', '--update-shallow', from, ...refspecs]);
}

/** Writes the first commit of a branch from paths and contents. */
export async function writeFirstCommit(
  git: Git,
  commit: {
    repository: RepositoryName;
    branch: string;
    files: Readonly<Record<string, string>>;
    message: string;
    author: Signature;
  },
): Promise<void> {
  const signature = signatureLine(commit.author);
  const stream = [
    `commit refs/heads/${commit.branch}\nauthor ${signature}\ncommitter ${signature}\n${dataOf(commit.message)}`,
    ...Object.entries(commit.files).map(
      ([path, text]) => `M ${modeOf(text)} inline ${path}\n${dataOf(text)}`,
    ),
    'done\n',
  ];
  await git.run(commit.repository, ['fast-import', '--quiet', '--done', '--date-format=raw'], {
    input: stream.join(''),
  });
}

function dataOf(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

/** Scripts are given as plain text, so the shebang is what tells that a file is executable. */
function modeOf(text: string): string {
  return text.startsWith('#!') ? '100755' : '100644';
}
