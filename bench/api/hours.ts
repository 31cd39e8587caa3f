import type { GitHubBoard } from '../../src/adapters/github/board.ts';
import { maxAgeFor, nextLookMs } from '../../src/loop/cadence.ts';
import { openTown, type Town } from './town.ts';

/** Workers of a fleet, repositories, and fleets on one host; how many changes a repository sees in an hour. */
interface Setting {
  readonly workers: number;
  readonly repos: number;
  readonly fleets: number;
  readonly changesPerHour: number;
  /** Minutes that are simulated; the table is of an hour. */
  readonly busyMinutes: number;
  readonly restMinutes: number;
}

const SETTINGS: readonly Setting[] = [
  { workers: 1, repos: 1, fleets: 1, changesPerHour: 20, busyMinutes: 120, restMinutes: 60 },
  { workers: 3, repos: 3, fleets: 2, changesPerHour: 20, busyMinutes: 120, restMinutes: 60 },
  { workers: 10, repos: 10, fleets: 5, changesPerHour: 20, busyMinutes: 60, restMinutes: 60 },
  { workers: 20, repos: 50, fleets: 5, changesPerHour: 6, busyMinutes: 10, restMinutes: 20 },
];

const MINUTE = 60_000;
const LONGEST_MS = 300_000;
const ISSUES = 20;
const AT_REST = 60 * MINUTE;

interface Spent {
  readonly requests: number;
  readonly notModified: number;
  readonly points: number;
}

/** Prints what watching costs: measured over real boards on the forge, in simulated time, beside formulas. */
export async function benchHours(): Promise<void> {
  console.log(
    'requests and rate-limit points an hour, one host, simulated clock over the real board and forge',
  );
  console.log(
    '(direct: every worker asks for itself, 300 s, and a bug lane, 60 s; poller: one per repository, 300 s)\n',
  );
  const rows: string[][] = [HEADINGS];
  for (const setting of SETTINGS) rows.push(await measure(setting));
  print(rows);
}

const HEADINGS = [
  'workers × repos × fleets',
  'direct/h',
  'poller/h',
  'at rest: free/h',
  'points/h',
  'busy: changes/h',
  'free/h',
  'points/h',
  'per change',
  'free a minute',
  'seen after s (worst)',
];

async function measure(setting: Setting): Promise<string[]> {
  const town = await openTown();
  try {
    const crew = await gather(town, setting);
    const rest = await spendTime(town, crew, { quietMs: AT_REST, minutes: setting.restMinutes, edits: [] });
    const edits = editsOf(town, crew.repos, setting);
    const busy = await spendTime(town, crew, { quietMs: 0, minutes: setting.busyMinutes, edits });
    const { workers, repos, fleets } = setting;
    const anHour = (count: number, minutes: number) => Math.round((count * 60) / minutes);
    return [
      `${workers} × ${repos} × ${fleets}`,
      String(directPerHour(setting)),
      String(repos * (3_600 / 300) * READS),
      String(anHour(rest.spent.notModified, setting.restMinutes)),
      String(anHour(rest.spent.points, setting.restMinutes)),
      String(anHour(edits.length, setting.busyMinutes)),
      String(anHour(busy.spent.notModified, setting.busyMinutes)),
      String(anHour(busy.spent.points, setting.busyMinutes)),
      (busy.perChange / edits.length).toFixed(2),
      (busy.spent.notModified / setting.busyMinutes).toFixed(0),
      `${mean(busy.delays).toFixed(1)} (${Math.max(...busy.delays).toFixed(1)})`,
    ];
  } finally {
    await town.close();
  }
}

/** A list of issues and a file of the plan. */
const READS = 2;

const directPerHour = ({ workers, repos, fleets }: Setting) =>
  fleets * repos * ((3_600 * workers) / 300 + 3_600 / 60) * READS;

interface Crew {
  readonly repos: readonly string[];
  readonly boards: readonly { readonly board: GitHubBoard; readonly phase: number }[];
  /** What a worker asks for at most; shared by all, as the registry does between processes. */
  readonly pace: { everyMs: number };
}

