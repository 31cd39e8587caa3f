import { parseArgs } from 'node:util';
import type { SimulationOptions } from './simulation.ts';
import { isTwinName, TWINS } from './twins.ts';
import { isRule, RULES } from './watch/watch.ts';
import { WEATHERS } from './weather.ts';

/** What is to be played. */
export interface Play {
  readonly from: number;
  readonly to: number;
  /** Events shown of a failing seed. */
  readonly lines: number;
  readonly keepGoing: boolean;
  readonly simulation: Omit<SimulationOptions, 'seed'>;
}

export const USAGE = `Plays the engine against simulated hosts, agents, people and GitHub, and checks its promises.

  npm run simulate -- --seeds 1..1000          many seeds; exit status 1 when a promise is broken
  npm run simulate -- --seed 42 --lines 200    one seed, with the last 200 events if it fails

  --hosts N     hosts, each with a fleet of two workers (3)
  --issues N    issues in each repository (8)
  --repos N     repositories, each a unit of every fleet (1)
  --weather W   how well GitHub answers: ${Object.keys(WEATHERS).join(', ')} (rough)
  --without X   takes one line of defence away:
${columns(Object.keys(TWINS).filter(name => name !== 'nothing'))}
  --only P      watches one promise alone:
${columns(RULES)}
  --lines N     events shown of a failing seed (60)
  --keep-going  plays on after the first failing seed
`;

/** Reads the command line; null where help is asked for. Throws an `Error` that says what is wrong. */
export function readOptions(args: readonly string[]): Play | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', default: false },
      seed: { type: 'string' },
      seeds: { type: 'string', default: '1..100' },
      hosts: { type: 'string', default: '3' },
      issues: { type: 'string', default: '8' },
      repos: { type: 'string', default: '1' },
      weather: { type: 'string', default: 'rough' },
      without: { type: 'string', default: 'nothing' },
      only: { type: 'string' },
      lines: { type: 'string', default: '60' },
      'keep-going': { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const { weather, without, only = null } = values;
  if (!isWeather(weather)) throw noSuch('--weather', weather);
  if (!isTwinName(without)) throw noSuch('--without', without);
  if (only !== null && !isRule(only)) throw noSuch('--only', only);
  return {
    ...(values.seed === undefined ? rangeOf(values.seeds) : rangeOf(`${values.seed}..${values.seed}`)),
    lines: countOf('--lines', values.lines),
    keepGoing: values['keep-going'],
    simulation: {
      hosts: countOf('--hosts', values.hosts),
      issues: countOf('--issues', values.issues),
      repos: countOf('--repos', values.repos),
      weather,
      only,
      alter: TWINS[without].alter,
    },
  };
}

function rangeOf(text: string): Pick<Play, 'from' | 'to'> {
  const [first = '', last = '', ...more] = text.split('..');
  const from = countOf('a seed', first);
  const to = countOf('a seed', last);
  if (more.length > 0 || to < from) throw new Error(`${text} is no range of seeds; write 1..1000.`);
  return { from, to };
}

function countOf(what: string, text: string): number {
  const count = Number(text);
  if (text !== '' && Number.isSafeInteger(count) && count > 0) return count;
  throw new Error(`${what} must be a whole number from 1 on, not "${text}".`);
}

const isWeather = (name: string): name is keyof typeof WEATHERS => Object.hasOwn(WEATHERS, name);

const noSuch = (option: string, value: string) => new Error(`${option} knows no "${value}"; see --help.`);

/** Names in lines of a usual terminal's width. */
function columns(names: readonly string[]): string {
  const lines = [''];
  for (const name of names) {
    const last = lines[lines.length - 1] ?? '';
    if (last.length + name.length > 60) lines.push(name);
    else lines[lines.length - 1] = last === '' ? name : `${last}, ${name}`;
  }
  return lines.map(line => `                  ${line}`).join('\n');
}
