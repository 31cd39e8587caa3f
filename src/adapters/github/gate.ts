import { setTimeout as sleep } from 'node:timers/promises';
import { HarnessError } from '../../errors.ts';
import type { Clock } from '../../ports.ts';
import type { Budget, Limit } from './limits.ts';

/** What every request of one token passes, in this order: room, the breaker, and for writes their spacing. */
export interface Gate {
  /**
   * Resolves when the request may be sent; the caller must `leave` with what the answer said. Throws
   * `github-limited` while a limit is on.
   */
  enter(request: { readonly isWrite: boolean; readonly isGraphQL: boolean }): Promise<Pass>;
}

export interface Pass {
  leave(limit: Limit | null): void;
}

interface Breaker {
  readonly openUntil: number;
  /** Limits in a row, for the back-off where GitHub names no time. */
  readonly strikes: number;
}

/** GitHub allows 100 requests at a time; fewer in flight means fewer wasted when a limit begins. */
const ROOM = 8;

/** GitHub docs, "Best practices": wait at least a minute when no time is named, then longer each time. */
const FIRST_WAIT_MS = 60_000;
const LONGEST_WAIT_MS = 3_600_000;

/**
 * The gate of one token in this process. While a limit is on nothing is sent; when it ends one request
 * probes, and the others wait for what it finds.
 */
export function createGate(options: { readonly clock: Clock; readonly writeSpacingMs: number }): Gate {
  const { clock, writeSpacingMs } = options;
  const breakers = new Map<Budget, Breaker>();
  const room = createRoom(ROOM);
  let probe: Promise<void> | null = null;
  let nextWriteAt = 0;

  async function passBreaker(budget: Budget): Promise<() => void> {
    while (true) {
      const open = [breakers.get('all'), breakers.get(budget)].filter(breaker => breaker !== undefined);
      if (open.length === 0) return () => {};
      const until = Math.max(...open.map(breaker => breaker.openUntil));
      if (until > clock.now()) throw limited(until);
      if (probe === null) {
        let settle = (): void => {};
        probe = new Promise(resolve => {
          settle = resolve;
        });
        return () => {
          probe = null;
          settle();
        };
      }
      await probe;
    }
  }

  function learn(budget: Budget, limit: Limit | null): void {
    if (limit === null) {
      forgetEnded('all');
      forgetEnded(budget);
      return;
    }
    const strikes = (breakers.get(limit.budget)?.strikes ?? 0) + 1;
    const backoffMs = Math.min(FIRST_WAIT_MS * 2 ** (strikes - 1), LONGEST_WAIT_MS);
    breakers.set(limit.budget, { openUntil: clock.now() + (limit.waitMs ?? backoffMs), strikes });
  }

  /** An answer to a request that was sent before the limit began says nothing about the limit. */
  function forgetEnded(budget: Budget): void {
    if ((breakers.get(budget)?.openUntil ?? 0) <= clock.now()) breakers.delete(budget);
  }

  async function awaitTurn(): Promise<void> {
    const turn = Math.max(clock.monotonic(), nextWriteAt);
    nextWriteAt = turn + writeSpacingMs;
    const waitMs = turn - clock.monotonic();
    if (waitMs > 0) await sleep(waitMs);
  }

  return {
    async enter({ isWrite, isGraphQL }) {
      const budget = isGraphQL ? 'graphql' : 'core';
      const leaveRoom = await room.enter();
      try {
        const endProbe = await passBreaker(budget);
        if (isWrite && writeSpacingMs > 0) await awaitTurn();
        return {
          leave(limit) {
            learn(budget, limit);
            endProbe();
            leaveRoom();
          },
        };
      } catch (error) {
        leaveRoom();
        throw error;
      }
    },
  };
}

function limited(until: number): HarnessError {
  return new HarnessError(
    'github-limited',
    `GitHub's limit is used up until ${new Date(until).toISOString()}.`,
  );
}

function createRoom(places: number): { enter(): Promise<() => void> } {
  const waiting: (() => void)[] = [];
  let free = places;
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return {
    async enter() {
      if (free > 0) free -= 1;
      else await new Promise<void>(resolve => waiting.push(resolve));
      return leave;
    },
  };
}
