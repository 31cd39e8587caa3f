import { columns } from './columns.ts';
import { duration } from './duration.ts';

/** What `harness poll` says; `--json` prints it as it is. */
export interface PollFacts {
  readonly repositories: readonly SnapshotFact[];
  /** The queries about many repositories in the last hour. */
  readonly sweeps: Spent;
}

interface Spent {
  readonly requests: number;
  readonly points: number;
}

interface SnapshotFact {
  readonly repo: string;
  /** Digest of the API and the token. */
  readonly account: string;
  /** The fleet that has it for itself; null for one that all fleets share. */
  readonly owner: string | null;
  readonly ageMs: number | null;
  readonly triedAgeMs: number | null;
  /** null while nobody needs it. */
  readonly everyMs: number | null;
  readonly result: string;
  readonly problem: string | null;
  readonly by: string;
  readonly lastHour: Spent;
  readonly fleets: readonly { readonly projectDir: string; readonly members: readonly string[] }[];
}

/** Renders how fresh the snapshots of this host are, who keeps them so, and what it costs. */
export function renderPoll({ repositories, sweeps }: PollFacts, { width }: { width: number }): string {
  if (repositories.length === 0) return 'No repository was read on this host yet.\n';
  const table = columns([HEADINGS, ...repositories.map(rowOf)], width);
  const notes = [
    ...(sweeps.requests === 0
      ? []
      : [`queries about many repositories in the last hour: ${spentText(sweeps)}`]),
    ...repositories.flatMap(notesOf),
  ];
  return `${[table, ...(notes.length === 0 ? [] : [notes.join('\n')])].join('\n\n')}\n`;
}

const HEADINGS = ['repository', 'read', 'cadence', 'result', 'last hour', 'by'];

function rowOf({ repo, owner, ageMs, everyMs, result, lastHour, by }: SnapshotFact): readonly string[] {
  return [
    owner === null ? repo : `${repo} (own)`,
    ageMs === null ? 'never' : `${duration(ageMs)} ago`,
    everyMs === null ? '-' : duration(everyMs),
    result,
    spentText(lastHour),
    by,
  ];
}

const spentText = ({ requests, points }: Spent) => `${requests} requests, ${points} points`;

function notesOf({ repo, problem, triedAgeMs, fleets }: SnapshotFact): readonly string[] {
  const tried = triedAgeMs === null ? '' : ` (${duration(triedAgeMs)} ago)`;
  return [
    ...(problem === null ? [] : [`${repo}: ${problem}${tried}`]),
    ...fleets.map(({ projectDir, members }) => `${repo} is needed by ${members.join(', ')} of ${projectDir}`),
  ];
}
