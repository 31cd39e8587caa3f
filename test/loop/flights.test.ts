import { describe, expect, it } from 'vitest';
import { createFlights } from '../../src/loop/flights.ts';

const setUp = () => {
  const warnings: string[] = [];
  const flights = createFlights({ debug: () => {}, info: () => {}, warn: text => void warnings.push(text) });
  return { flights, warnings };
};

const isSettled = async (promise: Promise<unknown>) => {
  const later = new Promise<'later'>(resolve => setImmediate(() => resolve('later')));
  return (await Promise.race([promise.then(() => 'settled'), later])) === 'settled';
};

describe('flights', () => {
  it('never have two under one key', async () => {
    const { flights } = setUp();
    let begun = 0;
    const begin = async () => {
      begun += 1;
    };
    flights.begin('a', begin);
    flights.begin('a', begin);
    expect(flights.keys()).toEqual(['a']);
    await flights.settled();
    expect(begun).toBe(1);
    expect(flights.has('a')).toBe(false);
  });

  it('wake whoever waits when one ends well', async () => {
    const { flights } = setUp();
    const landed = flights.landed();
    flights.begin('a', async () => {});
    expect(await isSettled(landed)).toBe(true);
  });

  it('do not wake anybody when one fails: it would be begun again at once', async () => {
    const { flights, warnings } = setUp();
    const landed = flights.landed();
    flights.begin('a', () => Promise.reject(new Error('GitHub is down')));
    await flights.settled();
    expect(await isSettled(landed)).toBe(false);
    expect(warnings).toEqual(['a: GitHub is down']);
    expect(flights.keys()).toEqual([]);
  });
});
