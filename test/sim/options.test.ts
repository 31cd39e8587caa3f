import { describe, expect, it } from 'vitest';
import { readOptions, USAGE } from '../../src/simulate/options.ts';
import { TWINS } from '../../src/simulate/twins.ts';
import { RULES } from '../../src/simulate/watch/watch.ts';

describe('the options of npm run simulate', () => {
  it('are a hundred seeds on three hosts unless something else is said', () => {
    expect(readOptions([])).toMatchObject({
      ...{ from: 1, to: 100, lines: 60, keepGoing: false },
      simulation: { hosts: 3, issues: 8, repos: 1, weather: 'rough', only: null },
    });
  });

  it('are taken as said', () => {
    const args = '--seeds 5..9 --hosts 2 --weather stormy --only slots --without sight --keep-going'.split(
      ' ',
    );
    expect(readOptions(args)).toMatchObject({
      ...{ from: 5, to: 9, keepGoing: true },
      simulation: { hosts: 2, weather: 'stormy', only: 'slots', alter: TWINS.sight.alter },
    });
    expect(readOptions(['--seed', '7'])).toMatchObject({ from: 7, to: 7 });
  });

  it.each([
    ['--foo', /'--foo'/],
    ['--seeds abc', /a seed must be a whole number from 1 on, not "abc"/],
    ['--seeds 0..9', /not "0"/],
    ['--seeds 1..2..3', /1\.\.2\.\.3 is no range/],
    ['--seeds 9..5', /9\.\.5 is no range/],
    ['--hosts 1.5', /--hosts must be a whole number from 1 on, not "1\.5"/],
    ['--weather nice', /--weather knows no "nice"/],
    ['--without luck', /--without knows no "luck"/],
    ['--only luck', /--only knows no "luck"/],
  ])('are refused with what is wrong: %s', (args, message) => {
    expect(() => readOptions(args.split(' '))).toThrow(message);
  });

  it('are all in the help, which asks for nothing else', () => {
    expect(readOptions(['--help', '--seeds', '1..5'])).toBeNull();
    for (const name of [...RULES, ...Object.keys(TWINS).filter(twin => twin !== 'nothing')])
      expect(USAGE).toContain(name);
    expect(Math.max(...USAGE.split('\n').map(line => line.length))).toBeLessThanOrEqual(100);
  });
});
