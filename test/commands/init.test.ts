import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readCheckout } from '../../src/adapters/checkout.ts';
import { type InitOptions, type InitSeams, initCommand } from '../../src/commands/init.ts';
import { loadConfig } from '../../src/config.ts';

const env = { PATH: process.env.PATH, HOME: '/nonexistent', HARNESS_HOME: '/nonexistent/.harness' };

async function temporaryDirectory(): Promise<string> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'harness-init-')));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

const git = (cwd: string, ...args: string[]) =>
  execa('git', args, { cwd, env: { ...env, GIT_CONFIG_GLOBAL: '/dev/null' }, extendEnv: false });

async function checkout(remotes: Record<string, string> = { origin: 'git@github.com:acme/app.git' }) {
  const directory = await temporaryDirectory();
  await git(directory, 'init', '-q', '-b', 'main');
  for (const [name, address] of Object.entries(remotes)) await git(directory, 'remote', 'add', name, address);
  return directory;
}

async function init(
  cwd: string,
  options: InitOptions = {},
  { env: extra = {}, ...seams }: Partial<InitSeams> & { env?: Record<string, string> } = {},
) {
  let out = '';
  const exit = await initCommand(
    options,
    {
      cwd,
      env: { ...env, ...extra },
      out: text => {
        out += text;
      },
      err: () => {},
      columns: 80,
      isTerminal: false,
      isInteractive: false,
      useColor: false,
      signal: new AbortController().signal,
      exitNow: code => {
        throw new Error(`exited with ${code}`);
      },
    },
    { readCheckout, checkRepository: async () => ({ refusals: [], remarks: [] }), ...seams },
  );
  return { exit, out };
}

const read = (directory: string, path: string) => readFile(join(directory, path), 'utf8');

async function filesBelow(directory: string): Promise<Record<string, string>> {
  const names = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = names.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(files.sort().map(async path => [path, await readFile(path, 'latin1')])),
  );
}

