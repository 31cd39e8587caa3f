import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createTmux } from '../../src/adapters/tmux.ts';
import { makeTempDir, waitFor } from '../helpers/temp.ts';

function makeTmux(extra: Record<string, string> = {}) {
  const dir = makeTempDir();
  const tmux = createTmux({ socket: 'harness-test', env: { ...process.env, TMUX_TMPDIR: dir, ...extra } });
  onTestFinished(() => tmux.killServer());
  const newSession = (name: string, script: string, change: object = {}) =>
    tmux.newSession({ name, argv: ['sh', '-c', script], cwd: dir, env: {}, note: '', ...change });
  return { dir, tmux, newSession };
}

const SLEEP = 'exec sleep 300';

it('starts a program in a directory, with its environment and a note', async () => {
  const { dir, tmux, newSession } = makeTmux();
  const script = 'pwd > pwd; echo "$WORD" > word; exec sleep 300';
  await newSession('x-w1', script, { env: { WORD: 'a "b" $c; ü' }, note: '{"π": "#{pid};"}' });
  await waitFor(() => existsSync(join(dir, 'word')) && readFileSync(join(dir, 'word'), 'utf8') !== '');
  expect(readFileSync(join(dir, 'pwd'), 'utf8').trim()).toBe(dir);
  expect(readFileSync(join(dir, 'word'), 'utf8').trim()).toBe('a "b" $c; ü');
  const [session] = await tmux.listSessions();
  expect(session).toMatchObject({ name: 'x-w1', note: '{"π": "#{pid};"}' });
  expect(() => process.kill(session?.pid ?? 0, 0)).not.toThrow();
});

it('hands words over as they are', async () => {
  const { dir, newSession } = makeTmux();
  const argv = [
    'sh',
    '-c',
    'printf "%s\\n" "$@" > words',
    'sh',
    'a b',
    ';',
    'c;',
    '#{pid}',
    '$HOME',
    '-x',
    '',
  ];
  await newSession('x', '', { argv });
  const words = () => existsSync(join(dir, 'words')) && readFileSync(join(dir, 'words'), 'utf8');
  const text = await waitFor(() => words() || null);
  expect(text.split('\n').slice(0, -1)).toEqual(argv.slice(4));
});

it('gives a session nothing of another one, and nothing of the engine', async () => {
  const { dir, newSession } = makeTmux({ GH_TOKEN: 'canary-1', CLAUDECODE: '1', EDITOR: 'canary-2' });
  await newSession('x-w1', SLEEP, { env: { GH_TOKEN: 'canary-3', ONLY: 'first' } });
  await newSession('x-i7', 'env > env; exec sleep 300', { env: { OTHER: 'second' } });
  const env = await waitFor(() => {
    const text = existsSync(join(dir, 'env')) ? readFileSync(join(dir, 'env'), 'utf8') : '';
    return text.includes('OTHER=second') && text;
  });
  expect(env).not.toMatch(/canary|CLAUDECODE|ONLY/);
  const server = execFileSync('ps', ['-A', '-ww', '-o', 'args='], { encoding: 'utf8' });
  expect(server).not.toContain('canary-3');
});

it('starts a name once', async () => {
  const { tmux, newSession } = makeTmux();
  const answers = await Promise.all([1, 2, 3, 4].map(() => newSession('x', SLEEP)));
  expect(answers.filter(isNew => isNew)).toHaveLength(1);
  expect(await tmux.listSessions()).toHaveLength(1);
});

it('knows and ends exactly the session that is named', async () => {
  const { tmux, newSession } = makeTmux();
  await newSession('x-i12', SLEEP);
  expect(await tmux.hasSession('x-i1')).toBe(false);
  await tmux.killSession('x-i1');
  expect(await tmux.hasSession('x-i12')).toBe(true);
  await newSession('x-i1', SLEEP);
  await tmux.killSession('x-i1');
  expect((await tmux.listSessions()).map(({ name }) => name)).toEqual(['x-i12']);
});

