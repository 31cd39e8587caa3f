import { foldJournal } from '../core/journal.ts';
import type { Settings } from '../core/settings.ts';
import { costOf, plus, sumOf } from '../core/usage.ts';
import type { HostRecordBody, RefsView, Session } from '../ports.ts';

/** What a fleet spent in a repository since midnight (UTC), its running sessions included. */
export type DaySpend = NonNullable<HostRecordBody['spend']>;

/** What is known on this host about what its own fleet spends. */
export interface OwnSpending {
  readonly repo: string;
  readonly fleet: string;
  readonly sessions: readonly Session[];
  readonly settings: Settings;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/**
 * US dollars that all fleets spent in a repository today, as far as it is known; null when nothing is. Receipts say
 * it, and host records say more while sessions run.
 */
export function spentTodayIn(view: RefsView, own: OwnSpending): number | null {
  const fleets = new Set([
    own.fleet,
    ...receiptsIn(view).map(({ fleet }) => fleet),
    ...view.hosts.map(({ body }) => body.fleet),
  ]);
  return sumOf([...fleets].map(fleet => spentBy(fleet, view, own)));
}

/** What this fleet tells the others of its day in a repository. */
export function daySpendOf(view: RefsView, own: OwnSpending): DaySpend {
  return { day: dayOf(own.nowMs), costUsd: spentBy(own.fleet, view, own) };
}

function spentBy(fleet: string, view: RefsView, own: OwnSpending): number | null {
  const today = dayOf(own.nowMs);
  const receipts = receiptsIn(view).filter(
    receipt => receipt.fleet === fleet && dayOf(Date.parse(receipt.at)) === today,
  );
  const settled = sumOf(receipts.map(({ usage }) => usage?.costUsd ?? null));
  const running = fleet === own.fleet ? sumOf(runningIn(view, own)) : null;
  const told = view.hosts.flatMap(({ body }) =>
    body.fleet === fleet && body.spend?.day === today ? (body.spend.costUsd ?? []) : [],
  );
  const known = plus(settled, running);
  // A record may know of journals that are gone, and is older than they are.
  return known === null && told.length === 0 ? null : Math.max(known ?? 0, ...told);
}

/** Costs of this fleet's sessions that no receipt tells of yet. */
function runningIn(view: RefsView, { repo, sessions, settings }: OwnSpending): readonly (number | null)[] {
  const settled = new Set(receiptsIn(view).map(({ session }) => session));
  return sessions
    .filter(({ plan }) => plan.repo.toLowerCase() === repo.toLowerCase() && !settled.has(plan.nonce))
    .map(({ usage }) => costOf(usage, settings.HARNESS_PRICES));
}

const receiptsIn = ({ journals }: RefsView) =>
  journals.flatMap(({ entries }) => foldJournal(entries).receipts);

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
