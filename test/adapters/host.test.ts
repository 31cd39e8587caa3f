import { once } from 'node:events';
import { mkdirSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { eventsDir, ringBell } from '../../src/adapters/bell.ts';
import { createHost, type HostOptions } from '../../src/adapters/host.ts';
import { createPauseFlag } from '../../src/adapters/pause-flag.ts';
import { makeTempDir } from '../helpers/temp.ts';

function makeHost(change: Partial<HostOptions> = {}) {
  const projectDir = makeTempDir();
  const runDir = join(projectDir, '.harness', 'run');
  const options = {
    projectDir,
    runDir,
    harnessHome: '/home/ada/.harness',
    snapshots: null,
    worker: 1,
    ...change,
  };
  return { ...options, options, host: createHost(options) };
}

const never = new AbortController().signal;

describe('the identity of a host', () => {
  it('is the same for a project whenever it is asked for, and another one for another project', () => {
    const { options, host } = makeHost();
    expect(createHost(options).identity).toEqual(host.identity);
    const other = makeHost().host.identity;
    expect(other.fleet).not.toBe(host.identity.fleet);
    expect({ ...other, fleet: '' }).toEqual({ ...host.identity, fleet: '' });
    expect(createHost({ ...options, harnessHome: '/other' }).identity.fleet).not.toBe(host.identity.fleet);
    expect(host.identity).toMatchObject({
      fleet: expect.stringMatching(/^[0-9a-f]{12}$/),
      host: expect.stringMatching(/^[0-9a-f]{12}$/),
      worker: expect.stringMatching(new RegExp(`^w1:${process.pid}:.+`)),
    });
  });
});

it.each([
  ['not while it lives', {}, false],
  ['when its process has ended', { worker: 'w2:4194304:77' }, true],
  ['when its pid belongs to another process now', { worker: `w1:${process.pid}:1` }, true],
  ['when the host was restarted since', { boot: 'earlier' }, true],
  [
    'not when it is of another fleet, whose processes cannot be seen',
    { fleet: 'x', worker: 'w1:1:1' },
    false,
  ],
  ['not when its name says nothing', { worker: 'somebody' }, false],
])('knows a worker to be gone: %s', (_when, change, expected) => {
  const { host } = makeHost();
  expect(host.isGone({ ...host.identity, ...change })).toBe(expected);
});

it('is paused while the flag is there', async () => {
  const { runDir, host } = makeHost();
  expect(await host.paused()).toBe(false);
  mkdirSync(runDir, { recursive: true });
  createPauseFlag(runDir).set(true);
  expect(await host.paused()).toBe(true);
});

it('claims units for its process', async () => {
  const { host } = makeHost();
  expect(await host.claims()).toEqual([]);
  expect(await host.claimUnit('app')).toBe(true);
  expect(await host.claims()).toEqual(['app']);
  await host.releaseUnit('app');
  expect(await host.claims()).toEqual([]);
});

describe('the next event', () => {
  it('is the bell that rings while it waits', async () => {
    const { runDir, host } = makeHost();
    const next = host.nextEvent(10_000, never);
    ringBell(runDir, 'x-i7 ended');
    expect(await next).toBe('x-i7 ended');
  });

  it('is the bell that rang before it waits, once', async () => {
    const { runDir, host } = makeHost();
    ringBell(runDir, 'first');
    ringBell(runDir, 'second');
    expect(await host.nextEvent(500, never)).toBe('second');
    expect(await host.nextEvent(30, never)).toBe('timeout');
  });

  it('is not a bell that rang before there was a worker', async () => {
    const { runDir, options } = makeHost();
    ringBell(runDir, 'old');
    expect(await createHost(options).nextEvent(30, never)).toBe('timeout');
  });

  it('wakes every worker of the fleet', async () => {
    const { runDir, options, host } = makeHost();
    const waiting = [host, createHost(options), createHost(options)].map(one => one.nextEvent(10_000, never));
    ringBell(runDir, 'all');
    expect(await Promise.all(waiting)).toEqual(['all', 'all', 'all']);
  });

  it('is a snapshot that another process writes', async () => {
    const directory = makeTempDir();
    const { host } = makeHost({ snapshots: { directory, repos: ['acme/lib', 'Acme/app'] } });
    const next = host.nextEvent(10_000, never);
    writeFileSync(join(directory, 'draft'), '{}');
    renameSync(join(directory, 'draft'), join(directory, 'acme~app.0.v1.jsonl'));
    expect(await next).toBe('snapshot');
    expect(await host.nextEvent(30, never)).toBe('timeout');
  });

  it('is not a look at GitHub that has found nothing new', async () => {
    const directory = makeTempDir();
    writeFileSync(join(directory, 'acme~app.0.v1.jsonl'), '{}');
    const { host } = makeHost({ snapshots: { directory, repos: ['acme/app'] } });
    const next = host.nextEvent(100, never);
    mkdirSync(join(directory, 'acme~app.0.v1.read.json.lock'));
    writeFileSync(join(directory, 'acme~app.0.v1.read.json'), '{}');
    expect(await next).toBe('timeout');
  });

  it('is not a snapshot that only other fleets need', async () => {
    const directory = makeTempDir();
    const { host } = makeHost({ snapshots: { directory, repos: ['acme/app'] } });
    const next = host.nextEvent(100, never);
    writeFileSync(join(directory, 'acme~app2.0.v1.jsonl'), '{}');
    expect(await next).toBe('timeout');
  });

  it('survives the deletion of the run directory', async () => {
    const { runDir, host } = makeHost();
    const next = host.nextEvent(10_000, never);
    const isDeleted = once(watch(eventsDir(runDir)), 'change');
    rmSync(runDir, { recursive: true });
    await isDeleted;
    ringBell(runDir, 'after');
    expect(await next).toBe('after');
    rmSync(runDir, { recursive: true });
    const another = host.nextEvent(10_000, never);
    ringBell(runDir, 'again');
    expect(await another).toBe('again');
  });

  it('is heard where nothing can be watched', async () => {
    const { projectDir, runDir, host } = makeHost();
    writeFileSync(join(projectDir, '.harness'), '');
    const next = host.nextEvent(10_000, never);
    rmSync(join(projectDir, '.harness'));
    ringBell(runDir, 'heard');
    expect(await next).toBe('heard');
  });

  it('is the end of the wait when nothing happens or the worker stops', async () => {
    const { host } = makeHost();
    expect(await host.nextEvent(20, never)).toBe('timeout');
    const stop = new AbortController();
    const next = host.nextEvent(10_000, stop.signal);
    stop.abort();
    expect(await next).toBe('aborted');
    expect(await host.nextEvent(10_000, stop.signal)).toBe('aborted');
  });

  it('comes within milliseconds', async () => {
    const { runDir, host } = makeHost();
    const next = host.nextEvent(10_000, never);
    await pause(0);
    const startedAt = performance.now();
    ringBell(runDir, 'now');
    await next;
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});
