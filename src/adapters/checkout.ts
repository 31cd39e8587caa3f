import { stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { execa } from 'execa';
import { HarnessError } from '../errors.ts';
import type { Checkout, CheckoutQuery } from '../ports.ts';

/**
 * Reads the checkout around a directory; null when there is none. Throws `tool-missing` without git and
 * `git-failed` when git refuses the repository.
 */
export async function readCheckout(query: CheckoutQuery): Promise<Checkout | null> {
  const { dir, paths } = query;
  const env = readOnlyEnvironment(query.env);
  // A directory that is missing looks like a git that is missing when the program is started in it.
  if (!(await isDirectory(dir))) throw new HarnessError('not-a-repository', `No directory ${dir}.`);
  const top = await git(['rev-parse', '--show-toplevel'], { cwd: dir, env });
  if (/not a git repository|must be run in a work tree/.test(top.stderr)) return null;
  const root = expectOutput(top);

  const run = (...args: readonly string[]) => git(args, { cwd: root, env });
  const names = expectOutput(await run('remote'))
    .split('\n')
    .filter(Boolean);
  const remotes = await Promise.all(
    names.map(async name => ({ name, address: expectOutput(await run('remote', 'get-url', '--', name)) })),
  );
  const exclude = expectOutput(await run('rev-parse', '--git-path', 'info/exclude'));
  const ignored = await run('check-ignore', '--', ...paths);
  return {
    root,
    remotes,
    excludeFile: isAbsolute(exclude) ? exclude : resolve(root, exclude),
    ignored: ignored.stdout.split('\n').filter(Boolean),
  };
}

const isDirectory = (path: string) =>
  stat(path).then(
    entry => entry.isDirectory(),
    () => false,
  );

/** The user's git with the user's configuration, but neither inherited repositories nor questions nor locks. */
function readOnlyEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return {
    PATH: env.PATH ?? '',
    HOME: env.HOME ?? '',
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
  };
}

interface GitResult {
  readonly failed: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

async function git(
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Record<string, string> },
): Promise<GitResult> {
  const result = await execa('git', args, { ...options, extendEnv: false, stdin: 'ignore', reject: false });
  if (result.code === 'ENOENT') {
    throw new HarnessError('tool-missing', 'git was not found on the PATH.', { cause: result });
  }
  return { failed: result.failed, stdout: result.stdout, stderr: result.stderr };
}

function expectOutput(result: GitResult): string {
  if (result.failed) throw new HarnessError('git-failed', result.stderr.trim());
  return result.stdout;
}
