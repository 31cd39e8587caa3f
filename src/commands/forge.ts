import { join, relative, resolve } from 'node:path';
import { EXIT, HarnessError } from '../errors.ts';
import { type Forge, startForge } from '../forge/index.ts';
import type { Invocation } from '../invocation.ts';
import type { IssueText } from './issues-file/issue-text.ts';
import { readIssuesFile } from './issues-file/read.ts';
import { exportLine } from './trial/exports.ts';
import { type MadeRepository, makeRepository, readWanted } from './trial/repositories.ts';

export interface ForgeOptions {
  readonly root: string;
  readonly port: string;
  readonly login: string;
  readonly token: string;
  /** Each is owner/name for an empty repository, or the path of one to copy. */
  readonly repo?: readonly string[] | undefined;
  /** Path of a file with issues for the repository. */
  readonly issues?: string | undefined;
  /** Every push of a ref that is neither a branch nor a tag is refused. */
  readonly branchesOnly?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** Runs the embedded GitHub in the foreground until Ctrl-C. Its state stays in `--root`. */
export async function forgeCommand(options: ForgeOptions, io: Invocation): Promise<number> {
  const { signal } = io;
  const { login, token, repo = [] } = options;
  const root = resolve(io.cwd, options.root);
  const wanted = await Promise.all(repo.map(text => readWanted(text, login, io)));
  for (const { copyOf } of wanted) if (copyOf !== null) refuseRootIn(copyOf.top, root);
  const issues = await readIssues(options, io);
  const forge = await open(options, io);
  try {
    const made: MadeRepository[] = [];
    for (const each of wanted) made.push(await makeRepository(forge, each, { issues, author: login }));
    const gh = await forge.connectGh({ dir: join(root, 'gh'), user: { login, token } });
    const { url, apiUrl } = forge;
    const created = made.filter(({ isNew }) => isNew).map(({ name }) => name);
    const environment = { HARNESS_API_URL: apiUrl, HARNESS_TOKEN: token, ...gh };
    const facts = { url, apiUrl, login, token, created, environment };
    io.out(options.json ? `${JSON.stringify(facts)}\n` : describe(facts, { root, made }));
    await new Promise(done =>
      signal.aborted ? done(null) : signal.addEventListener('abort', done, { once: true }),
    );
  } finally {
    await forge.close();
  }
  return EXIT.ok;
}

async function readIssues(
  { issues, repo = [] }: ForgeOptions,
  io: Invocation,
): Promise<readonly IssueText[]> {
  if (issues === undefined) return [];
  if (repo.length === 1) return readIssuesFile(resolve(io.cwd, issues));
  throw new HarnessError('usage-invalid', '--issues: expected exactly one --repo to file them in.');
}

/** The repository that is copied stays as it is, its untracked files too. */
function refuseRootIn(top: string, root: string): void {
  if (relative(top, root).startsWith('..')) return;
  throw new HarnessError('usage-invalid', `--root: ${root} is inside of ${top}, where nothing is written.`, {
    fix: 'Choose a directory outside of it, for example --root ~/forge.',
  });
}

async function open(
  { root, port, login, token, branchesOnly = false }: ForgeOptions,
  io: Invocation,
): Promise<Forge> {
  const number = Number(port);
  if (!Number.isInteger(number) || number < 0 || number > 65_535) {
    throw new HarnessError(
      'usage-invalid',
      `--port: expected a number from 0 to 65535, got ${JSON.stringify(port)}.`,
    );
  }
  try {
    return await startForge({
      root: resolve(io.cwd, root),
      port: number,
      users: [{ login, token }],
      takesBranchesOnly: branchesOnly,
    });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    throw new HarnessError('port-in-use', `Port ${port} on 127.0.0.1 is in use.`, { cause: error });
  }
}

interface Facts {
  readonly url: string;
  readonly login: string;
  readonly token: string;
  readonly environment: Readonly<Record<string, string>>;
}

function describe(
  { url, login, token, environment }: Facts,
  { root, made }: { root: string; made: readonly MadeRepository[] },
): string {
  const { host } = new URL(url);
  const [example = { name: 'owner/name' }] = made;
  return [
    `The forge listens on ${url} and keeps its state in ${root}.`,
    ...made.flatMap(repository => [
      describeRepository(repository),
      `  git clone http://${login}:${token}@${host}/${repository.name}.git`,
    ]),
    '',
    'For harness, git and gh in another terminal:',
    ...exportLines(environment),
    `  gh issue list --repo ${example.name}`,
    'Ctrl-C stops it; the same --root continues it.',
    '',
  ].join('\n');
}

function describeRepository({ name, original, isNew, issues }: MadeRepository): string {
  if (!isNew) return `${name} is there already and stays as it is, with its issues.`;
  const what = original === null ? '' : `, a copy of the branches and tags of ${original}`;
  const filed = issues === 0 ? '' : `, with ${issues} ${issues === 1 ? 'issue' : 'issues'}`;
  return `Created ${name}${what}${filed}.`;
}

/** One line for each program: variables that begin alike belong together. */
function exportLines(environment: Readonly<Record<string, string>>): readonly string[] {
  return ['HARNESS_', 'GH_', 'GIT_'].map(prefix => {
    const own = Object.entries(environment).filter(([name]) => name.startsWith(prefix));
    return `  ${exportLine(Object.fromEntries(own))}`;
  });
}
