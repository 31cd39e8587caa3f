import { HarnessError } from '../errors.ts';
import type { Fuse, Process } from './machines/process.ts';
import { goOn } from './machines/process.ts';
import type { Universe } from './universe.ts';

/** A request of a process to GitHub. */
export interface Request<T> {
  readonly to: 'api' | 'git';
  /** For the trace: `merge #3`. */
  readonly name: string;
  /** The issue that it writes to, in public; null for a read, and for a push, which its own refs guard. */
  readonly writesTo: PublicWrite | null;
  /** What GitHub does with it, at the moment it arrives. What it throws is its answer. */
  readonly serve: () => T;
}

export interface PublicWrite {
  readonly repo: string;
  readonly issue: number;
  /** When the engine asked for it; a port may need several requests for that. */
  readonly begunAt: number;
}

/** A write that the engine asks for now. */
export const publicWrite = (
  { scheduler }: Pick<Universe, 'scheduler'>,
  repo: string,
  issue: number,
): PublicWrite => ({ repo, issue, begunAt: scheduler.now() });

// The longest that a client waits; with the time that a request may be under way after that it stays well
// below the fifth of the lease's time-to-live that a holder leaves unused.
const PATIENCE_MS = [3_000, 6_000] as const;
const LATE_MS = [100, 2_500] as const;

/** How long after it was sent a request may still have its effect. */
export const LONGEST_MS = PATIENCE_MS[1] + LATE_MS[1];

/** How far behind a replica may be that is asked for one thing. */
export const LAG_MS = 3_000;

/** Sends a request. Rejects with `github-unreachable` when it may or may not have had its effect. */
export function ask<T>(universe: Universe, process: Process, request: Request<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const { scheduler, random } = universe;
    const fate = fateOf(universe);
    const patienceMs = random.between(...PATIENCE_MS);
    const outMs = latencyOf(universe);
    const survives = random.chance(0.5);
    const strike = burn(process);
    if (request.writesTo) universe.watch.sends(process, { ...request.writesTo, name: request.name });
    const back = (delayMs: number, finish: () => void) =>
      scheduler.after(delayMs, () => answer(universe, process, finish));
    const giveUp = () => back(patienceMs - outMs, () => reject(unreachable(request.name, 'no answer')));

    const arrive = () => {
      if (!process.isAlive && !survives) return;
      if (!process.machine.isConnected || isDown(universe, request.to)) return giveUp();
      if (fate === 'failed') return back(outMs, () => reject(unreachable(request.name, '502')));
      if (fate === 'limited') return back(outMs, () => reject(limited(request.name)));
      if (fate === 'late') {
        const afterMs = patienceMs - outMs + random.between(...LATE_MS);
        scheduler.after(afterMs, () => void serveQuietly(request));
        return giveUp();
      }
      const served = serveQuietly(request);
      strike('after');
      if (fate === 'unanswered') return giveUp();
      back(latencyOf(universe), () => {
        if (!process.machine.isConnected) return giveUp();
        if (served.kind === 'failed') reject(served.error);
        else resolve(served.value);
      });
    };
    strike('before');
    goOn(process, () => scheduler.after(outMs, arrive));
  });
}

/** Something that a process does on its own machine; it can only be cut short by its own death. */
export function doLocally<T>(
  universe: Universe,
  process: Process,
  { tookMs, run }: { readonly tookMs: number; readonly run: () => T },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const strike = burn(process);
    strike('before');
    universe.scheduler.after(tookMs, () =>
      goOn(process, () => {
        const done = serveQuietly({ serve: run });
        strike('after');
        answer(universe, process, () => (done.kind === 'failed' ? reject(done.error) : resolve(done.value)));
      }),
    );
  });
}

type Served<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: unknown };

function serveQuietly<T>({ serve }: Pick<Request<T>, 'serve'>): Served<T> {
  try {
    return { kind: 'done', value: serve() };
  } catch (error) {
    return { kind: 'failed', error };
  }
}

function answer({ scheduler }: Universe, process: Process, finish: () => void): void {
  goOn(process, () => {
    scheduler.stir();
    finish();
  });
}

/** Counts a call down on the process's fuse; the function strikes at the moment that the fuse names. */
function burn({ fuse }: Process): (when: Fuse['when']) => void {
  if (!fuse) return () => {};
  fuse.calls -= 1;
  return fuse.calls === 0 ? when => when === fuse.when && fuse.strike() : () => {};
}

function fateOf({ random, weather }: Universe): 'fine' | 'failed' | 'limited' | 'unanswered' | 'late' {
  const { failed, limited, unanswered, late } = weather.rates;
  const at = random.next();
  if (at < failed) return 'failed';
  if (at < failed + limited) return 'limited';
  if (at < failed + limited + unanswered) return 'unanswered';
  return at < failed + limited + unanswered + late ? 'late' : 'fine';
}

function latencyOf({ random, weather }: Universe): number {
  return random.chance(weather.rates.slow) ? random.between(500, 2_500) : random.between(10, 150);
}

const isDown = ({ scheduler, weather }: Universe, to: 'api' | 'git') =>
  scheduler.now() < (to === 'api' ? weather.apiDownUntil : weather.gitDownUntil);

const unreachable = (name: string, why: string) => new HarnessError('github-unreachable', `${name}: ${why}.`);

const limited = (name: string) => new HarnessError('github-limited', `${name}: 403, the limit is reached.`);

/** Sends a request that can be repeated without harm, once more when its answer is lost. */
export async function askAgain<T>(universe: Universe, process: Process, request: Request<T>): Promise<T> {
  try {
    return await ask(universe, process, request);
  } catch (error) {
    if (!isAmbiguous(error)) throw error;
    return ask(universe, process, request);
  }
}

/** Whether a write that failed so may have had its effect. */
export const isAmbiguous = (error: unknown) =>
  error instanceof HarnessError && error.code === 'github-unreachable';
