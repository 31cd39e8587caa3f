import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createGate, type Gate } from '../../../src/adapters/github/gate.ts';
import { gateFormat } from '../../../src/adapters/github/gate-state.ts';
import { openSharedFile } from '../../../src/adapters/snapshots/shared-file.ts';
import { makeTempDir } from '../../helpers/temp.ts';
import { aClock, aLog, type MovableClock } from './setup.ts';

/** A gate as one of several processes has it: the file is the same, nothing else is. */
function aGate(path: string, clock: MovableClock, writeSpacingMs = 0): Gate {
  const state = openSharedFile({ path, format: gateFormat, readOnly: false, log: aLog() });
  return createGate({ state, clock, writeSpacingMs });
}

const READ = { isWrite: false, isGraphQL: false };
const GRAPHQL = { isWrite: false, isGraphQL: true };
const WRITE = { isWrite: true, isGraphQL: false };
const SECONDARY = { budget: 'all', waitMs: null, isRefusal: false } as const;

async function pass(
  gate: Gate,
  request = READ,
  limit: Parameters<Awaited<ReturnType<Gate['enter']>>>[0] = null,
) {
  const leave = await gate.enter(request);
  await leave(limit);
}

const limited = { code: 'github-limited' };
const aFile = () => join(makeTempDir(), 'gates', 'gate.json');

describe('the gate', () => {
  it('lets nothing through while a limit is on, in any process', async () => {
    const [path, clock] = [aFile(), aClock()];
    const [ours, theirs] = [aGate(path, clock), aGate(path, clock)];
    await pass(ours, READ, { budget: 'core', waitMs: 30_000, isRefusal: false });
    await expect(ours.enter(READ)).rejects.toMatchObject(limited);
    await expect(theirs.enter(WRITE)).rejects.toMatchObject(limited);
    clock.advance(31_000);
    await pass(theirs);
    await pass(ours);
  });

  it('names the time until which it waits', async () => {
    const clock = aClock();
    const gate = aGate(aFile(), clock);
    await pass(gate, READ, { budget: 'core', waitMs: 30_000, isRefusal: false });
    const time = new Date(clock.now() + 30_000).toISOString().slice(0, 16);
    await expect(gate.enter(READ)).rejects.toThrow(time);
  });

  it('tells a request that it was refused for the limit that it met', async () => {
    const leave = await aGate(aFile(), aClock()).enter(READ);
    await expect(leave({ ...SECONDARY, isRefusal: true })).rejects.toMatchObject(limited);
  });

  it('keeps the budgets of REST and GraphQL apart, and stops both for a secondary limit', async () => {
    const clock = aClock();
    const gate = aGate(aFile(), clock);
    await pass(gate, GRAPHQL, { budget: 'graphql', waitMs: 30_000, isRefusal: false });
    await expect(gate.enter(GRAPHQL)).rejects.toMatchObject(limited);
    await pass(gate, READ);
    await pass(gate, READ, SECONDARY);
    clock.advance(31_000);
    await expect(gate.enter(GRAPHQL)).rejects.toMatchObject(limited);
    await expect(gate.enter(READ)).rejects.toMatchObject(limited);
  });

  it('sends one probe when a limit ends; the others wait for what it finds', async () => {
    const [path, clock] = [aFile(), aClock()];
    const gate = aGate(path, clock);
    await pass(gate, READ, SECONDARY);
    clock.advance(61_000);
    const probe = await gate.enter(READ);
    const others = Array.from({ length: 5 }, () => gate.enter(READ));
    const outcomes = Promise.allSettled(others);
    await expect(aGate(path, clock).enter(READ)).rejects.toMatchObject(limited);
    await probe(SECONDARY);
    expect((await outcomes).map(({ status }) => status)).toEqual(Array(5).fill('rejected'));
  });

  it('opens for all when the probe finds no limit', async () => {
    const clock = aClock();
    const gate = aGate(aFile(), clock);
    await pass(gate, READ, SECONDARY);
    clock.advance(61_000);
    const probe = await gate.enter(READ);
    const other = gate.enter(READ);
    await probe(null);
    await (await other)(null);
    await pass(gate);
  });

  it('waits longer each time when GitHub names no time', async () => {
    const clock = aClock();
    const gate = aGate(aFile(), clock);
    for (const waitMs of [60_000, 120_000, 240_000]) {
      await pass(gate, READ, SECONDARY);
      clock.advance(waitMs - 5_000);
      await expect(gate.enter(READ)).rejects.toMatchObject(limited);
      clock.advance(6_000);
    }
    await pass(gate, READ);
    await pass(gate, READ, SECONDARY);
    clock.advance(61_000);
    await pass(gate, READ);
  });

  it('is not opened by the answer to a request that was sent before the limit began', async () => {
    const gate = aGate(aFile(), aClock());
    const early = await gate.enter(READ);
    await pass(gate, READ, SECONDARY);
    await early(null);
    await expect(gate.enter(READ)).rejects.toMatchObject(limited);
  });

  it('takes over the probe of a process that died', async () => {
    const [path, clock] = [aFile(), aClock()];
    await pass(aGate(path, clock), READ, SECONDARY);
    clock.advance(61_000);
    await aGate(path, clock).enter(READ);
    await expect(aGate(path, clock).enter(READ)).rejects.toMatchObject(limited);
    clock.advance(41_000);
    await pass(aGate(path, clock));
  });

  it('does not wait for years after the clock was set back', async () => {
    const [path, clock] = [aFile(), aClock()];
    const gate = aGate(path, clock);
    await pass(gate, READ, SECONDARY);
    clock.advance(-10 * 3_600_000);
    await pass(gate);
  });

  it('spaces the writes of all processes, and no reads', async () => {
    const [path, clock] = [aFile(), aClock()];
    const gates = [aGate(path, clock, 60), aGate(path, clock, 60)];
    const times: number[] = [];
    const startedAt = performance.now();
    const write = async (gate: Gate) => {
      const leave = await gate.enter(WRITE);
      times.push(performance.now() - startedAt);
      await leave(null);
    };
    await Promise.all([...gates, ...gates].map(write));
    // Each may be late by itself, so that only the first moment that it may have is known.
    expect(times.filter((time, index) => time < index * 60 - 5)).toEqual([]);
  });

  it('has room for a few requests at a time', async () => {
    const gate = aGate(aFile(), aClock());
    const inside = await Promise.all(Array.from({ length: 8 }, () => gate.enter(READ)));
    let isIn = false;
    const ninth = gate.enter(READ).then(leave => {
      isIn = true;
      return leave(null);
    });
    await Promise.resolve();
    expect(isIn).toBe(false);
    await inside[0]?.(null);
    await ninth;
    expect(isIn).toBe(true);
  });
});
