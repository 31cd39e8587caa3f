import { join } from 'node:path';
import { FLEET_LOGIN, type Stage } from './stage.ts';

/** What the demo did, read back from the forge and from git. */
export interface DemoReport {
  readonly issues: readonly DemoRow[];
  readonly seconds: number;
  /** Requests of the fleet to the API; those that GitHub would not count (304) apart. */
  readonly requests: number;
  readonly freeRequests: number;
  /** The project's own tests pass on the default branch; null when nothing but the landing proved it. */
  readonly testsPass: boolean | null;
  readonly ok: boolean;
}

export interface DemoRow {
  readonly number: number;
  readonly title: string;
  readonly state: string;
  readonly attempts: number;
  readonly receipts: number;
  readonly pull: number | null;
  readonly commit: string | null;
  /** From the first claim to the last receipt. */
  readonly seconds: number | null;
}

/** Reads the result back. `seconds` is how long the fleet ran. */
export async function readReport(stage: Stage, seconds: number): Promise<DemoReport> {
  const [issues, pulls] = await Promise.all([stage.board.issues(), stage.board.pulls()]);
  const clone = join(stage.root, 'result');
  await stage.git(
    'clone',
    '--quiet',
    '--mirror',
    join(stage.root, 'forge', 'git', `${stage.repo}.git`),
    clone,
  );
  const merged = pulls.filter(pull => pull.merged_at !== null);
  const rows = await Promise.all(
    issues.map(async ({ number, title, state }) => {
      const own = merged.filter(pull => pull.head.ref === `issue/${number}`);
      const journal = await readJournal(stage, clone, number);
      const commit = own.length === 1 ? (own[0]?.merge_commit_sha ?? null) : null;
      return { number, title, state, ...journal, pull: own[0]?.number ?? null, commit };
    }),
  );
  const testsPass = await passes(stage, clone);
  const asked = stage.forge.requests.all({ login: FLEET_LOGIN }).filter(({ route }) => !isGit(route));
  const free = asked.filter(({ conditional304 }) => conditional304).length;
  const isDone = (row: DemoRow) =>
    row.state === 'closed' && row.commit !== null && row.attempts === row.receipts;
  return {
    issues: rows,
    seconds,
    requests: asked.length - free,
    freeRequests: free,
    testsPass,
    ok: rows.length > 0 && rows.every(isDone) && testsPass !== false,
  };
}

async function readJournal(
  { git }: Stage,
  clone: string,
  issue: number,
): Promise<Pick<DemoRow, 'attempts' | 'receipts' | 'seconds'>> {
  const text = await git('-C', clone, 'log', '--format=%s', `refs/harness/issues/${issue}`).catch(() => '');
  const entries = text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as { op: string; at: string });
  const times = entries.map(({ at }) => Date.parse(at));
  return {
    attempts: entries.filter(({ op }) => op === 'claim').length,
    receipts: entries.filter(({ op }) => op === 'receipt').length,
    seconds: times.length > 1 ? (Math.max(...times) - Math.min(...times)) / 1000 : null,
  };
}

async function passes({ root, git, succeeds, project }: Stage, clone: string): Promise<boolean | null> {
  if (project.tests === null) return null;
  const checkout = join(root, 'checkout');
  await git('clone', '--quiet', clone, checkout);
  return succeeds(project.tests, checkout);
}

const isGit = (route: string) => /\/(info\/refs|git-(upload|receive)-pack)$/.test(route);
