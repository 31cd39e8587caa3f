import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

/** Which layers each layer may import besides itself. A file directly under src is a layer of its own name. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  core: ['errors'],
  ports: ['core'],
  contracts: ['core', 'ports'],
  'world-file': ['config', 'core', 'errors'],
  leases: ['ports', 'core', 'errors'],
  landing: ['leases', 'ports', 'core', 'errors'],
  pipeline: ['contracts', 'landing', 'leases', 'ports', 'core', 'errors'],
  loop: ['pipeline', 'landing', 'leases', 'ports', 'core', 'errors'],
  adapters: ['contracts', 'ports', 'core', 'errors'],
  config: ['core', 'errors'],
  invocation: [],
  render: ['core', 'demo', 'simulate'],
  forge: [],
  demo: ['forge'],
  simulate: ['loop', 'pipeline', 'landing', 'leases', 'ports', 'core', 'errors'],
  context: ['adapters', 'loop', 'landing', 'leases', 'config', 'ports', 'core', 'errors', 'invocation'],
  commands: [
    'context',
    'loop',
    'render',
    'forge',
    'demo',
    'simulate',
    'world-file',
    'config',
    'ports',
    'core',
    'errors',
    'invocation',
  ],
  docs: ['config', 'core'],
  cli: ['commands', 'context', 'errors', 'invocation'],
};

/** Where each package has its home. */
const HOMES: Readonly<Record<string, readonly string[]>> = {
  octokit: ['adapters/github/'],
  '@octokit/plugin-throttling': ['adapters/github/'],
  commander: ['cli.ts', 'cli/'],
  chalk: ['render/'],
  execa: ['adapters/', 'forge/'],
  'proper-lockfile': ['adapters/'],
  zod: ['contracts.ts', 'contracts/', 'adapters/', 'world-file.ts'],
  picomatch: ['landing/gates/'],
  saxes: ['landing/reports/'],
  'csv-parse': ['commands/issues-file/'],
  '@clack/prompts': ['commands/init/', 'commands/inject/confirm.ts'],
  hono: ['forge/'],
  '@hono/node-server': ['forge/'],
  graphql: ['forge/'],
};

/** Programs of their own: they have a process to themselves. */
const PROGRAMS = [
  'cli.ts',
  'docs.ts',
  'adapters/session-host.ts',
  'adapters/agents/hook.ts',
  'demo/agent.ts',
  'simulate/main.ts',
];

interface Source {
  readonly file: string;
  readonly text: string;
}

const src = path.resolve(import.meta.dirname, '../src');
const sources: readonly Source[] = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.ts'))
  .map(file => ({ file, text: readFileSync(path.join(src, file), 'utf8') }));

const layerOf = (file: string) => file.split(path.sep)[0]?.replace(/\.ts$/, '') ?? '';

const IMPORT = /^(?:import|export)\b[^;']*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'|\bimport\(\s*'([^']+)'/gm;

const importsOf = ({ text }: Source): readonly string[] =>
  [...text.matchAll(IMPORT)].map(([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? '');

function forbiddenImports(source: Source): readonly string[] {
  const layer = layerOf(source.file);
  const allowed = [layer, ...(MAY_IMPORT[layer] ?? [])];
  return importsOf(source).filter(target => {
    if (!target.startsWith('.') || target.endsWith('package.json')) return false;
    return !allowed.includes(
      layerOf(path.relative(src, path.resolve(src, path.dirname(source.file), target))),
    );
  });
}

function strayPackages(source: Source): readonly string[] {
  return importsOf(source).filter(target => {
    if (target.startsWith('.') || target.startsWith('node:')) return false;
    const name = target
      .split('/')
      .slice(0, target.startsWith('@') ? 2 : 1)
      .join('/');
    return !HOMES[name]?.some(home => source.file.startsWith(home));
  });
}

/** A type costs nothing at run time, and what `import()` names is loaded when it is needed. */
const LOADED = /^(?:import|export)\b(?! type\b)[^;']*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'/gm;

/** The packages that are loaded with a file, by itself and by everything that it loads. */
function packagesOf(file: string, seen = new Set<string>()): readonly string[] {
  const source = sources.find(other => other.file === file);
  if (source === undefined || seen.has(file)) return [];
  seen.add(file);
  const loaded = [...source.text.matchAll(LOADED)].map(([, from, bare]) => from ?? bare ?? '');
  return loaded.flatMap(target =>
    target.startsWith('.') ? packagesOf(path.join(path.dirname(file), target), seen) : [target],
  );
}

const IMPURE =
  /from 'node:|\basync\b|\bawait\b|\bprocess\.|\bDate\.now|new Date\(\)|Math\.random|performance\./;

it('knows every layer', () => {
  expect(sources.map(({ file }) => layerOf(file)).filter(layer => !(layer in MAY_IMPORT))).toEqual([]);
});

it('lets every file import only what lies beneath it', () => {
  expect(violations(forbiddenImports)).toEqual([]);
});

it('leaves every package at its home', () => {
  expect(violations(strayPackages)).toEqual([]);
});

it('loads neither octokit nor the forge for a command that only reads', () => {
  const packages = packagesOf('commands/status.ts');
  expect(packages).toContain('zod');
  expect(packages.filter(name => ['octokit', 'hono', 'graphql'].includes(name))).toEqual([]);
});

// A bundle with zod's sixty languages takes every command a fifth longer to start.
it('imports zod as a namespace, of which only what is used is bundled', () => {
  const whole = sources.filter(({ text }) => /^import (?!type |\* as ).*from 'zod'/m.test(text));
  expect(whole.map(({ file }) => file)).toEqual([]);
});

it('keeps the core pure', () => {
  const impure = sources.filter(
    ({ file, text }) => layerOf(file) === 'core' && IMPURE.test(withoutComments(text)),
  );
  expect(impure.map(({ file }) => file)).toEqual([]);
});

it('leaves the process to the programs', () => {
  const uses = sources.filter(({ text }) =>
    /\bprocess\.(exit\b|env\b|argv\b)|\bconsole\./.test(withoutComments(text)),
  );
  expect(uses.map(({ file }) => file).filter(file => !PROGRAMS.includes(file))).toEqual([]);
});

describe('these rules', () => {
  it('notice a forbidden import', () => {
    expect(forbiddenImports({ file: 'core/x.ts', text: "import { a } from '../loop/act.ts';" })).toHaveLength(
      1,
    );
    expect(forbiddenImports({ file: 'loop/x.ts', text: "await import('../adapters/tmux.ts')" })).toHaveLength(
      1,
    );
  });

  it('notice a package away from home', () => {
    expect(strayPackages({ file: 'loop/x.ts', text: "import { Octokit } from 'octokit';" })).toEqual([
      'octokit',
    ]);
    expect(strayPackages({ file: 'core/x.ts', text: "import unknown from 'left-pad';" })).toEqual([
      'left-pad',
    ]);
  });

  it('notice an impure core', () => {
    expect(IMPURE.test('const at = Date.now();')).toBe(true);
    expect(IMPURE.test('const at = new Date(text);')).toBe(false);
  });
});

function violations(of: (source: Source) => readonly string[]): readonly string[] {
  return sources.flatMap(source => of(source).map(target => `${source.file} imports ${target}`));
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '');
}
