import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import {
  access,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, onTestFinished, test } from 'vitest';

const ROOT = new URL('..', import.meta.url).pathname;

/** The programs that install.sh uses, besides the ones that it checks. */
const TOOLS =
  'sh env uname dirname sed grep cat cp mkdir rm rmdir ln readlink mv find tail date id chmod node'.split(
    ' ',
  );

/** Stands in for npm: "builds" a harness that prints its version and what it was called with. */
const FAKE_NPM = `#!/bin/sh
case $1 in
  run)
    if [ -e "$NPM_HANGS" ]; then : > "$NPM_HANGS.reached"; read -r _ < "$NPM_HANGS"; fi
    if [ -n "$NPM_FAILS" ]; then echo 'cannot build this'; exit 1; fi
    mkdir dist
    echo 'const [verb] = process.argv.slice(2);' > dist/cli.js
    echo 'console.log(verb === "--version" ? "$VERSION" : "ran " + verb);' | sed "s/.VERSION/\${BUILD_VERSION:-1.2.3}/" >> dist/cli.js
    echo 'process.exitCode = verb === "demo" ? 7 : 0;' >> dist/cli.js
    ;;
esac
`;

interface Machine {
  readonly home: string;
  /** A clone of Harness, as far as install.sh can see. */
  readonly clone: string;
  /** The only directory on the PATH. */
  readonly programs: string;
  readonly env: Record<string, string>;
  readonly engine: string;
  readonly link: string;
}

async function temporaryDirectory(): Promise<string> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'harness-install-')));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

async function makeMachine(): Promise<Machine> {
  const root = await temporaryDirectory();
  const machine = {
    home: join(root, 'home'),
    clone: join(root, 'clone dir'),
    programs: join(root, 'programs'),
  };
  for (const directory of Object.values(machine)) await mkdir(directory);
  for (const name of [...TOOLS, 'git']) await symlink(await pathOf(name), join(machine.programs, name));
  await program(machine, 'tmux', 'echo tmux 3.3a');
  await writeFile(join(machine.programs, 'npm'), FAKE_NPM, { mode: 0o755 });

  await mkdir(join(machine.clone, 'src'));
  await mkdir(join(machine.clone, 'bin'));
  await mkdir(join(machine.clone, 'prompts'));
  await writeFile(join(machine.clone, 'package.json'), '{\n  "name": "harness",\n  "type": "module"\n}\n');
  await cp(join(ROOT, 'bin/harness'), join(machine.clone, 'bin/harness'));
  await cp(join(ROOT, 'install.sh'), join(machine.clone, 'install.sh'));
  return {
    ...machine,
    env: { HOME: machine.home, PATH: machine.programs, NPM_HANGS: join(root, 'hangs') },
    engine: join(machine.home, '.harness/engine'),
    link: join(machine.home, '.local/bin/harness'),
  };
}

async function pathOf(name: string): Promise<string> {
  for (const directory of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(directory, name);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  throw new Error(`${name} is not on the PATH.`);
}

const program = (machine: Pick<Machine, 'programs'>, name: string, script: string) =>
  rm(join(machine.programs, name), { force: true }).then(() =>
    writeFile(join(machine.programs, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 }),
  );

/** Runs install.sh; a failure is a value. */
const install = (machine: Machine, args: string[] = [], env: Record<string, string> = {}) =>
  execa(join(machine.clone, 'install.sh'), args, {
    cwd: '/',
    env: { ...machine.env, ...env },
    extendEnv: false,
    reject: false,
    all: true,
  });

const exists = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  );