it('has no sessions, and nothing to end, where no server runs', async () => {
  const { tmux } = makeTmux();
  expect(await tmux.listSessions()).toEqual([]);
  expect(await tmux.hasSession('x')).toBe(false);
  await tmux.killSession('x');
  await tmux.killServer();
});

it('forgets a session when its program ends, and the server with the last one', async () => {
  const { dir, tmux, newSession } = makeTmux();
  await newSession('x', 'while [ ! -e stop ]; do sleep 0.02; done');
  execFileSync('touch', [join(dir, 'stop')]);
  await waitFor(async () => (await tmux.listSessions()).length === 0);
  const socket = execFileSync('sh', ['-c', `echo ${dir}/tmux-*/harness-test`], { encoding: 'utf8' }).trim();
  await waitFor(
    () => !execFileSync('ps', ['-A', '-ww', '-o', 'args='], { encoding: 'utf8' }).includes(socket),
  );
});

it('presses keys', async () => {
  const { dir, tmux, newSession } = makeTmux();
  await newSession('x', 'read line; echo "$line" > line');
  await tmux.sendKeys('x', ['h', 'i', ';', 'Enter']);
  const line = () => existsSync(join(dir, 'line')) && readFileSync(join(dir, 'line'), 'utf8');
  expect(await waitFor(() => line() || null)).toBe('hi;\n');
  await expect(tmux.sendKeys('nobody', ['Enter'])).rejects.toMatchObject({ code: 'tmux-failed' });
});

it('attaches to exactly one session, read-only on request', () => {
  const { dir, tmux } = makeTmux({ TMUX: 'outer' });
  const { argv, env } = tmux.attachCommand('x-i1', { readOnly: true });
  expect(argv.slice(-4)).toEqual(['attach-session', '-r', '-t', '=x-i1']);
  expect(tmux.attachCommand('x-i1', { readOnly: false }).argv).not.toContain('-r');
  expect(env).toMatchObject({ TMUX_TMPDIR: dir });
  expect(env).not.toHaveProperty('TMUX');
});

it.each(['', 'a.b', 'a:b', '=a', 'a b', 'ä'])('refuses the name %j', async name => {
  const { tmux, newSession } = makeTmux();
  await expect(newSession(name, SLEEP)).rejects.toThrow('Not a session name');
  await expect(tmux.killSession(name)).rejects.toThrow('Not a session name');
});

it('says that tmux is missing', async () => {
  const tmux = createTmux({ socket: 'harness-test', env: { PATH: '/nowhere' } });
  await expect(tmux.listSessions()).rejects.toMatchObject({ code: 'tool-missing' });
});

it('says what tmux says when it fails', async () => {
  const dir = join(makeTempDir(), 'x'.repeat(110));
  mkdirSync(dir);
  const tmux = createTmux({ socket: 'harness-test', env: { ...process.env, TMUX_TMPDIR: dir } });
  await expect(tmux.listSessions()).rejects.toMatchObject({ code: 'tmux-failed' });
});

it('does not wait for ever for a server that is stopped', async () => {
  const { dir, tmux, newSession } = makeTmux();
  await newSession('x', 'echo $PPID > server; exec sleep 300');
  const file = join(dir, 'server');
  const server = await waitFor(() => (existsSync(file) && Number(readFileSync(file, 'utf8'))) || null);
  process.kill(server, 'SIGSTOP');
  onTestFinished(() => void process.kill(server, 'SIGCONT'));
  const impatient = createTmux({
    socket: 'harness-test',
    env: { ...process.env, TMUX_TMPDIR: dir },
    patienceMs: 300,
  });
  await expect(impatient.listSessions()).rejects.toThrow('no answer in 0.3 s');
  process.kill(server, 'SIGCONT');
  await expect(tmux.hasSession('x')).resolves.toBe(true);
}, 30_000);
