import { isAlive, type ProcessIdentity } from '../processes.ts';
import type { Offer, PushState } from './push-turns.ts';

/** At most so many pushes in any such span. */
export interface PushLimit {
  readonly most: number;
  readonly withinMs: number;
}

/** A push of this process that waits. */
export interface Waiting {
  readonly id: string;
  readonly refs: readonly string[];
  /** It was refused together with others, and is to be sent by itself. */
  readonly isAlone: boolean;
  /** Another process may send it. */
  readonly isLaid: boolean;
}

/** Who asks for a turn, when, and with what. */
export interface TurnQuestion {
  readonly line: readonly Waiting[];
  readonly limit: PushLimit;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly self: ProcessIdentity;
  /** null: to share with nobody. */
  readonly kin: string | null;
}

export interface Turn {
  /** Milliseconds until there may be a turn; 0 when this is one. */
  readonly waitMs: number;
  /** Ids of those that another process has taken. */
  readonly gone: readonly string[];
  /** Ids of this process's own, to be sent in one push. */
  readonly own: readonly string[];
  /** Ids of other processes' that go with them. */
  readonly others: readonly string[];
}

interface Taken {
  readonly state: PushState | null;
  readonly turn: Turn;
}

/** Takes a turn and counts it, or leaves what waits for whoever has one first. */
export function takeTurn(known: PushState | null, question: TurnQuestion): Taken {
  const { line, limit, now } = question;
  const offers = (known?.offers ?? []).filter(({ by }) => isAlive(by));
  // One from the future was noted before the clock was set back.
  const sentAt = (known?.sentAt ?? []).filter(at => at > now - limit.withinMs && at <= now);
  const gone = line.map(({ id }) => id).filter(id => offers.some(offer => offer.id === id && offer.takenBy));
  const left = line.filter(({ id }) => !gone.includes(id));
  const turn: Turn = { waitMs: 0, gone, own: [], others: [] };
  if (left.length === 0) return { state: known, turn };

  const oldest = sentAt.at(-limit.most);
  const waitMs = oldest === undefined ? 0 : oldest + limit.withinMs - now;
  if (waitMs <= 0) {
    const { own, others, rest } = takeOffers(left, offers, question);
    return { state: { version: 2, sentAt: [...sentAt, now], offers: rest }, turn: { ...turn, own, others } };
  }
  const made = offersOf(left, offers, question);
  const state: PushState = { version: 2, sentAt, offers: [...offers, ...made] };
  return { state: made.length === 0 ? known : state, turn: { ...turn, waitMs } };
}

/** Offers what of the line can be sent by others, and is not offered yet. */
function offersOf(
  left: readonly Waiting[],
  offers: readonly Offer[],
  { kin, self }: TurnQuestion,
): readonly Offer[] {
  if (kin === null) return [];
  return left
    .filter(({ id, isLaid, isAlone }) => isLaid && !isAlone && !offers.some(offer => offer.id === id))
    .map(({ id, refs }) => ({
      ...{ id, kin, refs: [...refs], by: { ...self }, takenBy: null, answer: null },
    }));
}

function takeOffers(left: readonly Waiting[], offers: readonly Offer[], { line, kin, self }: TurnQuestion) {
  const own = fitting([], left);
  const isOurs = ({ id }: Offer) => line.some(waiting => waiting.id === id);
  const open = offers.filter(offer => !isOurs(offer) && offer.takenBy === null && offer.kin === kin);
  const others = own[0]?.isAlone ? [] : fitting(own, open);
  const rest = offers
    .filter(({ id }) => !own.some(waiting => waiting.id === id))
    .map(offer => (others.includes(offer) ? { ...offer, takenBy: { ...self } } : offer));
  return { own: own.map(({ id }) => id), others: others.map(({ id }) => id), rest };
}

/** An atomic push is as good as its worst ref, and servers limit how many they take at once. */
const MOST_TOGETHER = 25;

/**
 * What of a line may go in one push with `before`, in its order: nothing that names a ref which is named already, also
 * by one that has to wait.
 */
function fitting<T extends { readonly refs: readonly string[]; readonly isAlone?: boolean }>(
  before: readonly { readonly refs: readonly string[] }[],
  line: readonly T[],
): readonly T[] {
  const named = new Set(before.flatMap(({ refs }) => refs));
  const fits: T[] = [];
  let count = named.size;
  for (const next of line) {
    const isFirst = before.length + fits.length === 0;
    const isApart = next.isAlone || fits[0]?.isAlone || next.refs.some(ref => named.has(ref));
    for (const ref of next.refs) named.add(ref);
    if (!isFirst && (isApart || count + next.refs.length > MOST_TOGETHER)) continue;
    fits.push(next);
    count += next.refs.length;
  }
  return fits;
}
