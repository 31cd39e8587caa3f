import type { Failure, JournalEntry, JournalOp } from '../../src/core/contracts.ts';
import { type EntryFacts, nextEntry } from '../../src/core/journal.ts';

const FACTS: EntryFacts = {
  nonce: 'n0',
  at: '2026-01-01T00:00:00.000Z',
  fleet: 'here',
  host: 'h1',
  boot: 'b1',
  worker: 'w1:100:1',
  attempt: 1,
  session: 's1',
  kind: 'IMPL',
  policyDigest: 'p',
  bodyHash: 'b',
  base: 'base',
  head: null,
  gates: [],
  usage: null,
};

type Link = readonly [JournalOp, Partial<EntryFacts>?];

/** A journal's entries, oldest first: `aJournal(['claim'], ['receipt', { failure }], ['release'])`. */
export function aJournal(...links: readonly Link[]): readonly JournalEntry[] {
  const entries: JournalEntry[] = [];
  for (const [op, facts] of links) {
    const previous = entries.at(-1) ?? { epoch: 0, seq: 0 };
    entries.push(nextEntry(previous, op, { ...FACTS, nonce: `n${entries.length}`, ...facts }));
  }
  return entries;
}

/** A failure of a class, with a signature of its own. */
export const aFailure = (kind: Failure['class'] = 'verify', message = 'it broke'): Failure => ({
  class: kind,
  signature: `${kind}: ${message}`,
  message,
});
