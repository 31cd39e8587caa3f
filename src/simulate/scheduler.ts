/** Virtual time: what is to happen, in order, and nothing in between. */
export interface Scheduler {
  /** Milliseconds since the simulation began. */
  readonly now: () => number;
  readonly after: (delayMs: number, run: () => void) => void;
  /** Lets the promises that were resolved in this step run on before the next event. */
  readonly stir: () => void;
  /** Plays events in the order of their times until it is over, or nothing is left to happen. */
  readonly play: (isOver: () => boolean) => Promise<void>;
}

interface Event {
  readonly at: number;
  /** Events of the same time happen in the order in which they were planned. */
  readonly order: number;
  readonly run: () => void;
}

export function createScheduler(): Scheduler {
  const heap: Event[] = [];
  let now = 0;
  let planned = 0;
  let isStirred = false;
  return {
    now: () => now,
    after: (delayMs, run) => {
      planned += 1;
      push(heap, { at: now + Math.max(0, delayMs), order: planned, run });
    },
    stir: () => {
      isStirred = true;
    },
    play: async isOver => {
      await allAtRest();
      while (!isOver()) {
        const event = pop(heap);
        if (!event) return;
        now = event.at;
        event.run();
        if (!isStirred) continue;
        isStirred = false;
        await allAtRest();
      }
    },
  };
}

// An immediate comes after every promise that can go on has gone on. No time passes meanwhile.
const allAtRest = () => new Promise<void>(resolve => setImmediate(resolve));

const isBefore = (a: Event, b: Event) => a.at < b.at || (a.at === b.at && a.order < b.order);

/** Adds to a binary heap whose first event is the earliest. */
function push(heap: Event[], event: Event): void {
  let at = heap.length;
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above] as Event;
    if (!isBefore(event, parent)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = event;
}

function pop(heap: Event[]): Event | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (!first || !last || heap.length === 0) return first;
  let at = 0;
  for (;;) {
    let below = 2 * at + 1;
    if (below >= heap.length) break;
    if (below + 1 < heap.length && isBefore(heap[below + 1] as Event, heap[below] as Event)) below += 1;
    const child = heap[below] as Event;
    if (!isBefore(child, last)) break;
    heap[at] = child;
    at = below;
  }
  heap[at] = last;
  return first;
}
