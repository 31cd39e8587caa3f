import { foldJournal } from '../core/journal.ts';
import type { Journal } from '../ports.ts';
import type { Tick } from './act.ts';
import type { Engine } from './engine.ts';
import { issueOf } from './observe.ts';

// So that even the first push of a long history stays small.
const MOST_AT_ONCE = 200;

/** Moves journals of landed work into the archive, many in one push, so that a repository has few refs. */
export function archiveFinished({ engine, seen, flights }: Tick): void {
  for (const [repo, { journals }] of seen.refs) {
    const snapshot = seen.snapshots.get(repo);
    if (snapshot?.read !== 'fresh') continue;
    const closed = new Set(
      snapshot.issues.flatMap(({ number, state }) => (state === 'closed' ? [number] : [])),
    );
    const rests = restsIn(engine, repo);
    const finished = journals
      .filter(journal => isFinished(journal, closed) && rests(journal))
      .slice(0, MOST_AT_ONCE);
    if (finished.length < engine.archiveBatch) continue;
    flights.begin(`${repo} archive`, async () => {
      const pushed = await engine.refs.push(repo, [
        { kind: 'archive', ref: 'refs/harness/archive', journals: finished },
      ]);
      engine.log.info(`archived ${finished.length} journals: ${pushed.kind}`, { repo });
    });
  }
}

// Where a ref is gone, nothing tells a claim that there ever was one. So a journal has to rest for longer than any
// look that a claim is made on may be old.
const RESTS_FOR_TTLS = 3;

/** When each tip was seen first, by the process's own clock that never jumps; losing it costs time alone. */
const sightings = new WeakMap<Engine, Sightings>();

type Sightings = Map<string, { readonly tip: string; readonly at: number }>;

function restsIn(engine: Engine, repo: string): (journal: Journal) => boolean {
  const seen: Sightings = sightings.get(engine) ?? new Map();
  sightings.set(engine, seen);
  const now = engine.clock.monotonic();
  const restMs = RESTS_FOR_TTLS * engine.settings.HARNESS_LEASE_TTL * 1000;
  return ({ ref, tip }) => {
    const key = `${repo} ${ref}`;
    const known = seen.get(key);
    if (known?.tip === tip) return now - known.at > restMs;
    seen.set(key, { tip, at: now });
    return false;
  };
}

/** Its work has landed, its issue is closed, and nobody holds it. */
function isFinished({ ref, entries, problem, isArchived }: Journal, closed: ReadonlySet<number>): boolean {
  const issue = issueOf(ref);
  if (issue === null || !closed.has(issue) || problem !== null || isArchived) return false;
  const { holder, open, receipts } = foldJournal(entries);
  return holder === null && open === null && receipts.at(-1)?.landed !== undefined;
}
