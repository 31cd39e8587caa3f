import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { processTable } from '../../../src/adapters/processes.ts';
import { waitFor } from '../../helpers/temp.ts';
import { makeFleet, useSessionHost } from './fixture.ts';

const host = useSessionHost();

/** Starts a child in a session and group of its own that ignores every signal it can. */
const STUBBORN_CHILD = `
const child = spawn('/bin/sh', ['-c', "trap '' HUP TERM INT; echo $$ > child; while :; do sleep 1; done"],
  { detached: true, stdio: 'ignore' });
child.unref();
`;

const isGone = (pid: number) => processTable.read(pid)?.isZombie ?? true;

it('ends an agent and all that it started when it is told to, and says so', async () => {
  const fleet = makeFleet(host, `${STUBBORN_CHILD} say('up'); work();`);
  const { name } = await fleet.start();
  const child = Number(await fleet.saw('child'));
  const pids = fleet.pidsOf(name);
  await fleet.sessions.end(name, 'cancelled');
  expect([child, pids.agent, pids.host].map(isGone)).toEqual([true, true, true]);
  expect(await fleet.find(name)).toMatchObject({ state: 'ended', exit: { reason: 'cancelled' } });
  expect(await fleet.tmux.hasSession(name)).toBe(false);

  const before = await fleet.find(name);
  await fleet.sessions.end(name, 'stopped');
  expect(await fleet.find(name)).toEqual(before);
});

it('lets an agent that listens to SIGTERM finish its outcome', async () => {
  const fleet = makeFleet(
    host,
    `process.on('SIGTERM', () => { finish({}); process.exit(0); }); say('up'); work();`,
    {
      graceMs: 10_000,
    },
  );
  const { name } = await fleet.start();
  await fleet.saw('up');
  await fleet.sessions.end(name, 'stopped');
  const session = await fleet.find(name);
  expect(session).toMatchObject({ exit: { code: 0, reason: 'stopped' }, outcome: { kind: 'valid' } });
});

it('is not disturbed by keys that somebody presses in its pane', async () => {
  const fleet = makeFleet(
    host,
    `say('up'); process.once('SIGUSR1', () => { console.log('late'); process.exit(0); }); work();`,
  );
  const { name } = await fleet.start();
  await fleet.saw('up');
  await fleet.tmux.sendKeys(name, ['C-c', 'C-z', 'C-\\', 'q', 'C-s', 'Enter']);
  process.kill(fleet.pidsOf(name).agent, 'SIGUSR1');
  expect(await fleet.untilEnded(name)).toMatchObject({ exit: { code: 0, reason: 'exited' } });
});

it('ends an agent whose time is up', async () => {
  const fleet = makeFleet(host, `process.on('SIGTERM', () => {}); work();`, { limitMs: 400 });
  const { name } = await fleet.start();
  const session = await fleet.untilEnded(name);
  expect(session.exit).toMatchObject({ code: null, signal: 'SIGKILL', reason: 'timeout' });
});

it('notices an agent that was killed, and ends what it leaves behind', async () => {
  const fleet = makeFleet(host, `${STUBBORN_CHILD} work();`);
  const { name } = await fleet.start();
  const child = Number(await fleet.saw('child'));
  process.kill(fleet.pidsOf(name).agent, 'SIGKILL');
  const session = await fleet.untilEnded(name);
  expect(session).toMatchObject({ exit: { code: null, signal: 'SIGKILL', reason: 'exited' } });
  expect(isGone(child)).toBe(true);
});

it('ends with its agent, whatever the agent leaves in the background with its output', async () => {
  const fleet = makeFleet(
    host,
    `spawn('/bin/sh', ['-c', 'echo $$ > child; exec sleep 300'], { stdio: 'inherit' });
     const timer = setInterval(() => { try { readFileSync('child'); clearInterval(timer); finish({}); process.exit(0); } catch {} }, 5);`,
  );
  const { name } = await fleet.start();
  const session = await fleet.untilEnded(name);
  expect(session).toMatchObject({ exit: { code: 0, reason: 'exited' }, outcome: { kind: 'valid' } });
  expect(isGone(Number(await fleet.saw('child')))).toBe(true);
});

it('ends its agent when the tmux server is killed', async () => {
  const fleet = makeFleet(host, `${STUBBORN_CHILD} work();`);
  const { name } = await fleet.start();
  const child = Number(await fleet.saw('child'));
  const { agent } = fleet.pidsOf(name);
  const server = processTable.read(fleet.pidsOf(name).host)?.parent ?? 0;
  process.kill(server, 'SIGKILL');
  const session = await fleet.untilEnded(name);
  expect(session.exit).toMatchObject({ reason: 'hangup' });
  expect([agent, child].map(isGone)).toEqual([true, true]);
});

it('counts an agent as running whose host was killed, and ends it all the same', async () => {
  const fleet = makeFleet(host, `${STUBBORN_CHILD} say('up'); work();`);
  const { name } = await fleet.start();
  const child = Number(await fleet.saw('child'));
  const pids = fleet.pidsOf(name);
  process.kill(pids.host, 'SIGKILL');
  await waitFor(() => isGone(pids.host));
  expect((await fleet.find(name)).state).toBe('running');
  await fleet.sessions.end(name, 'cancelled');
  expect([pids.agent, child].map(isGone)).toEqual([true, true]);
  expect((await fleet.find(name)).state).toBe('lost');
});

it('counts an agent without a host as lost once its time is up', async () => {
  const fleet = makeFleet(host, `say('up'); work();`, { limitMs: 700 });
  const { name } = await fleet.start();
  const pids = fleet.pidsOf(name);
  process.kill(pids.host, 'SIGKILL');
  await waitFor(async () => (await fleet.find(name)).state === 'lost');
  expect(isGone(pids.agent)).toBe(false);
});

it('is lost when everything was killed at once, with the outcome that it left', async () => {
  const fleet = makeFleet(host, `${STUBBORN_CHILD} finish({}); say('up'); work();`);
  const { name } = await fleet.start();
  await fleet.saw('up');
  const child = Number(await fleet.saw('child'));
  const pids = fleet.pidsOf(name);
  const server = processTable.read(pids.host)?.parent ?? 0;
  for (const pid of [pids.host, pids.agent, server]) process.kill(pid, 'SIGKILL');
  await waitFor(() => isGone(pids.agent) && isGone(pids.host));
  expect(await fleet.find(name)).toMatchObject({ state: 'lost', exit: null, outcome: { kind: 'valid' } });
  expect(isGone(child)).toBe(false);

  await fleet.sessions.end(name, 'cancelled');
  expect(isGone(child)).toBe(true);
});

it('does not start a second agent beside a pane whose record was lost', async () => {
  const fleet = makeFleet(host, `say('up'); work();`);
  const plan = await fleet.start();
  expect(existsSync(join(fleet.runDir, 'sessions', plan.name))).toBe(true);
  await expect(fleet.sessions.launch(plan.name, { prompt: '', title: '' })).rejects.toThrow('exists already');
});
