import * as z from 'zod';
import type { Log } from '../../ports.ts';
import type { PullRecord, ReadTimes, SnapshotDocument } from '../snapshots/document.ts';
import { mergePulls, type Refreshed } from '../snapshots/merge.ts';
import { readBranches } from './branches.ts';
import { readChangedIssues } from './changed-issues.ts';
import { joinVerdicts, readChecks, wereRefused } from './checks.ts';
import type { Client } from './client.ts';
import { areUnsettled, landingPulls, type PullHeads, readHeads } from './heads.ts';
import { type Listing, listAll, listChanges } from './list.ts';
import { joinRules } from './merge-rules.ts';
import { readOne } from './pages.ts';
import { readPlan } from './plan.ts';
import { readChangedPulls } from './pull-records.ts';
import type { IssueRow } from './rows.ts';
import { readRules } from './snapshot-rules.ts';
import { readWorkflowFile } from './workflow.ts';

/** How often what is asked for, in milliseconds. */
export interface Cadence {
  /**
   * Complete lists while many issues change, and at rest; while few do, a quarter as often. They heal what the
   * newest changes did not show.
   */
  readonly allMs: number;
  readonly allAtRestMs: number;
  /** Checks, branches and WORKFLOW.md; checks four times as often while they are pending. */
  readonly checksMs: number;
}

export const CADENCE: Cadence = { allMs: 900_000, allAtRestMs: 21_600_000, checksMs: 60_000 };

export interface RefreshContext {
  readonly repo: string;
  readonly known: SnapshotDocument | null;
  readonly times: ReadTimes;
  readonly now: number;
  readonly cadence: Cadence;
  /** Read PLAN.md and its marker. */
  readonly planned: boolean;
  /** Read WORKFLOW.md. */
  readonly workflow: boolean;
  /** Path of the specification; empty for none. */
  readonly spec: string;
  /** The branch that work lands on; empty for the default branch. */
  readonly base: string;
  readonly log: Log;
}

/**
 * Reads what changed in a repository since `known`; at rest that is one free request. Fails as a whole, so
 * that nothing half-read is ever merged. Throws a `HarnessError` whose status is 404 where there is no
 * such repository.
 */
export async function readRepository(
  client: Client,
  context: RefreshContext,
): Promise<{ readonly refreshed: Refreshed; readonly times: ReadTimes }> {
  const { repo, known, now, times } = context;
  const isAll = known === null || isAllDue(known, context);
  const repository = isAll ? await readSettings(client, context) : { defaultBranch: null, etags: {} };
  const listing = isAll
    ? await listAll(client, repo)
    : await listChanges(client, known, { now, deepReadAt: times.deep });
  const rows = listing.kind === 'rows' ? newestRows(listing.rows) : [];
  const isPull = (row: IssueRow): boolean => row.pull_request != null;
  const issues = await readChangedIssues(client, {
    ...context,
    isAll,
    rows: rows.filter(row => !isPull(row)),
  });
  const pulls = await readChangedPulls(client, { repo, known, rows: rows.filter(isPull) });
  const branch = repository.defaultBranch ?? known?.defaultBranch ?? '';
  const checks = await readChecksWhenDue(client, context, branch);
  const branches = await readBranchesWhenDue(client, context);
  const rules = await readRulesWhenDue(client, context, { branch, isAll });
  const heads = await readHeadsWhenDue(client, context, {
    pulls: mergePulls(known?.pulls ?? [], pulls),
    rules: rules?.rules ?? known?.rules ?? null,
  });
  const plan = await readPlanWhenDue(client, context, branch);
  const workflow = await readWorkflowWhenDue(client, context, { branch, head: checks?.head ?? null });
  return {
    refreshed: {
      startedAt: now,
      isAll,
      issues: issues.issues,
      pulls,
      watermark: listing.kind === 'rows' ? listing.watermark : null,
      etags: {
        ...issues.etags,
        ...repository.etags,
        ...probeEtag(listing),
        ...checks?.etags,
        ...branches?.etags,
        ...rules?.etags,
        ...plan?.etags,
        ...workflow?.etags,
      },
      defaultBranch: repository.defaultBranch,
      checks: checks === null ? null : { status: checks.status, runs: checks.runs },
      plan: plan?.plan ?? null,
      workflow: workflow?.workflow ?? null,
      branches: branches === null ? null : [...branches.branches],
      rules: rules?.rules ?? null,
      heads,
    },
    times: {
      probe: now,
      all: isAll ? now : times.all,
      deep: listing.kind === 'rows' && listing.reach !== 'near' ? now : times.deep,
      checks: checks === null ? times.checks : now,
      heads: heads === null ? times.heads : now,
      plan: plan === null ? times.plan : now,
    },
  };
}

/** Whether something read at `last` is to be read again; a clock that was set back puts nothing off. */
function isDue(last: number, everyMs: number, now: number): boolean {
  return now < last || now - last >= everyMs;
}

