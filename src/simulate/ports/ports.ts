import type { Ports } from '../../ports.ts';
import { nameOf, type Process } from '../machines/process.ts';
import type { Universe } from '../universe.ts';
import { simulateBoard } from './board.ts';
import { simulateClock } from './clock.ts';
import { simulateCommands } from './commands.ts';
import { simulateHost } from './host.ts';
import { simulateRefs } from './refs.ts';
import { simulateRepos } from './repos.ts';
import { simulateSessions } from './sessions.ts';

/** Everything that a worker process knows of the outside, simulated. */
export function simulatePorts(universe: Universe, process: Process): Ports {
  const note = (level: string) => (message: string) =>
    universe.trace.note(nameOf(process), subjectIn(universe, message), `${level}: ${message}`);
  return {
    board: simulateBoard(universe, process),
    refs: simulateRefs(universe, process),
    repos: simulateRepos(universe, process),
    sessions: simulateSessions(universe, process),
    commands: simulateCommands(universe, process),
    host: simulateHost(universe, process),
    clock: simulateClock(universe, process),
    log: { debug: () => {}, info: note('info'), warn: note('warn') },
  };
}

/** The issue that a log line is about, when it names one. */
function subjectIn({ remotes }: Universe, message: string): string | null {
  const number = /#(\d+)/.exec(message)?.[1];
  const [repo] = remotes.keys();
  return number === undefined ? null : `${repo}#${number}`;
}
