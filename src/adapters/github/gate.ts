import { setTimeout as sleep } from 'node:timers/promises';
import { HarnessError } from '../../errors.ts';
import type { Clock } from '../../ports.ts';
import type { SharedFile } from '../snapshots/shared-file.ts';
import {
  type GateState,
  OPEN_GATE,
  passageOf,
  takeTurn,
  withLimit,
  withoutEndedLimits,
  withProbe,
} from './gate-state.ts';
import type { Budget, Limit } from './limits.ts';
import { createRoom } from './room.ts';

/** What every request of one token passes: the spacing of writes, room, and the breaker. */
export interface Gate {
  /** Resolves when the request may be sent. Throws `github-limited` while a limit is on. */
  enter(request: { readonly isWrite: boolean; readonly isGraphQL: boolean }): Promise<Leave>;
}

/** Tells what the answer said of limits. Throws `github-limited` when that was that the request is refused. */
export type Leave = (limit: Limit | null) => Promise<void>;

/** GitHub allows 100 requests at a time; fewer in flight means fewer wasted when a limit begins. */
const ROOM = 8;

/** Longer than any request takes, so that the probe of a killed process is not waited for. */
const PROBE_MS = 40_000;

/**
 * The gate of one token, for all processes that share `state`. While a limit is on nothing is sent; when
 * it ends one request probes, and the others of its process wait for what it finds.
 */
export function createGate(options: {
  readonly state: SharedFile<GateState>;
  readonly clock: Clock;
  readonly writeSpacingMs: number;
}): Gate {
  const { state, clock, writeSpacingMs } = options;
  const room = createRoom(ROOM);
  let probe: Promise<void> | null = null;

  /** Returns what ends the probe, when this request is the one. */
  async function passBreaker(budget: Budget): Promise<() => void> {
    while (true) {
      const passage = passageOf(state.read() ?? OPEN_GATE, budget, clock.now());
      if (passage.kind === 'open') return () => {};
      if (probe !== null) {
        await probe;
        continue;
      }
      if (passage.kind === 'limited') throw limited(passage.until);
      const end = beginProbe();
      if (await takeProbe(budget)) return end;
      end();
    }
  }

  function beginProbe(): () => void {
    let settle = (): void => {};
    probe = new Promise(resolve => {
      settle = resolve;
    });
    return () => {
      probe = null;
      settle();
    };
  }

  /** Of several processes that see a limit end, one gets the probe. */
  async function takeProbe(budget: Budget): Promise<boolean> {
    const { changed } = await state.change(current => {
      const known = current ?? OPEN_GATE;
      const now = clock.now();
      return passageOf(known, budget, now).kind === 'probe'
        ? withProbe(known, budget, now + PROBE_MS)
        : current;
    });
    return changed;
  }

  async function learn(budget: Budget, limit: Limit | null): Promise<void> {
    if (limit !== null) {
      await state.change(current => withLimit(current ?? OPEN_GATE, limit, clock.now()));
      const passage = passageOf(state.read() ?? OPEN_GATE, budget, clock.now());
      if (limit.isRefusal && passage.kind === 'limited') throw limited(passage.until);
      return;
    }
    const known = state.read();
    if (known === null || passageOf(known, budget, clock.now()).kind === 'open') return;
    await state.change(current => withoutEndedLimits(current ?? OPEN_GATE, budget, clock.now()));
  }

  async function awaitTurn(): Promise<void> {
    let at = 0;
    await state.change(current => {
      const turn = takeTurn(current ?? OPEN_GATE, clock.now(), writeSpacingMs);
      at = turn.at;
      return turn.state;
    });
    const waitMs = at - clock.now();
    if (waitMs > 0) await sleep(waitMs);
  }

  return {
    async enter({ isWrite, isGraphQL }) {
      const budget = isGraphQL ? 'graphql' : 'core';
      if (isWrite && writeSpacingMs > 0) await awaitTurn();
      const leaveRoom = await room.enter();
      let endProbe = (): void => {};
      try {
        endProbe = await passBreaker(budget);
      } catch (error) {
        leaveRoom();
        throw error;
      }
      return async limit => {
        try {
          await learn(budget, limit);
        } finally {
          endProbe();
          leaveRoom();
        }
      };
    },
  };
}

function limited(until: number): HarnessError {
  const time = new Date(until).toISOString();
  return new HarnessError('github-limited', `GitHub's limit for this token is used up until ${time}.`);
}
