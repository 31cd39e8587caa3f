import type { IssueKey } from '../core/markers.ts';
import { inOrder } from '../core/proposals/graph.ts';
import { type Draft, type Place, referencesOf } from '../core/proposals/render.ts';
import type { Issue } from '../core/world.ts';
import { HarnessError } from '../errors.ts';
import type { Lease } from '../leases/lease.ts';
import type { Proofs } from '../leases/proofs.ts';
import type { Ports } from '../ports.ts';

/** What making a proposal real takes. */
export type Builder = Pick<Ports, 'board'> & { readonly proofs: Proofs };

/** Issues to create, all or none of which are to be worked on. */
export interface Wave<N> {
  readonly lease: Lease;
  /** The PRD that they belong to; null for PRDs. */
  readonly parent: number | null;
  /** What they are created for, and by which attempt. */
  readonly key: Omit<IssueKey, 'key'>;
  readonly issues: readonly N[];
  readonly render: (issue: N, place: Place) => Draft;
  /** What makes them count; put on last. */
  readonly label: string;
}

/**
 * Creates the issues of an accepted proposal: all of them, then how they hang together, then the label that starts
 * work on them, so that half a graph is never worked on. Begun again after a crash it finds what is there by its key.
 */
export async function createIssues<N extends { readonly key: string; readonly blockedBy: readonly string[] }>(
  builder: Builder,
  { lease, parent, key, issues, render, label }: Wave<N>,
): Promise<readonly Issue[]> {
  const { board } = builder;
  const { repo } = lease;
  const created = new Map<string, Issue>();
  const numberOf = (name: string) => created.get(name)?.number ?? notCreated(name);
  const ordered = inOrder(issues);
  for (const issue of ordered) {
    requireProof(builder, lease);
    const place: Place = { repo, parent, key: { ...key, key: issue.key }, numberOf };
    created.set(issue.key, await board.createIssue(repo, { ...render(issue, place), labels: [] }));
  }
  for (const { key: name, blockedBy } of ordered) {
    requireProof(builder, lease);
    const references = referencesOf(blockedBy, { repo, numberOf });
    const links = { parent, blockedBy: references.map(one => (one.startsWith('#') ? `${repo}${one}` : one)) };
    await board.linkIssue(repo, numberOf(name), links);
  }
  for (const { key: name } of ordered) await addLabel(builder, lease, { number: numberOf(name), label });
  return ordered.flatMap(({ key: name }) => created.get(name) ?? []);
}

function notCreated(key: string): never {
  throw new Error(`There is no issue for ${key} yet.`);
}

/** Adds a label to an open issue as it is now; a label that is there, or an issue that was closed, stays so. */
export async function addLabel(
  builder: Builder,
  lease: Lease,
  { number, label }: { readonly number: number; readonly label: string },
): Promise<void> {
  const { labels, state } = await builder.board.issue(lease.repo, number);
  if (state === 'closed' || labels.some(name => name.toLowerCase() === label.toLowerCase())) return;
  requireProof(builder, lease);
  await builder.board.updateIssue(lease.repo, number, { labels: [...labels, label] });
}

/** Asked right before each request: the API has no fence. */
function requireProof({ proofs }: Builder, { repo, ref }: Lease): void {
  if (proofs.holds(repo, ref)) return;
  throw new HarnessError('fenced-off', `The lease ${ref} of ${repo} was not proven for too long.`);
}
