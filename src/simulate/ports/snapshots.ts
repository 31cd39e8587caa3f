import { planLineIn } from '../../core/plan-line.ts';
import { readWorkflow, WORKFLOW_FILE } from '../../core/workflow/workflow.ts';
import type { Issue } from '../../core/world.ts';
import { sha256 } from '../../leases/digest.ts';
import { MARKER_FILE, PLAN_FILE } from '../../pipeline/plan-files.ts';
import type { Snapshot } from '../../ports.ts';
import { EPOCH, type IssueVersion, latest, stateAt } from '../github/history.ts';
import { detailsOf } from '../github/pulls.ts';
import { BASE, type Remote } from '../github/remote.ts';
import type { KeptSnapshot, Machine } from '../machines/machine.ts';
import { type Process, ring } from '../machines/process.ts';
import { ask, doLocally } from '../network.ts';
import { remoteOf, type Universe } from '../universe.ts';

/** The snapshot that all processes of a machine share, read again when it is too old. */
export async function readSnapshot(
  universe: Universe,
  process: Process,
  { repo, maxAgeMs }: { readonly repo: string; readonly maxAgeMs: number },
): Promise<Snapshot> {
  const { machine } = process;
  const askedAt = localNow(universe, machine);
  const known = machine.disk.snapshots.get(repo);
  if (known !== undefined && isWithin(known.snapshot, askedAt, maxAgeMs))
    await doLocally(universe, process, { tookMs: 2, run: () => undefined });
  else await refresh(universe, process, repo);
  const kept = machine.disk.snapshots.get(repo)?.snapshot;
  if (!kept) return { ...UNREAD, repo };
  return { ...kept, read: isWithin(kept, askedAt, 3 * maxAgeMs) ? 'fresh' : 'stale' };
}

/** A reading from the future is none: the clock was set back since. What was read meanwhile may be a moment younger. */
const isWithin = ({ readAt }: Snapshot, askedAt: number, maxAgeMs: number) =>
  readAt >= askedAt - maxAgeMs && readAt <= askedAt + MOMENT_MS;

const MOMENT_MS = 10_000;

const UNREAD: Omit<Snapshot, 'repo'> = {
  read: 'failed',
  readAt: 0,
  problem: 'not read yet',
  defaultBranch: '',
  issues: [],
  pulls: [],
  plan: { exists: false, markerHash: null, prds: [] },
  planId: null,
  specHash: null,
  workflow: null,
  workflowText: null,
  ci: 'unknown',
  branches: [],
  hasChecks: false,
  reviews: {},
  rules: null,
  queued: {},
};

/** What the machine's clock says, in milliseconds since the epoch. */
export const localNow = ({ scheduler }: Universe, { clock }: Machine) =>
  EPOCH + Math.round(scheduler.now()) + clock.skewMs;

async function refresh(universe: Universe, process: Process, repo: string): Promise<void> {
  const { machine } = process;
  const readAt = localNow(universe, machine);
  const keptBefore = () => machine.disk.snapshots.get(repo);
  const serve = () => replicaOf(universe, remoteOf(universe, repo), keptBefore()?.snapshot ?? null);
  try {
    const replica = await ask(universe, process, { to: 'api', name: `list ${repo}`, writesTo: null, serve });
    const before = keptBefore();
    const issues = replica.issues.map(read => newerOf(read, before));
    const hasChanged = issues.some(({ issue, version }) => before?.versions.get(issue.number) !== version);
    keep(
      machine,
      repo,
      { ...UNREAD, ...replica.seen, repo, defaultBranch: 'main', readAt, problem: null },
      issues,
    );
    if (!hasChanged) return;
    for (const other of machine.processes) if (other !== process) ring(other, 'snapshot');
  } catch {
    // The port never throws: what is known is older then, and says so.
  }
}