describe('install.sh', () => {
  test('puts the engine and the link in place and says so', async () => {
    const machine = await makeMachine();
    const { exitCode, stdout } = await install(machine);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Installed Harness 1.2.3 at ${machine.engine}`);
    expect(stdout).toContain(`Linked ${machine.link}`);
    expect(stdout).toContain(`export PATH="${machine.home}/.local/bin:$PATH"`);
    expect(stdout).toMatch(/gh was not found/);
    expect(stdout).toMatch(/no agent program/);

    expect((await readdir(machine.engine)).sort()).toEqual(['bin', 'dist', 'package.json', 'prompts']);
    const run = await execa(machine.link, ['status'], { cwd: '/', env: machine.env, extendEnv: false });
    expect(run.stdout).toBe('ran status');
    expect((await readdir(join(machine.home, '.harness'))).sort()).toEqual([
      'engine',
      'engines',
      'install.log',
    ]);
    expect((await readdir(machine.clone)).sort()).toEqual([
      'bin',
      'install.sh',
      'package.json',
      'prompts',
      'src',
    ]);
  });

  test('says nothing about the PATH when the link is on it', async () => {
    const machine = await makeMachine();
    const path = `${machine.programs}:${machine.home}/.local/bin`;
    expect((await install(machine, [], { PATH: path })).stdout).not.toContain('PATH');
  });

  test('replaces the engine when it runs again, and a program that runs keeps its files', async () => {
    const machine = await makeMachine();
    await install(machine);
    const first = await realpath(machine.engine);
    const { exitCode, stdout } = await install(machine, [], { BUILD_VERSION: '2.0.0' });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Installed Harness 2.0.0');
    expect(stdout).not.toContain('Linked');
    expect((await execa(machine.link, ['--version'], { env: machine.env, extendEnv: false })).stdout).toBe(
      '2.0.0',
    );
    expect(await exists(join(first, 'dist/cli.js'))).toBe(true);
    expect(await readdir(join(machine.home, '.harness/engines'))).toHaveLength(2);
  });

  test('keeps the engine that works when the new one can not be built', async () => {
    const machine = await makeMachine();
    await install(machine);
    const { exitCode, stderr } = await install(machine, [], { NPM_FAILS: 'yes' });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('cannot build this');
    expect(stderr).toContain('what was installed before is still in place');
    expect((await execa(machine.link, ['--version'], { env: machine.env, extendEnv: false })).stdout).toBe(
      '1.2.3',
    );
    expect(await readdir(join(machine.home, '.harness/engines'))).toHaveLength(1);
  });

  test.each(['SIGTERM', 'SIGKILL'] as const)('can be run again after %s', async signal => {
    const machine = await makeMachine();
    await install(machine);
    const interrupted = await startUntilBuilding(machine);
    killGroup(interrupted, signal);
    await new Promise(resolve => interrupted.once('exit', resolve));
    expect((await execa(machine.link, ['--version'], { env: machine.env, extendEnv: false })).stdout).toBe(
      '1.2.3',
    );

    await rm(machine.env.NPM_HANGS ?? '');
    const { exitCode } = await install(machine, [], { BUILD_VERSION: '2.0.0' });
    expect(exitCode).toBe(0);
    expect((await execa(machine.link, ['--version'], { env: machine.env, extendEnv: false })).stdout).toBe(
      '2.0.0',
    );
    const left = await readdir(join(machine.home, '.harness/engines'));
    expect(left.filter(name => name.startsWith('.'))).toEqual([]);
    expect(await exists(join(machine.home, '.harness/install.lock'))).toBe(false);
  });

  test('refuses to run twice at once', async () => {
    const machine = await makeMachine();
    await startUntilBuilding(machine);
    const { exitCode, stderr } = await install(machine);
    expect(exitCode).toBe(5);
    expect(stderr).toMatch(/Another installation is running \(process \d+\)/);
  });

  test('honours HARNESS_HOME and HARNESS_BIN_DIR', async () => {
    const machine = await makeMachine();
    const env = { HARNESS_HOME: join(machine.home, 'a b'), HARNESS_BIN_DIR: join(machine.home, 'c d') };
    expect((await install(machine, [], env)).exitCode).toBe(0);
    expect(await readlink(join(machine.home, 'c d/harness'))).toBe(
      join(machine.home, 'a b/engine/bin/harness'),
    );
    expect((await readdir(machine.home)).sort()).toEqual(['a b', 'c d']);
  });

  test.each([{ HARNESS_HOME: '' }, { HARNESS_HOME: 'relative' }, { HARNESS_BIN_DIR: '' }, { HOME: '' }])(
    'refuses %j',
    async env => {
      const { exitCode, stderr } = await install(await makeMachine(), [], env);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('no absolute path');
    },
  );

  test('does not overwrite a file that is not its own', async () => {
    const machine = await makeMachine();
    await mkdir(join(machine.home, '.local/bin'), { recursive: true });
    await writeFile(machine.link, 'mine');
    const { exitCode, stderr } = await install(machine);
    expect(exitCode).toBe(5);
    expect(stderr).toContain(`${machine.link} is there already`);
    expect(await readFile(machine.link, 'utf8')).toBe('mine');
    expect(await exists(machine.engine)).toBe(false);
  });

  test('does not overwrite a link that is not its own, even a dangling one', async () => {
    const machine = await makeMachine();
    await mkdir(join(machine.home, '.local/bin'), { recursive: true });
    await symlink('/nowhere/harness', machine.link);
    expect((await install(machine)).exitCode).toBe(5);
    expect(await readlink(machine.link)).toBe('/nowhere/harness');
  });

  test('moves what an older installation left at the place of the engine out of the way', async () => {
    const machine = await makeMachine();
    await mkdir(machine.engine, { recursive: true });
    await writeFile(join(machine.engine, 'harness.sh'), 'old');
    const { exitCode, stdout } = await install(machine);
    expect(exitCode).toBe(0);
    const moved = /Moved what was at .* to (.*)/.exec(stdout)?.[1] ?? '';
    expect(await readFile(join(moved, 'harness.sh'), 'utf8')).toBe('old');
  });

  test('runs the demo and passes its exit status on', async () => {
    const machine = await makeMachine();
    const { exitCode, stdout } = await install(machine, ['--demo']);
    expect(stdout).toMatch(/ran demo$/);
    expect(exitCode).toBe(7);
    expect(await exists(join(machine.home, '.harness/install.lock'))).toBe(false);
  });

  test('prints its help and refuses what it does not know', async () => {
    const machine = await makeMachine();
    expect((await install(machine, ['--help'])).stdout).toMatch(/^Usage: /);
    expect((await install(machine, ['--frobnicate'])).exitCode).toBe(2);
    expect(await readdir(machine.home)).toEqual([]);
  });
});

describe('prerequisites', () => {
  test('says what is missing and how to get it', async () => {
    const machine = await makeMachine();
    await rm(join(machine.programs, 'tmux'));
    await program(machine, 'apt-get', 'exit 1');
    const { exitCode, stderr } = await install(machine);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('tmux was not found (3.0 or newer is needed).');
    expect(stderr).toMatch(/apt-get install -y tmux/);
    expect(await readdir(machine.home)).toEqual([]);
  });

  test.each([
    ['dnf', 'dnf install -y git tmux'],
    ['pacman', 'pacman -S --needed git tmux'],
    ['brew', 'brew install git tmux'],
  ])('knows %s', async (manager, command) => {
    const machine = await makeMachine();
    await rm(join(machine.programs, 'tmux'));
    await rm(join(machine.programs, 'git'));
    await program(machine, manager, 'exit 1');
    expect((await install(machine)).stderr).toContain(command);
  });

  test('knows a Mac without Homebrew', async () => {
    const machine = await makeMachine();
    await rm(join(machine.programs, 'npm'));
    await program(machine, 'node', 'echo v18.19.0');
    await program(machine, 'uname', 'echo Darwin');
    const { stderr } = await install(machine);
    expect(stderr).toContain('node 18.19 is too old (20.19 or newer is needed).');
    expect(stderr).toContain('https://brew.sh');
    expect(stderr).toMatch(/brew install node {3}/);
  });

  test('knows no package manager and still says what to install', async () => {
    const machine = await makeMachine();
    await rm(join(machine.programs, 'npm'));
    expect((await install(machine)).stderr).toContain("Install with your system's package manager: npm");
  });

  test.each([
    ['tmux', 'echo tmux 2.9a', 'tmux 2.9 is too old (3.0 or newer is needed).'],
    ['git', 'echo git version 2.37.1', 'git 2.37 is too old (2.38 or newer is needed).'],
    ['node', 'echo v20.18.3', 'node 20.18 is too old (20.19 or newer is needed).'],
  ])('%s that is too old is missing', async (name, script, message) => {
    const machine = await makeMachine();
    await program(machine, name, script);
    const { exitCode, stderr } = await install(machine);
    expect(exitCode).toBe(3);
    expect(stderr).toContain(message);
  });

  test.each(['tmux next-3.7', 'tmux master', 'tmux 10.0'])('%s is new enough', async version => {
    const machine = await makeMachine();
    await program(machine, 'tmux', `echo ${version}`);
    expect((await install(machine)).exitCode).toBe(0);
  });

  test('--yes installs what is missing', async () => {
    const machine = await makeMachine();
    await rm(join(machine.programs, 'tmux'));
    await program(machine, 'id', 'echo 0');
    await program(
      machine,
      'apt-get',
      `echo "$@" >> "$HOME/apt"; case $1 in install) printf '#!/bin/sh\\necho tmux 3.3a\\n' > "${machine.programs}/tmux"; chmod +x "${machine.programs}/tmux";; esac`,
    );
    const { exitCode, stdout } = await install(machine, ['--yes']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Installing: tmux');
    expect(await readFile(join(machine.home, 'apt'), 'utf8')).toBe('update -q\ninstall -y -q tmux\n');
  });

  test('--yes asks sudo when it is not root, and says what to do where there is none', async () => {
    const machine = await makeMachine();
    await rm(join(machine.programs, 'tmux'));
    await program(machine, 'id', 'echo 1000');
    await program(machine, 'apt-get', 'exit 1');
    const without = await install(machine, ['--yes']);
    expect(without.exitCode).toBe(3);
    expect(without.stderr).toContain('Run as root:  apt-get install -y tmux');

    await program(machine, 'sudo', 'echo "$@" >> "$HOME/sudo"; exit 1');
    const refused = await install(machine, ['--yes']);
    expect(refused.exitCode).toBe(3);
    expect(await readFile(join(machine.home, 'sudo'), 'utf8')).toBe('apt-get update -q\n');
  });
});

describe('without a clone', () => {
  const pipe = async (machine: Machine, env: Record<string, string> = {}) =>
    execa('sh', ['-s'], {
      cwd: machine.home,
      inputFile: join(ROOT, 'install.sh'),
      env: { ...machine.env, ...env },
      extendEnv: false,
      reject: false,
    });

  test('says that it must be told what to fetch', async () => {
    const { exitCode, stderr } = await pipe(await makeMachine());
    expect(exitCode).toBe(2);
    expect(stderr).toContain('HARNESS_REPO_URL is not set');
  });

  test('fetches the newest release', async () => {
    const machine = await makeMachine();
    const git = (...args: string[]) =>
      execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: machine.clone });
    await git('init', '-q');
    await git('add', '.');
    await git('commit', '-q', '-m', 'one');
    for (const tag of ['v0.9.0', 'v0.10.0', 'v0.10.0-rc.1', 'unrelated']) await git('tag', tag);
    await git('rm', '-q', 'package.json');
    await git('commit', '-q', '-m', 'not released');
    const { exitCode, stdout } = await pipe(machine, { HARNESS_REPO_URL: `file://${machine.clone}` });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Fetching v0.10.0 of');
    expect((await execa(machine.link, ['--version'], { env: machine.env, extendEnv: false })).stdout).toBe(
      '1.2.3',
    );
  });

  test('says when there is nothing to fetch', async () => {
    const machine = await makeMachine();
    const { exitCode, stderr } = await pipe(machine, { HARNESS_REPO_URL: `file://${machine.home}/nowhere` });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("Can't fetch file://");
  });

  test('a download that broke off does nothing', async () => {
    const machine = await makeMachine();
    const script = await readFile(join(ROOT, 'install.sh'), 'utf8');
    await execa('sh', ['-s'], {
      input: script.slice(0, script.lastIndexOf('main "$@"')),
      env: machine.env,
      extendEnv: false,
    });
    expect(await readdir(machine.home)).toEqual([]);
  });
});