describe('a first run', () => {
  test('takes the repository from the remote and guesses the commands', async () => {
    const directory = await checkout();
    await writeFile(join(directory, 'package.json'), '{"scripts":{"test":"vitest run"}}');
    await writeFile(join(directory, 'package-lock.json'), '{}');
    const { exit, out } = await init(directory);

    expect(exit).toBe(0);
    const { settings, warnings } = await loadConfig({ projectDir: directory, env: {} });
    expect(warnings).toEqual([]);
    expect(settings).toMatchObject({
      HARNESS_REPO: 'acme/app',
      HARNESS_MODE: 'issue-only',
      HARNESS_SETUP: 'npm ci',
      HARNESS_VERIFY: 'npm test',
      HARNESS_API_URL: 'https://api.github.com',
    });
    expect(out).toContain('acme/app');
    expect(out).toContain('guessed HARNESS_VERIFY=npm test (the test script in package.json)');
    expect(out).toContain('harness start');
  });

  test('asks the GitHub that the environment names, where nothing else does', async () => {
    const asked: string[] = [];
    const checkRepository: InitSeams['checkRepository'] = async ({ apiUrl }) => {
      asked.push(apiUrl);
      return { refusals: [], remarks: [] };
    };
    const HARNESS_API_URL = 'https://github.example.com/api/v3';
    await init(await checkout(), {}, { checkRepository, env: { HARNESS_API_URL } });
    await init(await checkout(), {}, { checkRepository });
    expect(asked).toEqual([HARNESS_API_URL, 'https://api.github.com']);
  });

  test('leads to the login that the agent needs, and to none where there is one', async () => {
    const nextOf = async (env: Record<string, string>) =>
      JSON.parse((await init(await checkout(), { json: true }, { env })).out).next.join('\n');
    expect(await nextOf({})).toContain('`claude setup-token`');
    expect(await nextOf({ ANTHROPIC_API_KEY: 'x' })).not.toContain('Claude');
  });

  test('keeps policy and host settings apart', async () => {
    const directory = await checkout();
    await init(directory, { pool: '2', cap: '4', agentCommand: 'agent --say "it\'s $5"', mode: 'prd' });
    const [policy, host] = await Promise.all([
      read(directory, '.harness/config'),
      read(directory, '.harness/config.local'),
    ]);
    expect(policy).toContain('HARNESS_MODE=prd');
    expect(policy).not.toMatch(/POOL|CAP|AGENT/);
    expect(host).toContain('HARNESS_POOL=2');
    const { settings } = await loadConfig({ projectDir: directory, env: {} });
    expect(settings).toMatchObject({ HARNESS_CAP: 4, HARNESS_AGENT_COMMAND: 'agent --say "it\'s $5"' });
  });

  test('has a flag for every question', async () => {
    const directory = await checkout({});
    await init(directory, {
      repo: 'acme/other',
      mode: 'planned',
      topology: 'single',
      base: 'dev',
      spec: 'docs/spec.md',
      setup: 'make deps',
      verify: 'make check',
      labelReady: 'ready',
      allowAuthors: 'ada,grace',
      agentCommand: 'claude -p',
      pool: '1',
      cap: '2',
      prefix: 'app',
      apiUrl: 'https://git.example/api/v3',
    });
    const { settings } = await loadConfig({ projectDir: directory, env: {} });
    expect(settings).toMatchObject({
      HARNESS_REPO: 'acme/other',
      HARNESS_MODE: 'planned',
      HARNESS_BASE: 'dev',
      HARNESS_SPEC: 'docs/spec.md',
      HARNESS_SETUP: 'make deps',
      HARNESS_VERIFY: 'make check',
      HARNESS_LABEL_READY: 'ready',
      HARNESS_AUTHOR_ALLOWLIST: 'ada,grace',
      HARNESS_AGENT_COMMAND: 'claude -p',
      HARNESS_POOL: 1,
      HARNESS_CAP: 2,
      HARNESS_SESS_PREFIX: 'app',
      HARNESS_API_URL: 'https://git.example/api/v3',
    });
  });

  test('works from a directory inside the checkout', async () => {
    const directory = await checkout();
    await mkdir(join(directory, 'src/deep'), { recursive: true });
    await init(join(directory, 'src/deep'));
    expect(await read(directory, '.harness/config')).toContain('HARNESS_REPO=acme/app');
  });

  test('takes the API of a GitHub that is not github.com from the remote', async () => {
    const directory = await checkout({ origin: 'http://127.0.0.1:4321/acme/app.git' });
    await init(directory);
    const { settings, origins } = await loadConfig({ projectDir: directory, env: {} });
    expect(settings.HARNESS_API_URL).toBe('http://127.0.0.1:4321');
    expect(origins.HARNESS_API_URL.origin).toBe('local');
  });

  test('takes the address of a repository as well as its name', async () => {
    const directory = await checkout({});
    await init(directory, { repo: 'https://git.acme.example/acme/app.git' });
    const { settings } = await loadConfig({ projectDir: directory, env: {} });
    expect(settings).toMatchObject({
      HARNESS_REPO: 'acme/app',
      HARNESS_API_URL: 'https://git.acme.example/api/v3',
    });
  });

  test('leaves an answer of nothing blank instead of guessing', async () => {
    const directory = await checkout();
    await writeFile(join(directory, 'go.mod'), '');
    await init(directory, { verify: '' });
    expect((await loadConfig({ projectDir: directory, env: {} })).settings.HARNESS_VERIFY).toBe('');
  });

  test('prints facts with --json', async () => {
    const directory = await checkout();
    const { out } = await init(directory, { json: true, verify: 'true' });
    expect(JSON.parse(out)).toMatchObject({
      projectDir: directory,
      repo: 'acme/app',
      mode: 'issue-only',
      written: [
        { path: '.git/info/exclude', settings: [] },
        { path: '.harness/config.local', settings: ['HARNESS_AGENT_COMMAND'] },
        { path: '.harness/config', settings: expect.arrayContaining(['HARNESS_REPO', 'HARNESS_VERIFY']) },
      ],
      guesses: [{ name: 'HARNESS_REPO', value: 'acme/app', because: 'remote origin' }],
    });
  });
});

