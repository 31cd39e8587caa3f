import { join } from 'node:path';
import { type PlanReport, readPlan } from './plan-report.ts';
import { type ReadEntry, readEntries } from './read-journal.ts';
import { FLEET_LOGIN, type Stage } from './stage.ts';

/** What the demo did, read back from the forge and from git. */
export interface DemoReport {
  readonly issues: readonly DemoRow[];
  /** null where people filed the issues. */
  readonly plan: PlanReport | null;
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
  /** Kinds of its attempts, in their order: `IMPL`, or `DECOMPOSE` and `REVIEW` of a PRD. */
  readonly kinds: readonly string[];
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
      const entries = await readEntries(stage, clone, `refs/harness/issues/${number}`);
      const commit = own.length === 1 ? (own[0]?.merge_commit_sha ?? null) : null;
      return { number, title, state, ...factsOf(entries), pull: own[0]?.number ?? null, commit };
    }),
  );
  const plan = stage.project.spec === null ? null : await readPlan(stage, clone, stage.project.spec);
  const testsPass = await passes(stage, clone);
  const asked = stage.forge.requests.all({ login: FLEET_LOGIN }).filter(({ route }) => !isGit(route));
  const free = asked.filter(({ conditional304 }) => conditional304).length;
  return {
    issues: rows,
    plan,
    seconds,
    requests: asked.length - free,
    freeRequests: free,
    testsPass,
    ok: rows.length > 0 && rows.every(isDone) && testsPass !== false && plan?.isComplete !== false,
  };
}

const isDone = (row: DemoRow) =>
  row.state === 'closed' && row.attempts === row.receipts && (row.commit !== null || isReviewed(row));

/** A PRD is closed by its review: it has no commits of its own. */
const isReviewed = ({ kinds }: DemoRow) => kinds[0] === 'DECOMPOSE' && kinds.at(-1) === 'REVIEW';

function factsOf(
  entries: readonly ReadEntry[],
): Pick<DemoRow, 'kinds' | 'attempts' | 'receipts' | 'seconds'> {
  const claims = entries.filter(({ op }) => op === 'claim');
  const times = entries.map(({ at }) => Date.parse(at));
  return {
    kinds: claims.map(({ kind }) => kind),
    attempts: claims.length,
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
