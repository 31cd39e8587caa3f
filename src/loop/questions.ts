import { foldJournal } from '../core/journal.ts';
import { appendToLease, type Lease } from '../leases/lease.ts';
import type { Session } from '../ports.ts';
import { keyOf, type Tick } from './act.ts';
import type { Engine } from './engine.ts';
import { journalOf } from './observe.ts';
import { leaseFrom } from './open-attempt.ts';
import { say } from './tell.ts';

/**
 * Tells people what live agents ask, and that they ask no more: in the journal, for other hosts, and in the status
 * comment. `before` has what was under way when the world was read.
 */
export function tellQuestions({ engine, seen, flights }: Tick, before: ReadonlySet<string>): void {
  for (const session of seen.sessions) {
    const { plan, state } = session;
    const key = keyOf(plan.repo, plan.issue);
    if (plan.unit !== seen.world.unit || plan.issue === null || state !== 'running') continue;
    if (before.has(key) || flights.has(key)) continue;
    const journal = journalOf(seen, plan.repo, plan.issue);
    const { open, question: known } = foldJournal(journal?.entries ?? []);
    const lease = journal ? leaseFrom(plan.repo, journal) : null;
    if (!lease || open?.session !== plan.nonce || !isNews(engine, session, known)) continue;
    if (engine.proofs.holds(lease.repo, lease.ref))
      flights.begin(key, () => tellQuestion(engine, lease, { session, issue: plan.issue as number }));
  }
}

// What is published may have been redacted, so that only this process knows whether a question is another one.
const told = new WeakMap<Engine, Map<string, string | null>>();

function isNews(engine: Engine, { plan, question }: Session, known: string | null): boolean {
  if ((question === null) !== (known === null)) return true;
  const last = told.get(engine)?.get(plan.nonce);
  return last !== undefined && last !== question;
}

async function tellQuestion(
  engine: Engine,
  lease: Lease,
  { session, issue }: { readonly session: Session; readonly issue: number },
): Promise<void> {
  const { plan, question } = session;
  const facts = question === null ? {} : { question };
  const pushed = await appendToLease(engine, lease, [{ op: 'question', facts }]);
  if (pushed.kind !== 'done') return;
  told.set(engine, new Map(told.get(engine)).set(plan.nonce, question));
  const { attempt } = plan;
  const { fleet } = engine.host.identity;
  engine.log.info(question === null ? `#${issue} asks no more` : `#${issue} asks a person`, {
    repo: plan.repo,
  });
  await say(
    engine,
    pushed.lease,
    issue,
    question === null
      ? { kind: 'working', attempt, fleet, comments: 0 }
      : { kind: 'asking', attempt, fleet, issue, question },
  );
}