describe('what git sees', () => {
  test('the policy can be committed, the files of the host are passed over', async () => {
    const directory = await checkout();
    await init(directory);
    await mkdir(join(directory, '.harness/run'));
    await writeFile(join(directory, '.harness/run/claim'), '');
    const { stdout } = await git(directory, 'status', '--porcelain', '--untracked-files=all');
    expect(stdout).toBe('?? .harness/config');
  });

  test('.gitignore is changed only when asked for', async () => {
    const directory = await checkout();
    await writeFile(join(directory, '.gitignore'), 'dist');
    await init(directory);
    expect(await read(directory, '.gitignore')).toBe('dist');
    await init(directory, { gitignore: true });
    expect(await read(directory, '.gitignore')).toBe(
      'dist\n# Harness: what belongs to this host only\n/.harness/run/\n/.harness/config.local\n',
    );
  });

  test('nothing is added where git passes over the files already, and a hidden policy is warned about', async () => {
    const directory = await checkout();
    await writeFile(join(directory, '.gitignore'), '.harness/\n');
    const before = await read(directory, '.git/info/exclude');
    const { out } = await init(directory);
    expect(await read(directory, '.git/info/exclude')).toBe(before);
    expect(out).toContain('git ignores .harness/config');
  });

  test('index, HEAD, configuration and other files stay as they were', async () => {
    const directory = await checkout();
    await writeFile(join(directory, 'a.txt'), 'a');
    await git(directory, 'add', 'a.txt');
    await writeFile(join(directory, 'b.txt'), 'b');
    const before = await filesBelow(directory);
    await init(directory);
    const after = await filesBelow(directory);
    const changed = Object.keys(after).filter(path => after[path] !== before[path]);
    expect(changed.map(path => path.slice(directory.length + 1)).sort()).toEqual([
      '.git/info/exclude',
      '.harness/config',
      '.harness/config.local',
    ]);
  });

  test('a linked worktree uses the list of its repository', async () => {
    const directory = await checkout();
    await git(
      directory,
      '-c',
      'user.name=a',
      '-c',
      'user.email=a@b',
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      'x',
    );
    await git(directory, 'worktree', 'add', '-q', join(directory, 'linked'), '-b', 'other');
    await init(join(directory, 'linked'));
    expect(await read(directory, '.git/info/exclude')).toContain('/.harness/run/');
    expect(await read(directory, 'linked/.harness/config')).toContain('acme/app');
  });
});