describe('the skills for agents', () => {
  const withSkill = async (machine: Machine) => {
    await mkdir(join(machine.clone, 'skills/harness'), { recursive: true });
    await writeFile(join(machine.clone, 'skills/harness/SKILL.md'), 'Operate the fleet.\n');
  };
  const placeIn = (machine: Machine) => join(machine.home, '.claude/skills/harness');

  test('are linked where Claude Code keeps its own, and taken away again', async () => {
    const machine = await makeMachine();
    await withSkill(machine);
    await mkdir(join(machine.home, '.claude'));
    const { stdout } = await install(machine);
    expect(stdout).toContain(`Linked ${placeIn(machine)}`);
    expect(await readFile(join(placeIn(machine), 'SKILL.md'), 'utf8')).toBe('Operate the fleet.\n');
    expect((await install(machine)).stdout).not.toContain(placeIn(machine));

    await install(machine, ['--uninstall']);
    expect(await readdir(join(machine.home, '.claude/skills'))).toEqual([]);
  });

  test('are linked nowhere without Claude Code, unless a directory is named', async () => {
    const machine = await makeMachine();
    await withSkill(machine);
    await install(machine);
    expect(await exists(join(machine.home, '.claude'))).toBe(false);
    const named = join(machine.home, 'skills of mine');
    await install(machine, [], { HARNESS_SKILLS_DIR: named });
    expect(await readlink(join(named, 'harness'))).toBe(join(machine.engine, 'skills/harness'));
  });

  test('take the place of nothing that is there', async () => {
    const machine = await makeMachine();
    await withSkill(machine);
    await mkdir(placeIn(machine), { recursive: true });
    await writeFile(join(placeIn(machine), 'SKILL.md'), 'mine\n');
    const { exitCode, stdout } = await install(machine);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`${placeIn(machine)} is there already`);
    await install(machine, ['--uninstall']);
    expect(await readFile(join(placeIn(machine), 'SKILL.md'), 'utf8')).toBe('mine\n');
  });
});

