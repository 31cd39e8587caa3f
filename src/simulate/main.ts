import { parseArgs } from 'node:util';
import { failureLines, progressLine, tallyLine } from './report.ts';
import { runSeeds } from './run-seeds.ts';
import { isTwinName, TWINS } from './twins.ts';
import { WEATHERS } from './weather.ts';

const USAGE = `Plays the engine against simulated hosts, agents, people and GitHub, and checks its promises.

  npm run simulate -- --seeds 1..1000          many seeds; exit status 1 when a promise is broken
  npm run simulate -- --seed 42 --lines 200    one seed, with the last 200 events if it fails

  --hosts N     hosts, each with a fleet of two workers (3)
  --issues N    issues in each repository (8)
  --repos N     repositories, each a unit of every fleet (1)
  --weather W   how well GitHub answers: rough, stormy (rough)
  --without X   takes one line of defence away: ${Object.keys(TWINS).join(', ')}
  --lines N     events shown of a failing seed (60)
  --keep-going  plays on after the first failing seed
`;

async function main(args: readonly string[]): Promise<number> {
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
      lines: { type: 'string', default: '60' },
      'keep-going': { type: 'boolean', default: false },
    },
  });
  const [first, last] = (values.seed ?? values.seeds).split('..').map(Number);
  const sizes = [first, last ?? first, values.hosts, values.issues, values.repos, values.lines].map(Number);
  const { without: twin, weather } = values;
  if (
    values.help ||
    !isTwinName(twin) ||
    !isWeather(weather) ||
    !sizes.every(size => Number.isSafeInteger(size) && size > 0)
  ) {
    write(USAGE);
    return values.help ? 0 : 2;
  }
  const [from = 1, to = from, hosts = 3, issues = 8, repos = 1, lines = 60] = sizes;

  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;
  const tally = await runSeeds({
    from,
    to,
    simulation: { hosts, issues, repos, weather, alter: TWINS[twin].alter },
    keepGoing: values['keep-going'],
    onFailure: result => write(`${failureLines(result, lines).join('\n')}\n`),
    onProgress: sofar => write(`${progressLine(sofar, seconds())}\n`),
  });
  write(`${tallyLine(tally, seconds())}\n`);
  return tally.failures === 0 ? 0 : 1;
}

const isWeather = (name: string): name is keyof typeof WEATHERS => Object.hasOwn(WEATHERS, name);

const write = (text: string) => void process.stdout.write(text);

// `| head` reads no further: there is nobody left to play for.
process.stdout.on('error', () => process.exit(1));
process.exitCode = await main(process.argv.slice(2));
