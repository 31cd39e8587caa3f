import type { Failure, FailureClass, JournalEntry, JournalOp } from './contracts.ts';

/** What a journal says: who holds the lease, which attempt is open, and how earlier ones ended. */
export interface JournalState {
  readonly epoch: number;
  readonly seq: number;
  /** null when the lease was released, or was never taken. */
  readonly holder: Holder | null;
  /** Attempts so far; the newest one's number. */
  readonly attempts: number;
  /** The newest entry of an attempt that has no receipt yet. */
  readonly open: JournalEntry | null;
  /** The landing that the open attempt had begun: its branch was pushed. */
  readonly landing: JournalEntry | null;
  /** Failures that count since the last success, oldest first. */
  readonly failures: readonly Failure[];
  readonly receipts: readonly JournalEntry[];
}

export interface Holder {
  readonly fleet: string;
  readonly boot: string;
  readonly worker: string;
}

/** Folds a chain of entries, oldest first. An empty chain is an issue that nobody ever took. */
export function foldJournal(entries: readonly JournalEntry[]): JournalState {
  const known = folded.get(entries);
  if (known) return known;
  const state = entries.reduce(apply, NEVER_TAKEN);
  folded.set(entries, state);
  return state;
}

// A tick asks for the same journals a dozen times, and most have not moved since the last tick.
const folded = new WeakMap<readonly JournalEntry[], JournalState>();

const NEVER_TAKEN: JournalState = {
  epoch: 0,
  seq: 0,
  holder: null,
  attempts: 0,
  open: null,
  landing: null,
  failures: [],
  receipts: [],
};

function apply(state: JournalState, entry: JournalEntry): JournalState {
  const next = { ...state, epoch: entry.epoch, seq: entry.seq };
  switch (entry.op) {
    case 'claim':
      return { ...next, holder: holderOf(entry), attempts: entry.attempt, open: entry, landing: null };
    case 'takeover':
      return { ...next, holder: holderOf(entry) };
    case 'landing':
      return { ...next, open: entry, landing: entry };
    case 'checkpoint':
      return { ...next, open: entry };
    case 'receipt':
      return {
        ...next,
        open: null,
        landing: null,
        failures: failuresAfter(state.failures, entry.failure),
        receipts: [...state.receipts, entry],
      };
    case 'release':
      return { ...next, holder: null };
    case 'retry':
      return { ...next, failures: [] };
    default:
      return entry.op satisfies never;
  }
}

const holderOf = ({ fleet, boot, worker }: JournalEntry): Holder => ({ fleet, boot, worker });

function failuresAfter(failures: readonly Failure[], failure: Failure | undefined): readonly Failure[] {
  if (!failure) return [];
  return countsAsFailure(failure.class) ? [...failures, failure] : failures;
}

/** Whether an attempt that ended so uses up one of the attempts. */
export function countsAsFailure(failure: FailureClass): boolean {
  return failure !== 'interrupted' && failure !== 'cancelled';
}

/** Every head that landings of a journal have pushed to the branch. */
export const publishedIn = (entries: readonly JournalEntry[]): readonly string[] =>
  entries.flatMap(({ op, head }) => (op === 'landing' && head ? [head] : []));

/** The fields of an entry that its place in the chain does not give. */
export type EntryFacts = Omit<JournalEntry, 'v' | 'op' | 'epoch' | 'seq'>;

/** The entry that follows `state`. A claim or takeover opens a new epoch. */
export function nextEntry(
  state: Pick<JournalState, 'epoch' | 'seq'>,
  op: JournalOp,
  facts: EntryFacts,
): JournalEntry {
  const opens = op === 'claim' || op === 'takeover';
  return { v: 1, op, epoch: state.epoch + (opens ? 1 : 0), seq: state.seq + 1, ...facts };
}

/**
 * When the next attempt may start, ISO 8601; null when nothing delays it. The delay doubles with every
 * failure in a row and is spread by up to a fifth, differently for each attempt but alike on every host. An
 * attempt that was interrupted is no failure, but a second one in a row is delayed as if the first one were.
 */
export function notBefore(
  state: Pick<JournalState, 'failures' | 'receipts'>,
  backoffSeconds: number,
): string | null {
  const last = state.receipts.at(-1);
  const times = Math.max(state.failures.length, interruptedInARow(state.receipts) - 1);
  if (!last || times === 0 || backoffSeconds === 0) return null;
  const doublings = Math.min(times - 1, 10);
  const spread = 1 + (Number.parseInt(last.nonce.slice(0, 4), 36) % 100) / 500;
  const delayMs = backoffSeconds * 2 ** doublings * spread * 1000;
  return new Date(Date.parse(last.at) + Math.round(delayMs)).toISOString();
}

function interruptedInARow(receipts: readonly JournalEntry[]): number {
  const others = receipts.findLastIndex(({ failure }) => failure?.class !== 'interrupted');
  return Math.max(1, receipts.length - 1 - others);
}
