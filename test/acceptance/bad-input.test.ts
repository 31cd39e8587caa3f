import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa, execaSync } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { aTown, type Fleet, until } from './fleet.ts';

const PROGRAM = path.resolve(import.meta.dirname, '../../bin/harness');

function anEmptyDir(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'harness-test-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

async function harnessIn(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const ran = await execa(PROGRAM, args, {
    cwd,
    env: { PATH: process.env.PATH ?? '', HOME: path.join(cwd, 'home'), ...env },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
  return { exit: ran.exitCode, out: ran.stdout, err: ran.stderr };
}

/** What happened, what to do next, no stack. */
function expectClear(ran: { exit?: number | undefined; err: string }, exit: number, message: RegExp): void {
  expect(ran.err).toMatch(message);
  expect(ran.err.trim().split('\n').length).toBeGreaterThanOrEqual(2);
  expect(ran.err).not.toMatch(/^\s+at .*:\d+/m);
  expect(ran.exit).toBe(exit);
}

describe('without a project', () => {
  it('says that there is no git checkout', async () => {
    expectClear(await harnessIn(anEmptyDir(), ['init', '--yes']), 2, /No git checkout/);
  });

  it('says that the checkout has no remote', async () => {
    const dir = anEmptyDir();
    execaSync('git', ['init', '--quiet'], { cwd: dir });
    expectClear(await harnessIn(dir, ['init', '--yes']), 2, /remote/);
  });

  it.each([['status'], ['start'], ['stop'], ['world'], ['attach', 'main']])(
    'says that %s needs init first',
    async (...args) => {
      expectClear(await harnessIn(anEmptyDir(), args), 2, /No \.harness\/config/);
    },
  );

  it('names the nearest command for a misspelt one', async () => {
    const ran = await harnessIn(anEmptyDir(), ['strat']);
    expect(ran.exit).toBe(2);
    expect(ran.err).toMatch(/start/);
  });

  it.each([
    ['graph', '--mermaid', '--dot'],
    ['graph', '--dot', '--json'],
    ['explain', '--config', '--world', 'world.json'],
  ])('refuses %s with %s and %s at once', async (...args) => {
    expectClear(await harnessIn(anEmptyDir(), args), 2, /cannot be used with/);
  });

  it('says that a port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise(done => server.once('listening', done));
    const { port } = server.address() as { port: number };
    const ran = await harnessIn(anEmptyDir(), ['forge', '--port', String(port)]);
    expectClear(ran, 5, new RegExp(`Port ${port} .* in use`));
  });

  it.each([
    ['an id', { targets: [{ id: `\u001b[31m${'x'.repeat(100_000)}`, repo: 'acme/a', deps: ['none'] }] }],
    ['a value', { config: { HARNESS_MODE: `\u001b[31m${'x'.repeat(100_000)}` } }],
  ])('lets %s of a world that it refuses neither steer the terminal nor fill it', async (_what, facts) => {
    const dir = anEmptyDir();
    const world = { version: 1, config: { HARNESS_TOPOLOGY: 'multi' }, ...facts };
    writeFileSync(path.join(dir, 'world.json'), JSON.stringify(world));
    const ran = await harnessIn(dir, ['decide', '--world', 'world.json']);
    expectClear(ran, 2, /^error: /);
    expect(ran.err).not.toContain('\u001b');
    expect(ran.err.length).toBeLessThan(10_000);
  });

  it('shows a stack only when it is asked for one', async () => {
    const ran = await harnessIn(anEmptyDir(), ['status'], { HARNESS_DEBUG: '1' });
    expect(ran.err).toMatch(/^\s+at .*:\d+/m);
  });
});

describe('a project', () => {
  const configOf = (fleet: Fleet) => path.join(fleet.dir, '.harness/config');
  const withConfig = (fleet: Fleet, line: string) =>
    writeFileSync(configOf(fleet), `${readFileSync(configOf(fleet), 'utf8')}\n${line}\n`);

  it('with an unknown mode is refused, with the line', async () => {
    const fleet = await (await aTown()).fleet('one');
    withConfig(fleet, 'HARNESS_MODE=bogus');
    expectClear(await fleet.harness('start'), 2, /config:\d+.*HARNESS_MODE.*issue-only/s);
  });

  it.skipIf(process.getuid?.() === 0)('with an unreadable configuration says so', async () => {
    const fleet = await (await aTown()).fleet('one');
    chmodSync(configOf(fleet), 0o000);
    expectClear(await fleet.harness('status'), 2, /config/);
  });

  it('with a configuration that is a directory says so', async () => {
    const dir = anEmptyDir();
    mkdirSync(path.join(dir, '.harness/config'), { recursive: true });
    expectClear(await harnessIn(dir, ['status']), 2, /\.harness\/config/);
  });

  it('without tmux is told how to go on', async () => {
    const fleet = await (await aTown()).fleet('one');
    const bin = path.join(fleet.home, 'bin');
    mkdirSync(bin);
    for (const name of ['git', 'sh', 'env', 'node']) symlinkSync(which(name), path.join(bin, name));
    expectClear(await startWith(fleet, { PATH: bin }), 3, /tmux is not installed/);
  });

  it('without an agent program is told which one is missing', async () => {
    const fleet = await (await aTown()).fleet('one');
    const ran = await startWith(fleet, { HARNESS_AGENT_COMMAND: 'no-such-agent --flag' });
    expectClear(ran, 3, /no-such-agent is not installed/);
  });

  it('whose repository does not exist is refused', async () => {
    const fleet = await (await aTown()).fleet('one');
    expectClear(await startWith(fleet, { HARNESS_REPO: 'acme/nowhere' }), 4, /acme\/nowhere does not exist/);
  });

  it('with a token that GitHub refuses is told to log in', async () => {
    const fleet = await (await aTown()).fleet('one');
    expectClear(await startWith(fleet, { HARNESS_TOKEN: 'wrong' }), 4, /log|token/i);
  });

  it('with a verify command that does not exist merges nothing and says why', async () => {
    const town = await aTown();
    const issue = town.issue('first');
    const fleet = await town.fleet('one', { HARNESS_VERIFY: 'no-such-command' });
    await fleet.harness('start');
    await until('explain says why', 60_000, async () =>
      /no-such-command.*command not found/.test((await fleet.harness('explain', String(issue))).out),
    );
    expect(await town.api<unknown[]>('pulls?state=open')).toMatchObject([{ merged_at: null }]);
    expect(town.journal(issue).filter(({ op }) => op === 'receipt')).toEqual([]);
    const stopped = await fleet.harness('stop');
    expect(stopped.out).toMatch(/its change is in a pull request: .*command not found/);
  });

  it('whose worktree directory holds files of somebody else leaves them alone', async () => {
    const town = await aTown();
    const issue = town.issue('first');
    const fleet = await town.fleet('one');
    const { fleet: id } = JSON.parse((await fleet.harness('status', '--json')).out);
    const others = path.join(fleet.home, '.harness/fleets', id, 'worktrees/one-main-i1-a1');
    mkdirSync(others, { recursive: true });
    writeFileSync(path.join(others, 'precious.txt'), 'mine\n');
    await fleet.harness('start');
    await town.untilClosed([issue]);
    await fleet.harness('stop');
    expect(readFileSync(path.join(others, 'precious.txt'), 'utf8')).toBe('mine\n');
  });

  it('whose worktree directory is a file says so, loses nothing and lands nothing', async () => {
    const town = await aTown();
    const issue = town.issue('first');
    const fleet = await town.fleet('one', { HARNESS_MAX_ATTEMPTS: '1' });
    const { fleet: id } = JSON.parse((await fleet.harness('status', '--json')).out);
    const worktrees = path.join(fleet.home, '.harness/fleets', id, 'worktrees');
    mkdirSync(path.dirname(worktrees), { recursive: true });
    writeFileSync(worktrees, 'mine\n');
    await fleet.harness('start');
    await until('the attempt has its receipt', 60_000, () => town.journal(issue).at(-1)?.op === 'release');
    const [receipt] = town.journal(issue).filter(entry => entry.op === 'receipt');
    expect(receipt?.failure).toMatchObject({
      class: 'engine',
      message: expect.stringContaining(`~/.harness/fleets/${id}/worktrees`),
    });
    await fleet.harness('stop');
    expect(readFileSync(worktrees, 'utf8')).toBe('mine\n');
  });

  const startWith = (fleet: Fleet, env: Readonly<Record<string, string>>) =>
    harnessIn(fleet.dir, ['start'], { ...fleet.env, ...env });
});

const which = (name: string) => execaSync('which', [name]).stdout;
