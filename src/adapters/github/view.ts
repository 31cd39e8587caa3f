import type { Pull } from '../../core/world.ts';
import type { Snapshot } from '../../ports.ts';
import {
  NEVER_READ,
  type PullRecord,
  type ReadingRecord,
  type SnapshotDocument,
} from '../snapshots/document.ts';
import { joinVerdicts } from './checks.ts';
import { headOf } from './heads.ts';
import { joinRules } from './merge-rules.ts';

/** A repository of which nothing is known, and why. */
export function unreadSnapshot(repo: string, problem: string): Snapshot {
  return viewOf({ repo, document: null, reading: { ...NEVER_READ, problem }, isUpToDate: false });
}

/** The port's view of what is known; `stale` once three of the caller's intervals have passed without a read. */
export function viewOf(state: {
  readonly repo: string;
  readonly document: SnapshotDocument | null;
  readonly reading: ReadingRecord;
  readonly isUpToDate: boolean;
}): Snapshot {
  const { repo, document, reading, isUpToDate } = state;
  const checks = document === null ? 'unknown' : joinVerdicts(document.checks);
  return {
    repo,
    read: readStateOf(document !== null, reading, isUpToDate),
    readAt: document === null ? 0 : reading.readAt,
    problem: reading.problem,
    defaultBranch: document?.defaultBranch ?? '',
    issues: document?.issues.map(({ issue }) => issue) ?? [],
    pulls: document?.pulls.map(record => pullIn(document, record)) ?? [],
    plan: { exists: document?.plan.exists ?? false, markerHash: document?.plan.markerHash ?? null, prds: [] },
    planId: document?.plan.id ?? null,
    specHash: document?.plan.specHash ?? null,
    workflow: document?.workflow.problem ?? null,
    workflowText: document?.workflow.text ?? null,
    ci: checks === 'pending' ? 'unknown' : checks,
    hasChecks: checks !== 'unknown',
    reviews: document === null ? {} : reviewsIn(document),
    rules: document?.rules ? joinRules(document.rules.classic, document.rules.ruled) : null,
    queued: document === null ? {} : queuedIn(document),
    branches: document?.branches ?? [],
  };
}

function pullIn({ heads }: SnapshotDocument, record: PullRecord): Pull {
  const head = headOf(record, heads);
  if (head === null) return record.pull;
  return { ...record.pull, checks: joinVerdicts(head), review: head.review };
}

function reviewsIn({ pulls, heads }: SnapshotDocument): Snapshot['reviews'] {
  const read = pulls.flatMap(record => {
    const reviews = headOf(record, heads)?.reviews ?? [];
    return reviews.length === 0 ? [] : [[String(record.pull.number), reviews] as const];
  });
  return Object.fromEntries(read);
}

function queuedIn({ pulls, heads }: SnapshotDocument): Snapshot['queued'] {
  const queued = pulls.flatMap(record => {
    const place = record.pull.state === 'open' ? headOf(record, heads)?.queued : null;
    return place == null ? [] : [[String(record.pull.number), place] as const];
  });
  return Object.fromEntries(queued);
}

function readStateOf(isKnown: boolean, reading: ReadingRecord, isUpToDate: boolean): Snapshot['read'] {
  if (reading.isMissing) return 'missing';
  if (!isKnown) return 'failed';
  return isUpToDate ? 'fresh' : 'stale';
}