describe('a run on a project that is set up', () => {
  test('changes nothing and says so', async () => {
    const directory = await checkout();
    await init(directory, { pool: '2', verify: 'npm test' });
    const before = await filesBelow(directory);
    const { exit, out } = await init(directory, { pool: '2', verify: 'npm test' });
    expect(exit).toBe(0);
    expect(out).toContain('nothing to change');
    expect(await filesBelow(directory)).toEqual(before);
  });

  test('keeps unknown keys and comments, and adds what is missing', async () => {
    const directory = await checkout();
    const own = '# ours\n: "$' + '{HARNESS_MODE:=prd}"\nHARNESS_FUTURE=1\n';
    await mkdir(join(directory, '.harness'));
    await writeFile(join(directory, '.harness/config'), own);
    const { out } = await init(directory);
    const text = await read(directory, '.harness/config');
    expect(text.startsWith(own)).toBe(true);
    expect(text).toContain('HARNESS_REPO=acme/app');
    expect(text).not.toContain('HARNESS_MODE=issue-only');
    expect(out).toContain('HARNESS_FUTURE is not a setting');
  });

  test('refuses to change what is set differently, and says where it is', async () => {
    const directory = await checkout();
    await init(directory, { verify: 'npm test' });
    const before = await filesBelow(directory);
    await expect(init(directory, { verify: 'make', pool: '9' })).rejects.toMatchObject({
      code: 'config-differs',
      message: expect.stringMatching(/\.harness\/config:\d+: HARNESS_VERIFY is "npm test", not "make"\.$/),
    });
    expect(await filesBelow(directory)).toEqual(before);
  });

  test('changes it with --force, in the place where it is set', async () => {
    const directory = await checkout();
    await init(directory, { verify: 'npm test' });
    await writeFile(join(directory, '.harness/config.local'), 'HARNESS_VERIFY="npm run mine" # here only\n');
    await init(directory, { verify: 'make', force: true });
    expect(await read(directory, '.harness/config')).toContain('HARNESS_VERIFY="npm test"');
    expect(await read(directory, '.harness/config.local')).toMatch(/^HARNESS_VERIFY=make\n/);
  });

  test('sets up a second host from the committed policy', async () => {
    const directory = await checkout({ origin: 'https://git.acme.example/acme/app.git' });
    await mkdir(join(directory, '.harness'));
    await writeFile(
      join(directory, '.harness/config'),
      'HARNESS_REPO=acme/app\nHARNESS_MODE=prd\nHARNESS_SETUP=\nHARNESS_VERIFY=x\n',
    );
    const before = await read(directory, '.harness/config');
    await init(directory, { agentCommand: 'claude -p' });
    expect(await read(directory, '.harness/config')).toBe(before);
    const { settings } = await loadConfig({ projectDir: directory, env: {} });
    expect(settings).toMatchObject({
      HARNESS_API_URL: 'https://git.acme.example/api/v3',
      HARNESS_AGENT_COMMAND: 'claude -p',
    });
  });

  test('understands a repository that is named without its owner', async () => {
    const directory = await checkout({});
    await mkdir(join(directory, '.harness'));
    await writeFile(join(directory, '.harness/config'), 'HARNESS_OWNER=acme\nHARNESS_REPO=app\n');
    expect((await init(directory)).exit).toBe(0);
    expect(await read(directory, '.harness/config')).toMatch(/^HARNESS_OWNER=acme\nHARNESS_REPO=app\n/);
  });

  test('a configuration that is a symlink stays one', async () => {
    const directory = await checkout();
    await mkdir(join(directory, '.harness'));
    await writeFile(join(directory, 'shared-config'), '');
    await symlink('../shared-config', join(directory, '.harness/config'));
    await init(directory);
    expect(await read(directory, 'shared-config')).toContain('HARNESS_REPO=acme/app');
  });
});