/** A repository's issues as a replica shows them, each perhaps some seconds behind. */
function replicaOf(universe: Universe, remote: Remote, before: Snapshot | null) {
  const { scheduler, random, weather } = universe;
  const { issues, pulls, hasChecks, hasQueue } = remote;
  const open = [...pulls.values()].filter(({ state }) => state === 'open');
  const lagMs = random.chance(weather.rates.lagging) ? random.between(100, 10_000) : 0;
  const asOf = scheduler.now() - lagMs;
  return {
    issues: [...issues.values()].flatMap(history => stateAt(history, asOf) ?? []),
    seen: {
      ...planOf(universe, remote),
      ...workflowOf(universe, remote, before),
      pulls: [...pulls.values()].map(detailsOf),
      hasChecks,
      rules: { signatures: false, linear: false, queue: hasQueue, pulls: false, methods: null },
      queued: Object.fromEntries(
        open.flatMap(({ number, queue }) => (queue.position === null ? [] : [[number, queue.position]])),
      ),
      reviews: Object.fromEntries([...pulls.values()].map(({ number, reviews }) => [number, [...reviews]])),
    },
  };
}

/** Where every simulated project has its specification. */
export const SPEC_FILE = 'SPEC.md';

function planOf({ objects }: Universe, { branches }: Remote): Pick<Snapshot, 'plan' | 'planId' | 'specHash'> {
  const { files } = objects.read(branches.get(BASE) ?? '').tree;
  const [plan, marker, spec] = [PLAN_FILE, MARKER_FILE, SPEC_FILE].map(file => files.get(file) ?? null);
  const { spec_hash: markerHash = null } = marker ? (JSON.parse(marker) as { spec_hash?: string }) : {};
  return {
    plan: { exists: plan !== null, markerHash, prds: [] },
    planId: plan ? planLineIn(plan).id : null,
    specHash: spec ? sha256(spec) : null,
  };
}

/** What was valid last stays beside what is wrong now, as on a real host. */
function workflowOf(
  { objects }: Universe,
  { branches }: Remote,
  before: Snapshot | null,
): Pick<Snapshot, 'workflow' | 'workflowText'> {
  const text = objects.read(branches.get(BASE) ?? '').tree.files.get(WORKFLOW_FILE) ?? null;
  if (text === null) return { workflow: null, workflowText: null };
  const read = readWorkflow(text);
  return read.kind === 'valid'
    ? { workflow: null, workflowText: text }
    : { workflow: read.problem, workflowText: before?.workflowText ?? null };
}

/** A replica that is behind never takes back what was read before. */
function newerOf(read: IssueVersion, before: KeptSnapshot | undefined): IssueVersion {
  const { number } = read.issue;
  const known = before?.versions.get(number) ?? 0;
  const issue = before?.snapshot.issues.find(one => one.number === number);
  return issue && known > read.version ? { at: read.at, version: known, issue } : read;
}

function keep(machine: Machine, repo: string, facts: Snapshot, issues: readonly IssueVersion[]): void {
  machine.disk.snapshots.set(repo, {
    snapshot: { ...facts, issues: issues.map(({ issue }) => issue) },
    versions: new Map(issues.map(({ issue, version }) => [issue.number, version])),
  });
}

/** Merges one issue, read or written by itself, into the machine's snapshot. */
export function keepIssue({ disk }: Machine, repo: string, { issue, version }: IssueVersion): void {
  const kept = disk.snapshots.get(repo);
  if (!kept || (kept.versions.get(issue.number) ?? 0) >= version) return;
  const { snapshot, versions } = kept;
  disk.snapshots.set(repo, {
    snapshot: {
      ...snapshot,
      issues: snapshot.issues.map(one => (one.number === issue.number ? issue : one)),
    },
    versions: new Map(versions).set(issue.number, version),
  });
}

/** The issues of a repository as they truly are. */
export const trueIssues = ({ issues }: Remote): readonly Issue[] =>
  [...issues.values()].map(history => latest(history).issue);