async function gather(town: Town, { workers, repos: count, fleets }: Setting): Promise<Crew> {
  const repos = Array.from({ length: count }, (_none, index) => `acme/r${index}`);
  for (const repo of repos) {
    await town.forge.addRepository({ owner: 'acme', name: repo.slice(5), files: { 'README.md': '#\n' } });
    for (let number = 1; number <= ISSUES; number++) town.forge.addIssue({ repo, title: `Issue ${number}` });
  }
  const pace = { everyMs: 0 };
  const watch = {
    need: () => {},
    watched: (account: string) => repos.map(repo => ({ account, repo, everyMs: pace.everyMs })),
  };
  const boards = Array.from({ length: workers * fleets }, (_none, index) => ({
    board: town.boardOf({ watch, reader: `w${index}` }),
    phase: random(),
  }));
  const crew = { repos, boards, pace };
  // First reads, and the probes after them, are not part of an hour.
  await spendTime(town, crew, { quietMs: 0, minutes: 3, edits: [] });
  await spendTime(town, crew, { quietMs: AT_REST, minutes: 3, edits: [] });
  return crew;
}

interface Edit {
  readonly at: number;
  readonly repo: string;
  readonly number: number;
  readonly title: string;
}

/** Changes at random times; the last half minute is left to see the others. */
function editsOf(town: Town, repos: readonly string[], setting: Setting): readonly Edit[] {
  const spanMs = setting.busyMinutes * MINUTE - 30_000;
  const count = Math.round((repos.length * setting.changesPerHour * setting.busyMinutes) / 60);
  return Array.from({ length: count }, (_none, index) => ({
    at: town.now() + random() * spanMs,
    repo: repos[index % repos.length] ?? '',
    number: 1 + Math.floor(random() * ISSUES),
    title: `Change ${index}`,
  })).toSorted((a, b) => a.at - b.at);
}

/** Lets time pass: people edit, workers look at all repositories, each at its own times. */
async function spendTime(
  town: Town,
  { repos, boards, pace }: Crew,
  { quietMs, minutes, edits }: { quietMs: number; minutes: number; edits: readonly Edit[] },
): Promise<{ spent: Spent; perChange: number; delays: readonly number[] }> {
  const lookMs = nextLookMs({ quietMs, longestMs: LONGEST_MS });
  const maxAgeMs = maxAgeFor(lookMs);
  pace.everyMs = maxAgeMs;
  const start = town.now();
  const looks = boards
    .map(({ board, phase }) => ({ board, at: start + phase * lookMs }))
    .toSorted((a, b) => a.at - b.at);
  const delays: number[] = [];
  let waiting: Edit[] = [];
  let next = 0;
  town.forge.requests.clear();
  for (let round = 0; round * lookMs < minutes * MINUTE; round++) {
    for (const look of looks) {
      const at = look.at + round * lookMs;
      for (let edit = edits[next]; edit !== undefined && edit.at <= at; edit = edits[next]) {
        town.setNow(edit.at);
        await town.edit(edit.repo, edit.number, { title: edit.title });
        waiting.push(edit);
        next += 1;
      }
      town.setNow(at);
      await look.board.login();
      const seen = await Promise.all(repos.map(repo => look.board.snapshot(repo, { maxAgeMs })));
      const shown = new Map(seen.map(({ repo, issues }) => [repo, issues] as const));
      const isSeen = (edit: Edit) =>
        (shown.get(edit.repo)?.[edit.number - 1]?.updatedAt ?? '') >=
        new Date(edit.at).toISOString().slice(0, 19);
      delays.push(...waiting.filter(isSeen).map(edit => (at - edit.at) / 1000));
      waiting = waiting.filter(edit => !isSeen(edit));
    }
  }
  if (waiting.length > 0) throw new Error(`${waiting.length} changes were never seen.`);
  const asked = town.forge.requests.all({ login: 'bot' });
  return { spent: spentIn(asked), perChange: asked.filter(isForChange).length, delays };
}

type Entry = ReturnType<Town['forge']['requests']['all']>[number];

const spentIn = (asked: readonly Entry[]): Spent => ({
  requests: asked.length,
  notModified: asked.filter(({ status }) => status === 304).length,
  points: asked.reduce((sum, { rateLimitCost }) => sum + rateLimitCost, 0),
});

/** Sweeps are paid by time, not by changes. */
const isForChange = ({ status, route }: Entry): boolean => status !== 304 && route !== '/graphql';

const mean = (numbers: readonly number[]) =>
  numbers.reduce((sum, number) => sum + number, 0) / Math.max(1, numbers.length);

/** The same numbers in every run (mulberry32). */
let seed = 1;
function random(): number {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
}

function print(rows: readonly (readonly string[])[]): void {
  const widths = HEADINGS.map((_none, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)));
  for (const row of rows) {
    console.log(`  ${row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  ')}`);
  }
}