/** A complete list is a request for a hundred rows: it costs at most a fifth of one for each change, or an hourly one. */
const CHANGES_PER_PAGE = 5;

function isAllDue(known: SnapshotDocument, { times, cadence, now }: RefreshContext): boolean {
  if (known.changes === 0) return isDue(times.all, cadence.allAtRestMs, now);
  const pages = Math.ceil((known.issues.length + known.pulls.length) / 100);
  const areMany = known.changes >= CHANGES_PER_PAGE * pages;
  return isDue(times.all, areMany ? cadence.allMs : 4 * cadence.allMs, now);
}

const Settings = z.object({ default_branch: z.string() });

async function readSettings(client: Client, { repo, known }: RefreshContext) {
  const etag = known?.etags.repository ?? null;
  const answer = await readOne(client, { path: `repos/${repo}`, etag, shape: Settings });
  if (answer.kind === 'same') return { defaultBranch: null, etags: {} };
  return {
    defaultBranch: answer.value.default_branch,
    etags: answer.etag === null ? {} : { repository: answer.etag },
  };
}

/** A row that moved between two pages while they were read is there twice; the later read is the newer. */
function newestRows(rows: readonly IssueRow[]): readonly IssueRow[] {
  return [...new Map(rows.map(row => [row.number, row])).values()];
}

const probeEtag = (listing: Listing): Record<string, string> =>
  listing.kind === 'rows' && listing.etag !== null ? { probe: listing.etag } : {};

/** With the checks of the default branch, since nothing waits for them. */
async function readBranchesWhenDue(client: Client, context: RefreshContext) {
  const { repo, known, times, cadence, now, log } = context;
  if (!isDue(times.checks, cadence.checksMs, now)) return null;
  return readBranches(client, { repo, log, branches: known?.branches ?? [], etags: known?.etags ?? {} });
}

async function readHeadsWhenDue(
  client: Client,
  { repo, known, times, cadence, now, log }: RefreshContext,
  { pulls, rules }: { readonly pulls: readonly PullRecord[]; readonly rules: SnapshotDocument['rules'] },
): Promise<PullHeads | null> {
  const landing = landingPulls(pulls);
  const heads = known?.heads ?? {};
  if (landing.length === 0) return {};
  const everyMs = areUnsettled(landing, heads) ? cadence.checksMs / 4 : cadence.checksMs;
  if (!isDue(times.heads, everyMs, now)) return null;
  const hasQueue = rules !== null && joinRules(rules.classic, rules.ruled).queue;
  return readHeads(client, { repo, pulls: landing, known: heads, hasQueue, log });
}

async function readRulesWhenDue(
  client: Client,
  { repo, known, base, times, cadence, now, log }: RefreshContext,
  { branch, isAll }: { readonly branch: string; readonly isAll: boolean },
) {
  const target = base || branch;
  const isNew = known?.rules?.branch !== target;
  if (target === '' || !(isAll || isNew || isDue(times.checks, cadence.checksMs, now))) return null;
  const last = { rules: known?.rules ?? null, etags: known?.etags ?? {} };
  return readRules(client, { repo, branch: target, isAll, log, ...last });
}

async function readPlanWhenDue(client: Client, context: RefreshContext, branch: string) {
  const { known, repo, spec, base } = context;
  // With every refresh: what stage is due depends on it, and that nothing moved is a free answer.
  if (!context.planned) return null;
  const last = known !== null && known.plan.head !== '' ? known.plan : null;
  return readPlan(client, { repo, branch: base || branch, spec, known: last, etags: known?.etags ?? {} });
}

/** With the checks of the default branch, which tell its head. */
async function readWorkflowWhenDue(
  client: Client,
  { known, repo, base, times, cadence, now, workflow }: RefreshContext,
  { branch, head }: { readonly branch: string; readonly head: string | null },
) {
  const isTold = head !== null && (base || branch) === branch;
  if (!workflow || !(isTold || isDue(times.checks, cadence.checksMs, now))) return null;
  const last = known !== null && known.workflow.head !== '' ? known.workflow : null;
  const place = { repo, branch: base || branch, known: last, etags: known?.etags ?? {} };
  return readWorkflowFile(client, { ...place, head: isTold ? head : null });
}

async function readChecksWhenDue(client: Client, context: RefreshContext, branch: string) {
  const { known, times, cadence, repo, now } = context;
  const last = known?.checks ?? { status: 'unknown' as const, runs: 'unknown' as const };
  const etags = known?.etags ?? {};
  const key = 'default';
  const usualMs = wereRefused(etags, key) ? cadence.allMs : cadence.checksMs;
  const everyMs = joinVerdicts(last) === 'pending' ? cadence.checksMs / 4 : usualMs;
  if (branch === '' || !isDue(times.checks, everyMs, now)) return null;
  return readChecks(client, { repo, ref: branch, key }, { ...last, etags }, context.log);
}
