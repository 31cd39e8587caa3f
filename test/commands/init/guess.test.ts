import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { guessCommands } from '../../../src/commands/init/guess.ts';

async function guessIn(files: Record<string, string>) {
  const directory = await mkdtemp(join(tmpdir(), 'harness-guess-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  const guess = await guessCommands(directory);
  return guess && [guess.setup, guess.verify];
}

const manifest = (extra: object = {}) => JSON.stringify({ scripts: { test: 'vitest run' }, ...extra });

describe('guessCommands', () => {
  test.each([
    ['npm with a lockfile', { 'package.json': manifest(), 'package-lock.json': '' }, 'npm ci', 'npm test'],
    ['npm without a lockfile', { 'package.json': manifest({ dependencies: {} }) }, 'npm install', 'npm test'],
    ['a package without dependencies', { 'package.json': manifest() }, '', 'npm test'],
    [
      'pnpm',
      { 'package.json': manifest(), 'pnpm-lock.yaml': '' },
      'pnpm install --frozen-lockfile',
      'pnpm test',
    ],
    [
      'yarn 1',
      { 'package.json': manifest(), 'yarn.lock': '' },
      'yarn install --frozen-lockfile',
      'yarn test',
    ],
    [
      'yarn 4',
      { 'package.json': manifest({ packageManager: 'yarn@4.1.0' }), 'yarn.lock': '' },
      'yarn install --immutable',
      'yarn test',
    ],
    ['bun', { 'package.json': manifest(), 'bun.lock': '' }, 'bun install --frozen-lockfile', 'bun run test'],
    [
      'another script',
      {
        'package.json': JSON.stringify({ scripts: { verify: 'x', test: 'echo "Error: no test specified"' } }),
      },
      '',
      'npm run verify',
    ],
    ['a Makefile', { Makefile: 'all: build\n\ntest: build\n\tgo test\n' }, '', 'make test'],
    [
      'a Makefile beside packages',
      { 'package.json': '{"dependencies":{}}', 'package-lock.json': '', Makefile: 'check:\n\ttrue\n' },
      'npm ci',
      'make check',
    ],
    ['pytest', { 'pyproject.toml': '[tool.pytest.ini_options]\n' }, '', 'python3 -m pytest'],
    [
      'uv',
      { 'pyproject.toml': 'dev = ["pytest"]', 'uv.lock': '' },
      'uv sync --frozen',
      'uv run --frozen pytest',
    ],
    ['cargo', { 'Cargo.toml': '' }, '', 'cargo test'],
    ['go', { 'go.mod': '' }, '', 'go test ./...'],
  ])('knows %s', async (_, files, setup, verify) => {
    expect(await guessIn(files)).toEqual([setup, verify]);
  });

  test.each([
    ['an empty directory', {}],
    ['a package.json that is no JSON', { 'package.json': '{' }],
    ['a package.json that is null', { 'package.json': 'null' }],
    ['a Makefile without a test', { Makefile: 'test := 1\nlatest: x\n' }],
  ])('knows nothing of %s', async (_, files) => {
    expect(await guessIn(files)).toBeNull();
  });
});
