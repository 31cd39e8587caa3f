import { messageOf } from '../errors.ts';
import { type Play, readOptions, USAGE } from './options.ts';
import { failureLines, progressLine, tallyLine } from './report.ts';
import { runSeeds } from './run-seeds.ts';

function main(args: readonly string[]): number | Promise<number> {
  try {
    const wanted = readOptions(args);
    if (wanted) return play(wanted);
    write(USAGE);
    return 0;
  } catch (error) {
    process.stderr.write(`error: ${messageOf(error)}\n\n${USAGE}`);
    return 2;
  }
}

async function play({ lines, ...run }: Play): Promise<number> {
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;
  const tally = await runSeeds({
    ...run,
    onFailure: result => write(`${failureLines(result, lines).join('\n')}\n`),
    onProgress: sofar => write(`${progressLine(sofar, seconds())}\n`),
  });
  write(`${tallyLine(tally, seconds())}\n`);
  return tally.failures === 0 ? 0 : 1;
}

const write = (text: string) => void process.stdout.write(text);

// `| head` reads no further: there is nobody left to play for.
process.stdout.on('error', () => process.exit(1));
process.exitCode = await main(process.argv.slice(2));