describe('--uninstall', () => {
  test('removes the engine and the link, and nothing else', async () => {
    const machine = await makeMachine();
    await install(machine);
    await mkdir(join(machine.home, '.harness/snapshots'));
    const { exitCode, stdout } = await install(machine, ['--uninstall']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Removed ${machine.engine}`);
    expect(await readdir(join(machine.home, '.harness'))).toEqual(['snapshots']);
    expect(await exists(machine.link)).toBe(false);

    const again = await install(machine, ['--uninstall']);
    expect(again.exitCode).toBe(0);
    expect(again.stdout).toContain('Nothing to remove');
  });

  test('leaves a directory alone that it did not make', async () => {
    const machine = await makeMachine();
    const foreign = join(machine.home, 'foreign');
    await mkdir(join(foreign, 'engine'), { recursive: true });
    await mkdir(join(foreign, 'engines/mine'), { recursive: true });
    await writeFile(join(foreign, 'engine/package.json'), '{ "name": "harness" }');
    await install(machine, ['--uninstall'], { HARNESS_HOME: foreign });
    expect(await exists(join(foreign, 'engine/package.json'))).toBe(true);
    expect(await exists(join(foreign, 'engines/mine'))).toBe(true);
  });

  test('refuses while a fleet runs from the engine', async () => {
    const machine = await makeMachine();
    await symlink(await pathOf('pgrep'), join(machine.programs, 'pgrep'));
    await install(machine);
    const cli = join(await realpath(machine.engine), 'dist/cli.js');
    await writeFile(cli, 'setInterval(() => {}, 1000); console.log("runs");');
    const worker = spawn(process.execPath, [cli], { stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(() => void worker.kill('SIGKILL'));
    await new Promise(resolve => worker.stdout.once('data', resolve));

    const { exitCode, stderr } = await install(machine, ['--uninstall']);
    expect(exitCode).toBe(5);
    expect(stderr).toContain('harness stop');
    expect(await exists(machine.link)).toBe(true);
    expect((await install(machine)).stdout).toContain('keep the old engine');
  });

  test('makes nothing where nothing was', async () => {
    const machine = await makeMachine();
    await install(machine, ['--uninstall']);
    expect(await readdir(machine.home)).toEqual([]);
  });
});

test('builds the real thing from a copy of this repository, and it runs from anywhere', {
  timeout: 180_000,
}, async () => {
  const machine = await makeMachine();
  await rm(machine.clone, { recursive: true });
  const { stdout: files } = await execa('git', ['ls-files', '-z'], { cwd: ROOT });
  for (const file of files.split('\0').filter(Boolean)) {
    if (await exists(join(ROOT, file))) await cp(join(ROOT, file), join(machine.clone, file));
  }
  await rm(join(machine.programs, 'npm'));
  await symlink(await realpath(await pathOf('npm')), join(machine.programs, 'npm'));
  const cache = await execa('npm', ['config', 'get', 'cache'], { cwd: '/' });
  const { exitCode, all } = await install(machine, [], {
    npm_config_cache: cache.stdout,
    npm_config_prefer_offline: 'true',
  });
  expect(exitCode, all).toBe(0);

  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  const env = { ...machine.env, PATH: process.env.PATH ?? '' };
  expect((await execa(machine.link, ['--version'], { cwd: '/', env, extendEnv: false })).stdout).toBe(
    version,
  );
  expect((await execa(machine.link, ['--help'], { cwd: '/', env, extendEnv: false })).stdout).toContain(
    'init',
  );
  expect(await readdir(machine.engine)).not.toContain('node_modules');
});

/** Starts install.sh with a build that hangs, in a process group of its own, and waits until it hangs. */
async function startUntilBuilding(machine: Machine): Promise<ChildProcess> {
  const fifo = machine.env.NPM_HANGS ?? '';
  await execa('mkfifo', [fifo]);
  const child = spawn(join(machine.clone, 'install.sh'), {
    env: machine.env,
    detached: true,
    stdio: 'ignore',
  });
  onTestFinished(() => killGroup(child, 'SIGKILL'));
  await expect.poll(() => exists(`${fifo}.reached`), { timeout: 15_000 }).toBe(true);
  return child;
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-(child.pid ?? 0), signal);
  } catch {
    // Gone already, which is what was wanted.
  }
}
