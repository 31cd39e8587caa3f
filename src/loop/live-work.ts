import type { GateVerdict } from '../core/contracts.ts';
import { foldJournal } from '../core/journal.ts';
import { appending, wipRef } from '../leases/lease.ts';
import type { Change, Oid, PushResult, RefUpdate, Session, SessionPlan } from '../ports.ts';
import { keyOf, takeoverBy } from './act.ts';
import { handoffName, saveWork } from './checkpoint.ts';
import { isStage } from './conclude-stage.ts';
import type { Engine } from './engine.ts';
import { type Flights, WAITS } from './flights.ts';
import { handoffText } from './handoff.ts';
import { journalOf, type Seen } from './observe.ts';
import { leaseFrom } from './open-attempt.ts';
import { askSecrets } from './secrets.ts';

/**
 * Saves from time to time what agents have at that moment, so that the loss of a host costs minutes of work and no
 * attempt. Losing what this remembers costs one more checkpoint.
 */
export interface LiveWork {
  /** Begins to commit what a session has, when that is due and something has changed; one session at a time. */
  readonly gather: (seen: Seen, flights: Flights) => void;
  /** What has been gathered for a push that is made anyway; null when there is nothing. It is not offered again. */
  readonly take: (repo: string, seen: Seen, flights: Flights) => LiveSave | null;
}

/** Moves `refs/harness/wip/<n>` together with the journal of its lease. */
export interface LiveSave {
  readonly updates: readonly RefUpdate[];
  /** Is told what became of them; whatever did not arrive is gathered anew when the next one is due. */
  readonly ended: (result: PushResult['kind']) => void;
}

/** What is remembered of a session. */
interface Last {
  /** Monotonic milliseconds of the last look. */
  readonly at: number;
  /** What was saved, or was not to be; null: nothing yet. */
  readonly tree: Oid | null;
}

interface Gathered {
  readonly plan: SessionPlan & { readonly issue: number };
  readonly head: Oid;
  readonly tree: Oid;
  readonly gate: GateVerdict;
  /** What has changed since the base. */
  readonly change: Change;
  /** Where the saved work is now. */
  readonly expected: Oid | null;
}

export function createLiveWork(engine: Engine): LiveWork {
  const { clock, repos, log, proofs } = engine;
  const { fleet, worker } = engine.host.identity;
  const everyMs = engine.settings.HARNESS_CHECKPOINT * 1000;
  let known: ReadonlyMap<string, Last> = new Map();
  let gathered: Gathered | null = null;
  const remember = (nonce: string, last: Last) => {
    known = new Map(known).set(nonce, last);
  };

  const gatherFrom = async (plan: Gathered['plan']): Promise<void> => {
    const { repo, base, start, issue, nonce } = plan;
    const { head } = await saveWork(engine, plan);
    if (head === null) return;
    const before = known.get(nonce)?.tree ?? (await repos.treeOf(repo, start));
    const tree = await repos.treeOf(repo, head);
    if (tree === before) return;
    const { verdict } = await askSecrets(engine, { repo, base, head, outcome: null });
    if (verdict.verdict !== 'pass') {
      log.warn(`what #${issue} has so far stays on this host: ${verdict.reason}`, { repo });
      return remember(nonce, { at: clock.monotonic(), tree });
    }
    const [change, expected] = await Promise.all([
      repos.change(repo, { base, head }),
      repos.remoteBranch(repo, wipRef(issue)),
    ]);
    gathered = { plan, head, tree, gate: verdict, change, expected };
  };

  return {
    gather(seen, flights) {
      if (everyMs === 0 || gathered !== null) return;
      const now = clock.monotonic();
      const live = seen.sessions.filter(session => isSaved(session, seen.world.unit));
      known = new Map(live.map(({ plan }) => [plan.nonce, known.get(plan.nonce) ?? { at: now, tree: null }]));
      const atOf = ({ plan }: Session) => known.get(plan.nonce)?.at ?? now;
      const [longest] = live.toSorted((a, b) => atOf(a) - atOf(b));
      if (!longest || now - atOf(longest) < everyMs) return;
      const { plan } = longest;
      if (plan.issue === null || flights.has(keyOf(plan.repo, plan.issue))) return;
      const order = { ...plan, issue: plan.issue };
      remember(plan.nonce, { at: now, tree: known.get(plan.nonce)?.tree ?? null });
      flights.begin(`checkpoint of ${plan.name}`, async () => {
        await gatherFrom(order);
        return WAITS;
      });
    },

    take(repo, seen, flights) {
      if (gathered?.plan.repo.toLowerCase() !== repo.toLowerCase()) return null;
      const work = gathered;
      const { plan, head, tree, expected } = work;
      const { nonce, issue, base } = plan;
      if (flights.has(keyOf(repo, issue))) return null;
      gathered = null;
      const live = seen.sessions.find(session => session.plan.nonce === nonce);
      const journal = journalOf(seen, repo, issue);
      const lease = journal && leaseFrom(plan.repo, journal);
      const { open, landing, holder } = foldJournal(journal?.entries ?? []);
      const isOurs = open?.session === nonce && holder?.fleet === fleet;
      if (!live || !isSaved(live, plan.unit)) return null;
      if (!lease || !isOurs || landing) return null;
      const isProven = proofs.holds(lease.repo, lease.ref);
      // An agent outlives the worker that has started it: the lease is taken anew by whoever looks after it now.
      if (!isProven && holder.worker !== worker && !engine.host.isGone(holder)) return null;
      const entry = { op: 'checkpoint', facts: { base, head } } as const;
      const appends = isProven ? [entry] : [takeoverBy(engine), entry];
      const attachments = { [handoffName(plan.attempt)]: handoffOf(work, live) };
      const sentAt = proofs.moment();
      return {
        updates: [
          appending(engine, lease, { appends, attachments }),
          { kind: 'branch', ref: wipRef(issue), expected, target: head },
        ],
        ended: result => {
          log.debug(`checkpoint of ${plan.name}: ${result}`, { repo });
          if (result !== 'done') return;
          proofs.moved(lease.repo, lease.ref, sentAt);
          remember(nonce, { at: clock.monotonic(), tree });
        },
      };
    },
  };
}

const handoffOf = ({ plan, head, gate, change: { commits, files } }: Gathered, { handoff }: Session) =>
  handoffText({
    attempt: plan.attempt,
    failure: null,
    saved: { head, commits, paths: files.map(({ path }) => path), ref: wipRef(plan.issue) },
    gates: [gate],
    handoff,
    lastWords: null,
  });

/** An agent at work whose commits are what it is for. */
const isSaved = ({ plan, state }: Session, unit: string | null) =>
  plan.unit === unit && plan.issue !== null && state === 'running' && !isStage(plan.kind);
