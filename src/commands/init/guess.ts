import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How a project is prepared and proven, guessed from its files; an empty command is "don't know". */
export interface CommandGuess {
  readonly setup: string;
  readonly verify: string;
  /** What the guess rests on. */
  readonly because: string;
}

/** Guesses the commands of the project in a directory; null when nothing there is known. */
export async function guessCommands(root: string): Promise<CommandGuess | null> {
  const names = new Set(await readdir(root).catch(() => []));
  const read = (name: string) => (names.has(name) ? readFile(join(root, name), 'utf8').catch(() => '') : '');
  const [packageJson, makefile, pyproject] = await Promise.all([
    read('package.json'),
    read('Makefile'),
    read('pyproject.toml'),
  ]);
  const found = [
    guessNode(names, packageJson),
    guessMake(makefile),
    guessPython(names, pyproject),
    ...(names.has('Cargo.toml') ? [{ setup: '', verify: 'cargo test', because: 'Cargo.toml' }] : []),
    ...(names.has('go.mod') ? [{ setup: '', verify: 'go test ./...', because: 'go.mod' }] : []),
  ].filter(guess => guess !== null);

  const best = found.find(({ verify }) => verify !== '') ?? found[0];
  if (best === undefined) return null;
  // `make test` proves the project, but what prepares it is known from its packages.
  const prepared = best.setup === '' ? found.find(({ setup }) => setup !== '') : best;
  return { ...best, setup: prepared?.setup ?? '' };
}

type Names = ReadonlySet<string>;

function guessNode(names: Names, packageJson: string): CommandGuess | null {
  const manifest = parseManifest(packageJson);
  if (manifest === null) return null;
  const manager = packageManagerOf(names, manifest.packageManager);
  const script = ['test', 'verify', 'check'].find(name => isRealScript(manifest.scripts?.[name]));
  const hasPackages = manager.locked || manifest.dependencies || manifest.devDependencies;
  return {
    setup: hasPackages ? manager.install : '',
    verify: script === undefined ? '' : runScript(manager.name, script),
    because: script === undefined ? 'package.json' : `the ${script} script in package.json`,
  };
}

/** `bun test` is bun's own test runner, not the script. */
const runScript = (manager: string, script: string) =>
  script === 'test' && manager !== 'bun' ? `${manager} test` : `${manager} run ${script}`;

interface Manifest {
  readonly packageManager?: unknown;
  readonly scripts?: Readonly<Record<string, unknown>>;
  readonly dependencies?: unknown;
  readonly devDependencies?: unknown;
}

function parseManifest(text: string): Manifest | null {
  try {
    const manifest: unknown = JSON.parse(text);
    return typeof manifest === 'object' ? manifest : null;
  } catch {
    return null;
  }
}

/** `npm init` writes a test script that only fails. */
const isRealScript = (script: unknown) => typeof script === 'string' && !script.includes('no test specified');

function packageManagerOf(names: Names, declared: unknown) {
  const [, name, major] = /^(npm|pnpm|yarn|bun)@(\d+)/.exec(String(declared)) ?? [];
  const isModernYarn = name === 'yarn' ? Number(major) > 1 : names.has('.yarnrc.yml');
  const managers = [
    { name: 'npm', lockfiles: ['package-lock.json', 'npm-shrinkwrap.json'], frozen: 'npm ci' },
    { name: 'pnpm', lockfiles: ['pnpm-lock.yaml'], frozen: 'pnpm install --frozen-lockfile' },
    {
      name: 'yarn',
      lockfiles: ['yarn.lock'],
      frozen: isModernYarn ? 'yarn install --immutable' : 'yarn install --frozen-lockfile',
    },
    { name: 'bun', lockfiles: ['bun.lock', 'bun.lockb'], frozen: 'bun install --frozen-lockfile' },
  ].map(manager => ({ ...manager, locked: manager.lockfiles.some(file => names.has(file)) }));
  const chosen = managers.find(manager => (name === undefined ? manager.locked : manager.name === name));
  const manager = chosen ?? { name: 'npm', frozen: '', locked: false };
  return {
    name: manager.name,
    locked: manager.locked,
    install: manager.locked ? manager.frozen : `${manager.name} install`,
  };
}

function guessMake(makefile: string): CommandGuess | null {
  const target = ['test', 'check'].find(name => new RegExp(`^${name}\\s*:(?!=)`, 'm').test(makefile));
  return target === undefined
    ? null
    : { setup: '', verify: `make ${target}`, because: `target ${target} in Makefile` };
}

function guessPython(names: Names, pyproject: string): CommandGuess | null {
  const mark = ['pytest.ini', 'conftest.py'].find(file => names.has(file));
  if (mark === undefined && !/\bpytest\b/.test(pyproject)) return null;
  const because = `pytest in ${mark ?? 'pyproject.toml'}`;
  if (names.has('uv.lock')) return { setup: 'uv sync --frozen', verify: 'uv run --frozen pytest', because };
  if (names.has('poetry.lock')) return { setup: 'poetry install', verify: 'poetry run pytest', because };
  if (!names.has('requirements.txt')) return { setup: '', verify: 'python3 -m pytest', because };
  return {
    setup: 'python3 -m venv .venv && .venv/bin/pip install -r requirements.txt',
    verify: '.venv/bin/python -m pytest',
    because,
  };
}