describe('problems', () => {
  test('no git repository', async () => {
    await expect(init(await temporaryDirectory())).rejects.toMatchObject({
      code: 'not-a-repository',
      exit: 2,
    });
  });

  test('a directory that does not exist', async () => {
    await expect(init('/', { dir: 'nowhere/at/all' })).rejects.toMatchObject({
      code: 'not-a-repository',
      message: 'No directory /nowhere/at/all.',
    });
  });

  test('no remote', async () => {
    await expect(init(await checkout({}))).rejects.toMatchObject({ code: 'no-remote', exit: 2 });
  });

  test('a remote that is a local path', async () => {
    await expect(init(await checkout({ origin: '/srv/app.git' }))).rejects.toMatchObject({
      code: 'no-remote',
    });
  });

  test('several remotes: origin counts, else one must be named', async () => {
    const fork = 'https://github.com/me/app.git';
    const upstream = 'https://github.com/acme/app.git';
    const withOrigin = await checkout({ upstream, origin: fork });
    await init(withOrigin);
    expect(await read(withOrigin, '.harness/config')).toContain('HARNESS_REPO=me/app');

    const without = await checkout({ upstream, mine: fork });
    await expect(init(without)).rejects.toMatchObject({
      code: 'no-remote',
      message: expect.stringContaining('upstream (acme/app)'),
      fix: expect.stringContaining('--remote'),
    });
    await expect(init(without, { remote: 'other' })).rejects.toMatchObject({ code: 'no-remote' });
    await init(without, { remote: 'upstream' });
    expect(await read(without, '.harness/config')).toContain('HARNESS_REPO=acme/app');
  });

  test.each([
    [
      { mode: 'chaos' },
      'config-invalid',
      /HARNESS_MODE: expected one of issue-only, prd, planned, got "chaos"/,
    ],
    [{ pool: 'many' }, 'config-invalid', /HARNESS_POOL: expected a whole number/],
    [{ verify: 'a\nb' }, 'config-invalid', /one line/],
    [{ repo: 'acme' }, 'usage-invalid', /owner\/name/],
    [{ mode: 'planned' }, 'usage-invalid', /specification/],
  ])('%j is refused, and nothing is written', async (options, code, message) => {
    const directory = await checkout();
    const before = await filesBelow(directory);
    await expect(init(directory, options)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(await filesBelow(directory)).toEqual(before);
  });

  test('an unreadable configuration', async () => {
    const directory = await checkout();
    await mkdir(join(directory, '.harness/config'), { recursive: true });
    await expect(init(directory)).rejects.toMatchObject({ code: 'config-unreadable' });
  });

  test('a configuration that is no configuration', async () => {
    const directory = await checkout();
    await mkdir(join(directory, '.harness'));
    await writeFile(join(directory, '.harness/config'), 'if [ -f x ]; then\n');
    await expect(init(directory)).rejects.toThrow(/config:1: expected KEY=VALUE/);
  });

  test('a place that can not be written to', async () => {
    const directory = await checkout();
    await symlink('/proc/nowhere', join(directory, '.harness'));
    await expect(init(directory)).rejects.toMatchObject({ code: 'config-unwritable' });
  });

  test('a project in the home of Harness', async () => {
    const directory = await temporaryDirectory();
    const home = { HARNESS_HOME: join(directory, '.harness') };
    await expect(init(directory, { repo: 'acme/app' }, { env: home })).rejects.toThrow(/home of Harness/);
  });

  test('git is missing', async () => {
    const checkoutOf = (query: Parameters<typeof readCheckout>[0]) =>
      readCheckout({ ...query, env: { PATH: '/nonexistent' } });
    await expect(init(await checkout(), {}, { readCheckout: checkoutOf })).rejects.toMatchObject({
      code: 'tool-missing',
      exit: 3,
    });
  });

  test('a repository that a fleet could not work on stops init before it writes', async () => {
    const directory = await checkout();
    const seen: unknown[] = [];
    const checkRepository = async (target: unknown) => {
      seen.push(target);
      return { refusals: ['acme/app is archived.'], remarks: [] };
    };
    const before = await filesBelow(directory);
    await expect(init(directory, {}, { checkRepository })).rejects.toMatchObject({
      code: 'github-refused',
      message: 'acme/app is archived.',
    });
    expect(await filesBelow(directory)).toEqual(before);
    expect(seen).toEqual([{ repo: 'acme/app', apiUrl: 'https://api.github.com', review: 'off', base: '' }]);

    const { out } = await init(directory, { force: true }, { checkRepository });
    expect(out).toContain('warning: acme/app is archived.');
  });

  test('a repository that could not be asked about is told, and init goes on', async () => {
    const checkRepository = async () => ({ refusals: [], remarks: ['acme/app could not be checked.'] });
    const { exit, out } = await init(await checkout(), {}, { checkRepository });
    expect(exit).toBe(0);
    expect(out).toContain('warning: acme/app could not be checked.');
  });
});
