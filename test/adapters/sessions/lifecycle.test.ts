import { existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandAgent } from '../../../src/adapters/agents/command.ts';
import { readBell } from '../../../src/adapters/bell.ts';
import { sessionPaths } from '../../../src/adapters/sessions/session-files.ts';
import { waitFor } from '../../helpers/temp.ts';
import { makeFleet, makePlan, PROMPT, useSessionHost } from './fixture.ts';

const host = useSessionHost();

describe('a session', () => {
  it('brings the prompt whole, the surroundings in variables, and the outcome back', async () => {
    const fleet = makeFleet(
      host,
      `say('env', JSON.stringify(env)); say('stdin', readFileSync(0)); say('file', readFileSync(env.HARNESS_PROMPT));
       say('args', process.argv.slice(2)); say('cwd', process.cwd()); console.log('working'); finish({});`,
    );
    const plan = await fleet.start();
    const session = await fleet.untilEnded(plan.name);

    expect(session).toMatchObject({
      plan,
      exit: { code: 0, signal: null, reason: 'exited' },
      outcome: { kind: 'valid', outcome: { summary: 'Said hello.' } },
    });
    const read = (name: string) => readFileSync(join(fleet.worktree, name), 'utf8');
    expect([read('stdin'), read('file'), read('args')]).toEqual([PROMPT, PROMPT, '--some-flag']);
    expect(read('cwd')).toBe(fleet.worktree);
    expect(JSON.parse(read('env'))).toMatchObject({
      HARNESS_REPO: 'acme/app',
      HARNESS_ISSUE: '7',
      HARNESS_TITLE: 'Greet the world',
      HARNESS_BRANCH: 'issue/7',
      HARNESS_BASE: plan.base,
      HARNESS_ATTEMPT: '1',
      HARNESS_KIND: 'IMPL',
      HARNESS_UNIT: 'app',
      HARNESS_NONCE: plan.nonce,
      HARNESS_SESSION: plan.nonce,
      HARNESS_WORKTREE: fleet.worktree,
      GIT_AUTHOR_NAME: 'Ada',
      GIT_COMMITTER_EMAIL: 'ada@example.com',
    });
    expect(readFileSync(session.log, 'utf8')).toBe('IMPL acme/app#7, attempt 1: Greet the world\nworking\n');
  });

  it('is starting, running and ended, and then rings the bell', async () => {
    const fleet = makeFleet(host, `say('up'); process.once('SIGUSR1', () => process.exit(3)); work();`);
    const plan = makePlan({ worktree: fleet.worktree });
    expect(await fleet.sessions.reserve(plan)).toBe(true);
    expect(await fleet.find(plan.name)).toMatchObject({
      state: 'starting',
      exit: null,
      lastActivityAt: null,
    });

    await fleet.sessions.launch(plan.name, { prompt: PROMPT, title: 'Greet' });
    expect(await fleet.find(plan.name)).toMatchObject({ state: 'running', outcome: { kind: 'missing' } });
    expect(readBell(fleet.runDir).stroke).toBe('');

    await waitFor(() => existsSync(join(fleet.worktree, 'up')));
    process.kill(fleet.pidsOf(plan.name).agent, 'SIGUSR1');
    const bell = await waitFor(() => (readBell(fleet.runDir).stroke ? readBell(fleet.runDir) : null));
    expect(bell.reason).toBe('x-app-i7 ended');
    expect(await fleet.find(plan.name)).toMatchObject({ state: 'ended', exit: { code: 3 } });
  });

  it('is reserved once, whoever else asks for its name', async () => {
    const fleet = makeFleet(host, 'work();');
    const plans = Array.from({ length: 8 }, () => makePlan({}));
    const answers = await Promise.all(plans.map(plan => fleet.sessions.reserve(plan)));
    expect(answers.filter(isMine => isMine)).toHaveLength(1);
    const winner = plans[answers.indexOf(true)];
    expect((await fleet.sessions.list()).map(({ plan }) => plan)).toEqual([winner]);
  });

  it('is lost when the worker that reserved it is gone, also when its pid is in use again', async () => {
    const fleet = makeFleet(host, 'work();');
    const plan = makePlan({});
    await fleet.sessions.reserve(plan);
    const record = join(fleet.runDir, 'sessions', plan.name, 'plan.json');
    const { owner, ...rest } = JSON.parse(readFileSync(record, 'utf8'));
    writeFileSync(record, JSON.stringify({ ...rest, owner: { ...owner, started: '1' } }));
    expect((await fleet.find(plan.name)).state).toBe('lost');
  });

  it('keeps its directory to its user, and nothing of the environment in it', async () => {
    const fleet = makeFleet(host, 'work();', { pass: ['MY_KEY'], env: { MY_KEY: 'a-secret-of-mine' } });
    const { name } = await fleet.start();
    const dir = join(fleet.runDir, 'sessions', name);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    expect(statSync(join(dir, 'outcome')).mode & 0o777).toBe(0o700);
    expect(existsSync(join(dir, 'launch.json'))).toBe(false);
  });

  it('is gone after it was discarded, but for its log', async () => {
    const fleet = makeFleet(host, `say('up'); console.log('kept'); work();`);
    const plan = await fleet.start();
    await waitFor(() => existsSync(join(fleet.worktree, 'up')));
    const { log } = await fleet.find(plan.name);
    await fleet.sessions.discard(plan.name);
    await fleet.sessions.discard(plan.name);
    expect(await fleet.sessions.list()).toEqual([]);
    expect(existsSync(join(fleet.runDir, 'sessions', plan.name))).toBe(false);
    expect(readFileSync(log, 'utf8')).toContain('kept');
    expect(await fleet.sessions.reserve(makePlan({}))).toBe(true);
  });

  it('leaves no more logs than may be kept', async () => {
    const fleet = makeFleet(host, `finish();`, { logsCap: 0 });
    const plan = await fleet.start();
    const { log } = await fleet.untilEnded(plan.name);
    expect(existsSync(log)).toBe(true);
    await fleet.sessions.discard(plan.name);
    expect(existsSync(log)).toBe(false);
  });

  it('is not mistaken for one whose name begins alike', async () => {
    const fleet = makeFleet(host, 'work();');
    await fleet.start({ name: 'x-i12' });
    await fleet.sessions.end('x-i1', 'cancelled');
    expect((await fleet.find('x-i12')).state).toBe('running');
    await fleet.start({ name: 'x-i1' });
    await fleet.sessions.end('x-i1', 'cancelled');
    expect((await fleet.find('x-i12')).state).toBe('running');
  });

  it('says why it could not start', async () => {
    const fleet = makeFleet(host, '', {
      agentFor: () => commandAgent({ program: '/nowhere/no-such-agent', model: '', effort: '', args: [] }),
    });
    const { name } = await fleet.start();
    const session = await fleet.untilEnded(name);
    expect(session.exit).toMatchObject({ code: null, signal: null, reason: 'spawn-failed' });
    expect(readFileSync(session.log, 'utf8')).toMatch(/could not be started: .*no-such-agent ENOENT/);
  });

  it('replaces a record that a crash of the host left unreadable', async () => {
    const fleet = makeFleet(host, 'work();');
    await fleet.sessions.reserve(makePlan({}));
    const record = join(fleet.runDir, 'sessions', 'x-app-i7', 'plan.json');
    truncateSync(record);
    expect(await fleet.sessions.list()).toEqual([]);
    expect(await fleet.sessions.reserve(makePlan({}))).toBe(true);
  });
});

