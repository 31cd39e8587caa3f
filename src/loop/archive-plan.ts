import type { Action } from '../core/decision.ts';
import { foldJournal, notBefore } from '../core/journal.ts';
import { sha256 } from '../leases/digest.ts';
import { PLAN_FILE } from '../pipeline/plan-files.ts';
import { pushClaim } from './claim.ts';
import { ARCHIVE, concludeStage } from './conclude-stage.ts';
import type { Engine } from './engine.ts';
import type { FlightEnd } from './flights.ts';
import { journalOf, type Seen } from './observe.ts';

/** Puts a finished plan away, under the unit's stage lease. */
export async function archivePlan(
  { engine, seen }: { readonly engine: Engine; readonly seen: Seen },
  { repo, issue }: Action,
  baseBranch: string,
): Promise<FlightEnd> {
  const journal = journalOf(seen, repo, issue);
  const state = foldJournal(journal?.entries ?? []);
  const later = notBefore(state, engine.settings.HARNESS_BACKOFF);
  if (state.holder || (later !== null && Date.parse(later) > engine.clock.now())) return;
  const base = await engine.repos.fetchBranch(repo, baseBranch);
  const text = await engine.repos.readFile(repo, base, PLAN_FILE);
  // Somebody else may have done it since the look that this was decided on.
  if (text === null) return;
  const taken = await pushClaim(engine, {
    journal,
    state,
    readAt: seen.readAt,
    work: {
      repo,
      unit: seen.world.unit ?? 'main',
      issue: null,
      kind: ARCHIVE,
      attempt: state.attempts + 1,
      nonce: engine.clock.nonce(),
      bodyHash: sha256(text),
      base,
    },
  });
  if (taken.kind !== 'done') return;
  const { lease } = taken;
  const open = { lease, journal: journal ?? { ref: lease.ref, tip: lease.tip, entries: [], problem: null } };
  return concludeStage(engine, {
    ...open,
    seen,
    kind: ARCHIVE,
    issue: null,
    baseBranch,
    session: null,
    landing: null,
  });
}
