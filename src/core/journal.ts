import { isAdoption } from './adoption.ts';
import type { Failure, FailureClass, JournalEntry, JournalOp } from './contracts.ts';
import { plus } from './usage.ts';

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
  /** What an agent asks, or asked when its attempt ended, and nobody has answered yet. */
  readonly question: string | null;
  /** What people answered since the last success, oldest first. */
  readonly answers: readonly Answer[];
  /** Known costs since the last success or a person's `retry`, US dollars; null when none is known. */
  readonly spentUsd: number | null;
  /** Wall time of agents since then; null when none is known. */
  readonly spentSeconds: number | null;
  /** When a person answered or let it be tried again, ISO 8601; null when nobody did since its last attempt. */
  readonly retriedAt: string | null;
  readonly receipts: readonly JournalEntry[];
  /** What reviewers' sessions came to since the last success, or a person's word. */
  readonly reviews: readonly JournalEntry[];
}

/** A person's answer to an agent's question. */
export interface Answer {
  readonly question: string;
  readonly answer: string;
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
  question: null,
  answers: [],
  spentUsd: null,
  spentSeconds: null,
  retriedAt: null,
  receipts: [],
  reviews: [],
};

function apply(state: JournalState, entry: JournalEntry): JournalState {
  const next = { ...state, epoch: entry.epoch, seq: entry.seq };
  switch (entry.op) {
    case 'claim':
      return {
        ...next,
        holder: holderOf(entry),
        attempts: entry.attempt,
        open: entry,
        landing: null,
        question: isAdoption(entry) ? state.question : null,
      };
    case 'takeover':
      return { ...next, holder: holderOf(entry) };
    case 'question':
      return { ...next, open: entry, question: entry.question ?? null };
    case 'landing':
      return { ...next, open: entry, landing: entry };
    case 'review':
      return { ...next, reviews: [...state.reviews, entry] };
    case 'checkpoint':
      return { ...next, open: entry };
    case 'receipt':
      return { ...next, ...afterReceipt(state, entry) };
    case 'release':
      return { ...next, holder: null };
    case 'approve':
      return next;
    case 'answer': {
      const answer = { question: entry.question ?? '', answer: entry.answer ?? '' };
      const answers = [...state.answers, answer];
      return { ...next, failures: [], question: null, answers, reviews: [], retriedAt: entry.at };
    }
    case 'retry':
      return { ...next, failures: [], ...UNSPENT, reviews: [], retriedAt: entry.at };
    default:
      return entry.op satisfies never;
  }
}

const UNSPENT = { spentUsd: null, spentSeconds: null };

function afterReceipt(state: JournalState, entry: JournalEntry): Partial<JournalState> {
  const { failure, usage } = entry;
  const receipts = [...state.receipts, entry];
  if (isAdded(entry) || isUnlanded(entry)) return { open: null, landing: null, receipts };
  const ended = { open: null, landing: null, retriedAt: null, receipts };
  if (!failure) return { ...ended, failures: [], question: null, answers: [], reviews: [], ...UNSPENT };
  return {
    ...ended,
    failures: countsAsFailure(failure.class) ? [...state.failures, failure] : state.failures,
    question: asks(failure) ? failure.message : null,
    spentUsd: plus(state.spentUsd, usage?.costUsd ?? null),
    spentSeconds: plus(state.spentSeconds, usage?.agentSeconds ?? null),
  };
}

/** What a person adds says nothing of how the unit's own stages fare. */
const isAdded = ({ kind }: JournalEntry) => kind === 'INJECT' || kind === 'FILE';

const isUnlanded = (entry: JournalEntry) => isAdoption(entry) && entry.failure !== undefined;

const asks = ({ class: kind }: Failure) => kind === 'question' || kind === 'blocked';

const holderOf = ({ fleet, boot, worker }: JournalEntry): Holder => ({ fleet, boot, worker });

/** Whether an attempt that ended so uses up one of the attempts: not when the agent could not help it. */
export const countsAsFailure = (failure: FailureClass): boolean => !NOBODYS_FAULT.has(failure);

const NOBODYS_FAULT: ReadonlySet<FailureClass> = new Set([
  'interrupted',
  'cancelled',
  'budget',
  'quota',
  'authentication',
  'billing',
]);

/** Every head that landings of a journal have pushed to the branch. */
export const publishedIn = (entries: readonly JournalEntry[]): readonly string[] =>
  entries.flatMap(({ op, head }) => (op === 'landing' && head ? [head] : []));

/** Name of a review packet among a journal's attachments. */
export const PACKET_FILE = 'packet.json';

/** Persons' words in a journal, each for one head. */
export const approvalsIn = (
  entries: readonly JournalEntry[],
): readonly { readonly by: string; readonly sha: string }[] =>
  entries.flatMap(({ op, head, by }) => (op === 'approve' && head && by ? [{ by, sha: head }] : []));

/** Whether a person has approved the head of the last landing since that was written down. */
export function isApprovedAnew(entries: readonly JournalEntry[]): boolean {
  const last = entries.findLastIndex(({ op }) => op === 'landing');
  const head = entries[last]?.head;
  return head != null && approvalsIn(entries.slice(last + 1)).some(({ sha }) => sha === head);
}

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
 * attempt that was interrupted is no failure, but a second one in a row is delayed as if the first one were. After
 * a usage limit nothing starts before that is lifted, when that is known.
 */
export function notBefore(
  state: Pick<JournalState, 'failures' | 'receipts' | 'retriedAt'>,
  backoffSeconds: number,
): string | null {
  const last = state.receipts.at(-1);
  if (!last || state.retriedAt !== null) return null;
  return laterOf(afterDelay(state, last, backoffSeconds), last.failure?.resetsAt ?? null);
}

const laterOf = (a: string | null, b: string | null): string | null => (isLater(a, b) ? a : b);

/** ISO 8601, of whatever zone; nothing is before everything. */
const isLater = (a: string | null, b: string | null) =>
  a !== null && (b === null || Date.parse(a) > Date.parse(b));

function afterDelay(
  { failures, receipts }: Pick<JournalState, 'failures' | 'receipts'>,
  last: JournalEntry,
  backoffSeconds: number,
): string | null {
  const times = Math.max(failures.length, helplessInARow(receipts) - (isInterrupted(last) ? 1 : 0));
  if (times === 0 || backoffSeconds === 0) return null;
  const doublings = Math.min(times - 1, 10);
  const spread = 1 + (Number.parseInt(last.nonce.slice(0, 4), 36) % 100) / 500;
  const delayMs = backoffSeconds * 2 ** doublings * spread * 1000;
  return new Date(Date.parse(last.at) + Math.round(delayMs)).toISOString();
}

const isInterrupted = ({ failure }: JournalEntry) => failure?.class === 'interrupted';

/** How many of the last attempts ended through nobody's fault; a person's changes (`cancelled`) end the row. */
function helplessInARow(receipts: readonly JournalEntry[]): number {
  const others = receipts.findLastIndex(
    ({ failure }) => !failure || failure.class === 'cancelled' || countsAsFailure(failure.class),
  );
  return receipts.length - 1 - others;
}
