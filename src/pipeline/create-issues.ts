import type { IssueKey } from '../core/markers.ts';
import { inOrder } from '../core/proposals/graph.ts';
import { type Draft, type FiledAt, type Place, referencesOf } from '../core/proposals/render.ts';
import type { Issue } from '../core/world.ts';
import { HarnessError } from '../errors.ts';
import type { Lease } from '../leases/lease.ts';
import type { Proofs } from '../leases/proofs.ts';
import type { Ports } from '../ports.ts';

/** What making a proposal real takes. */
export type Builder = Pick<Ports, 'board'> & { readonly proofs: Proofs };

/** An issue that was created for a key. */
export interface Numbered {
  readonly key: string;
  readonly number: number;
}

/** An issue that is there now, and its repository. */
export type CreatedIssue = Issue & FiledAt;

/** Issues to create, all or none of which are to be worked on. */
export interface Wave<N> {
  readonly lease: Lease;
  readonly issues: readonly N[];
  /** The repository that one is filed in, where it is not that of the lease; null for that one. */
  readonly elsewhere: (issue: N) => string | null;
  /** The PRD that one belongs to; null for PRDs, and for an issue of none. */
  readonly parentOf: (issue: N) => number | null;
  /** What one is created for, and by which attempt. */
  readonly scopeOf: (issue: N) => Omit<IssueKey, 'key'>;
  readonly render: (issue: N, place: Place) => Draft;
  /** What makes one count; put on last. */
  readonly labelsOf: (issue: N) => readonly string[];
  /** What else is to be done once all are there, before any of them counts; safe to do again. */
  readonly beforeLabels: (created: readonly Numbered[]) => Promise<void>;
}

/**
 * Creates the issues of an accepted proposal: all of them, then how they hang together, then the label that starts
 * work on them, so that half a graph is never worked on. Begun again after a crash it finds what is there by its key.
 */
export async function createIssues<N extends { readonly key: string; readonly blockedBy: readonly string[] }>(
  builder: Builder,
  { lease, issues, elsewhere, parentOf, scopeOf, render, labelsOf, beforeLabels }: Wave<N>,
): Promise<readonly CreatedIssue[]> {
  const { board } = builder;
  const { repo: proposedIn } = lease;
  const created = new Map<string, CreatedIssue>();
  const issueOf = (name: string) => created.get(name) ?? notCreated(name);
  const ordered = inOrder(issues);
  const placeOf = (issue: N): Place => {
    const away = elsewhere(issue);
    const prd = parentOf(issue);
    return {
      repo: away ?? proposedIn,
      proposedIn,
      parent: away === null ? prd : null,
      wantedBy: away === null || prd === null ? null : `${proposedIn}#${prd}`,
      key: { ...scopeOf(issue), key: issue.key },
      issueOf,
    };
  };
  for (const issue of ordered) {
    requireProof(builder, lease);
    const place = placeOf(issue);
    const made = await board.createIssue(place.repo, { ...render(issue, place), labels: [] });
    created.set(issue.key, { ...made, repo: place.repo });
  }
  for (const issue of ordered) {
    requireProof(builder, lease);
    const place = placeOf(issue);
    const { repo, parent } = place;
    const blockedBy = fullNames(referencesOf(issue.blockedBy, place), repo);
    await board.linkIssue(repo, issueOf(issue.key).number, { parent, blockedBy });
  }
  await beforeLabels(ordered.map(({ key }) => ({ key, number: issueOf(key).number })));
  for (const issue of ordered) {
    const { repo, number } = issueOf(issue.key);
    const labelled = await addLabels(builder, lease, { repo, number, add: labelsOf(issue) });
    created.set(issue.key, { ...labelled, repo });
  }
  return ordered.map(({ key }) => issueOf(key));
}

/** `owner/repo#n` for what is written in a body of that repository. */
export const fullNames = (references: readonly string[], repo: string): readonly string[] =>
  references.map(one => (one.startsWith('#') ? `${repo}${one}` : one));

function notCreated(key: string): never {
  throw new Error(`There is no issue for ${key} yet.`);
}

/** Adds labels to an open issue as it is now; labels that are there, or an issue that was closed, stay so. Returns it. */
export async function addLabels(
  builder: Builder,
  lease: Lease,
  { repo, number, add }: FiledAt & { readonly add: readonly string[] },
): Promise<Issue> {
  const issue = await builder.board.issue(repo, number);
  const { labels, state } = issue;
  const has = new Set(labels.map(name => name.toLowerCase()));
  const missing = add.filter(label => !has.has(label.toLowerCase()));
  if (state === 'closed' || missing.length === 0) return issue;
  requireProof(builder, lease);
  return builder.board.updateIssue(repo, number, { labels: [...labels, ...missing] });
}

/** Asked right before each request: the API has no fence. */
export function requireProof({ proofs }: Builder, { repo, ref }: Lease): void {
  if (proofs.holds(repo, ref)) return;
  throw new HarnessError('fenced-off', `The lease ${ref} of ${repo} was not proven for too long.`);
}