it('leaves the prompt the file that it is, which a sandbox may be mounting', async () => {
  const fleet = makeFleet(host, 'finish({});');
  const plan = makePlan({ worktree: fleet.worktree });
  await fleet.sessions.reserve(plan);
  const { prompt } = sessionPaths(fleet.runDir, plan.name);
  writeFileSync(prompt, '');
  const { ino } = statSync(prompt);
  await fleet.sessions.launch(plan.name, { prompt: PROMPT, title: 'Greet' });
  await fleet.untilEnded(plan.name);
  expect(readFileSync(prompt, 'utf8')).toBe(PROMPT);
  expect(statSync(prompt).ino).toBe(ino);
});

describe('a deleted run directory', () => {
  it('is made again by the sessions that live, and they still deliver', async () => {
    const fleet = makeFleet(
      host,
      `process.once('SIGUSR1', () => { finish({}); console.log('two'); process.exit(0); }); say('up'); work();`,
    );
    const plan = await fleet.start();
    await waitFor(() => existsSync(join(fleet.worktree, 'up')));
    const pid = fleet.pidsOf(plan.name).agent;
    rmSync(fleet.runDir, { recursive: true });
    expect(await fleet.find(plan.name)).toMatchObject({ plan, state: 'running' });
    expect(await fleet.sessions.reserve(makePlan({}))).toBe(false);

    await waitFor(() => existsSync(join(fleet.runDir, 'sessions', plan.name, 'running.json')));
    process.kill(pid, 'SIGUSR1');
    const session = await fleet.untilEnded(plan.name);
    expect(session).toMatchObject({ plan, outcome: { kind: 'valid' } });
    expect(readFileSync(session.log, 'utf8')).toBe('two\n');
  });

  it('can be followed by the end of a session at once', async () => {
    const fleet = makeFleet(host, `say('up'); work();`);
    const plan = await fleet.start();
    const pid = fleet.pidsOf(plan.name).agent;
    rmSync(fleet.runDir, { recursive: true });
    await fleet.sessions.end(plan.name, 'cancelled');
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(await fleet.tmux.listSessions()).toEqual([]);
  });
});
