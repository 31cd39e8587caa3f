import type { Issue } from '../core/world.ts';
import { HarnessError, messageOf } from '../errors.ts';
import type { Lease } from '../leases/lease.ts';
import { STATUS_KEY, type Status, statusComment } from './comment.ts';
import type { Engine } from './engine.ts';

/** Labels that an issue should carry besides those that are none of the engine's business. */
export interface LabelWish {
  readonly working: boolean;
  readonly paused?: boolean;
  readonly blocked?: boolean;
}

/**
 * Makes an issue's labels say what its lease says. A failure is logged, not thrown: a later tick repairs what
 * a decision depends on.
 */
export async function mirror(engine: Engine, lease: Lease, number: number, wish: LabelWish): Promise<void> {
  await attempting(engine, lease, number, async () => {
    // As it is now: people change labels, too.
    await mirrorOn(engine, lease, await engine.board.issue(lease.repo, number), wish);
  });
}

/** The same for an issue that was read just now. */
export async function mirrorOn(
  engine: Engine,
  lease: Lease,
  issue: Pick<Issue, 'number' | 'labels'>,
  wish: LabelWish,
): Promise<void> {
  await attempting(engine, lease, issue.number, async () => {
    requireProof(engine, lease);
    await setLabels(engine, lease.repo, issue, wish);
  });
}

/** Makes labels as wished, in one call; in none where they are. */
export async function setLabels(
  engine: Engine,
  repo: string,
  issue: Pick<Issue, 'number' | 'labels'>,
  wish: LabelWish,
): Promise<void> {
  const labels = labelsWith(engine, issue.labels, wish);
  if (labels) await engine.board.updateIssue(repo, issue.number, { labels });
}

/**
 * Closes an issue whose work has landed, with its labels, in one call. Throws when GitHub does not take it:
 * the lease is kept until it does, so that nobody works on it again.
 */
export async function closeIssue(engine: Engine, lease: Lease, number: number): Promise<void> {
  const { repo } = lease;
  const issue = await engine.board.issue(repo, number);
  const labels = labelsWith(engine, issue.labels, { working: false, paused: false, blocked: false });
  requireProof(engine, lease);
  await engine.board.updateIssue(repo, number, {
    ...(labels ? { labels } : {}),
    state: 'closed',
    stateReason: 'completed',
  });
}

/** Edits the issue's one status comment. It is for people only: a failure is logged. */
export async function say(engine: Engine, lease: Lease, number: number, status: Status): Promise<void> {
  await attempting(engine, lease, number, async () => {
    requireProof(engine, lease);
    await engine.board.putComment(lease.repo, number, { key: STATUS_KEY, body: statusComment(status) });
  });
}

async function attempting(
  { log }: Engine,
  { repo }: Lease,
  number: number,
  write: () => Promise<void>,
): Promise<void> {
  try {
    await write();
  } catch (error) {
    log.warn(`could not update #${number}: ${messageOf(error)}`, { repo });
  }
}

/** Asked right before each request: the API has no fence. */
function requireProof({ proofs }: Engine, { repo, ref }: Lease): void {
  if (proofs.holds(repo, ref)) return;
  throw new HarnessError('fenced-off', `The lease ${ref} of ${repo} was not proven for too long.`);
}

/** The full new label set, or null when nothing changes. Label names compare without case. */
function labelsWith(
  { settings }: Engine,
  labels: readonly string[],
  wish: LabelWish,
): readonly string[] | null {
  const wishes: readonly (readonly [string, boolean | undefined])[] = [
    [settings.HARNESS_LABEL_WORKING, wish.working],
    [settings.HARNESS_LABEL_PAUSED, wish.working ? false : wish.paused],
    [settings.HARNESS_LABEL_BLOCKED, wish.blocked],
  ];
  let changed = labels;
  for (const [name, wanted] of wishes) {
    const has = changed.some(label => label.toLowerCase() === name.toLowerCase());
    if (wanted === undefined || wanted === has) continue;
    changed = wanted
      ? [...changed, name]
      : changed.filter(label => label.toLowerCase() !== name.toLowerCase());
  }
  return changed === labels ? null : changed;
}
