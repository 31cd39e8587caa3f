import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { execa } from 'execa';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';

const env = { PATH: process.env.PATH ?? '', HOME: '/nonexistent', LANG: 'C.UTF-8', TERM: 'xterm-256color' };

const PROGRAM = `
import { readCheckout } from './src/adapters/checkout.ts';
import { initCommand } from './src/commands/init.ts';
const write = text => process.stdout.write(text);
const code = await initCommand({ pool: '2' }, {
  cwd: process.cwd(), env: process.env, out: write, err: write, columns: 100,
  isTerminal: true, isInteractive: true, useColor: false, signal: new AbortController().signal,
}, { readCheckout, checkRepository: async () => ({ refusals: [], remarks: [] }) });
write('ended with ' + code);
setInterval(() => {}, 1000);
`;

let program = '';

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'harness-ask-'));
  program = join(directory, 'init.mjs');
  await build({
    stdin: { contents: PROGRAM, resolveDir: process.cwd(), loader: 'ts' },
    outfile: program,
    bundle: true,
    format: 'esm',
    platform: 'node',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return () => rm(directory, { recursive: true, force: true });
});

/** A real terminal with `init` in it, in a checkout with two remotes and no origin. */
async function openTerminal() {
  const directory = await mkdtemp(join(tmpdir(), 'harness-ask-'));
  const socket = join(directory, 'tmux');
  const tmux = (...args: string[]) =>
    execa('tmux', ['-S', socket, '-f', '/dev/null', ...args], { env, extendEnv: false });
  onTestFinished(async () => {
    await tmux('kill-server').catch(() => {});
    await rm(directory, { recursive: true, force: true });
  });
  const git = (...args: string[]) => execa('git', args, { cwd: directory, env, extendEnv: false });
  await git('init', '-q');
  await git('remote', 'add', 'mine', 'git@github.com:me/app.git');
  await git('remote', 'add', 'upstream', 'git@github.com:acme/app.git');
  await tmux('new-session', '-d', '-x', '100', '-y', '50', '-c', directory, process.execPath, program);

  const screenShows = (text: string) =>
    expect.poll(async () => (await tmux('capture-pane', '-p')).stdout, { timeout: 15_000 }).toContain(text);
  const type = (...keys: string[]) => tmux('send-keys', ...keys);
  return { directory, screenShows, type };
}

describe('init at a terminal', () => {
  test('asks for what no flag answers and writes what was typed', async () => {
    const { directory, screenShows, type } = await openTerminal();
    await screenShows('Which remote holds the issues');
    await type('Down', 'Enter');
    await screenShows('The repository to work on');
    await screenShows('found: remote upstream');
    await type('Enter');
    await screenShows('Which stages run');
    await type('Down', 'Enter');
    await screenShows('prepares a fresh checkout');
    await type('Enter');
    await screenShows('proves a change');
    await type('-l', 'make "all" $X');
    await type('Enter');
    await screenShows('The agent program');
    await type('-l', 'claude -p');
    await type('Enter');
    await screenShows('Agent sessions at a time');
    await type('BSpace', '0', 'Enter');
    await screenShows('expected a whole number from 1 to 1000000');
    await type('BSpace', '4', 'Enter');
    await screenShows('ended with 0');

    const policy = await readFile(join(directory, '.harness/config'), 'utf8');
    expect(policy).toContain('HARNESS_REPO=acme/app\n');
    expect(policy).toContain('HARNESS_MODE=prd\n');
    expect(policy).toContain('HARNESS_VERIFY="make \\"all\\" \\$X"\n');
    const host = await readFile(join(directory, '.harness/config.local'), 'utf8');
    expect(host).toContain('HARNESS_POOL=2\n');
    expect(host).toContain('HARNESS_CAP=4\n');
    expect(host).toContain('HARNESS_AGENT_COMMAND="claude -p"\n');
  });

  test('writes nothing when the person gives up', async () => {
    const { directory, screenShows, type } = await openTerminal();
    await screenShows('Which remote holds the issues');
    await type('Enter');
    await screenShows('The repository to work on');
    await type('C-c');
    await screenShows('ended with 130');
    await screenShows('Nothing was written.');
    await expect(readFile(join(directory, '.harness/config'))).rejects.toThrow();
  });
});
