import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { simulateCommand } from '../../src/commands/simulate.ts';
import type { Invocation } from '../../src/invocation.ts';
import type { Forecast } from '../../src/simulate/forecast.ts';
import { formatWorld } from '../../src/world-file.ts';
import { makeTempDir } from '../helpers/temp.ts';
import { anIssue, aWorld, blockedBy } from '../helpers/world.ts';

const BOARD = formatWorld(
  aWorld({ issues: [anIssue(5), anIssue(9, blockedBy(5)), anIssue(12), anIssue(20, { labels: [] })] }),
);

const USUAL = { hosts: '1', minutes: '20', seed: '1' };

function onBoard() {
  const cwd = makeTempDir();
  writeFileSync(path.join(cwd, 'world.json'), BOARD);
  const printed: string[] = [];
  const io: Invocation = {
    cwd,
    env: {},
    out: text => printed.push(text),
    err: () => {},
    columns: 100,
    isTerminal: false,
    isInteractive: false,
    useColor: false,
    signal: new AbortController().signal,
    exitNow: code => {
      throw new Error(`exited with ${code}`);
    },
  };
  return { io, printed: () => printed.join('') };
}

async function forecastOf(options: Partial<typeof USUAL> & { readonly cap?: string }): Promise<Forecast> {
  const { io, printed } = onBoard();
  await simulateCommand({ ...USUAL, ...options, world: 'world.json', json: true }, io);
  return JSON.parse(printed());
}

describe('harness simulate', () => {
  it('lands what is ready, what it blocks after that, and leaves the rest', async () => {
    const { events, landed, isCut } = await forecastOf({});
    const landing = events.filter(({ kind }) => kind === 'lands').map(({ issue }) => issue);
    expect([...landing].sort((a, b) => a - b)).toEqual([5, 9, 12]);
    expect(landing.indexOf(5)).toBeLessThan(landing.indexOf(9));
    expect({ landed, isCut }).toEqual({ landed: 3, isCut: false });
  });

  it('gives the same for the same seed, and something else for another', async () => {
    const [first, again, other] = [
      await forecastOf({ seed: '7' }),
      await forecastOf({ seed: '7' }),
      await forecastOf({ seed: '8' }),
    ];
    expect(again).toEqual(first);
    expect(other.events).not.toEqual(first.events);
  });

  it('takes longer with agents that take longer', async () => {
    const [short, long] = [await forecastOf({ minutes: '10' }), await forecastOf({ minutes: '60' })];
    expect(long.agentMinutes).toBeGreaterThan(2 * short.agentMinutes);
  });

  it('is a time-lapse for people', async () => {
    const { io, printed } = onBoard();
    await simulateCommand({ ...USUAL, world: 'world.json' }, io);
    expect(printed()).toMatch(/^ {2}0:00 {2}▶ h1 {2}acme\/widget#5, attempt 1 {2}begins$/m);
    expect(printed()).toMatch(/3 landed in .*, \d+ attempts/);
  });

  it.each([
    ['--hosts', { hosts: '0' }],
    ['--cap', { cap: 'many' }],
    ['--seed', { seed: '1.5' }],
  ])('refuses a %s that is no number', async (option, options) => {
    await expect(forecastOf(options)).rejects.toThrow(`${option}: expected a whole number`);
  });
});
