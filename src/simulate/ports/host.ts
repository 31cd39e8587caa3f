import { injectorOf } from '../../core/injector.ts';
import type { Host } from '../../ports.ts';
import { goOn, type Process } from '../machines/process.ts';
import { doLocally } from '../network.ts';
import type { Universe } from '../universe.ts';

/** A machine as one of its worker processes sees it. */
export function simulateHost(universe: Universe, process: Process): Host {
  const { machine } = process;
  const { claims } = machine.disk;
  const locally = <T>(run: () => T) =>
    doLocally(universe, process, { tookMs: machine.random.between(0, 3), run });
  return {
    identity: {
      fleet: machine.fleet,
      host: machine.name,
      boot: bootName(process.boot),
      worker: process.id,
    },
    paused: () => locally(() => machine.disk.isPaused),
    putDownBy: () => locally(() => (machine.disk.isPaused ? machine.disk.putDownBy : null)),
    claimUnit: unit =>
      locally(() => {
        const owner = claims.get(unit);
        if (owner?.isAlive && owner !== process) return false;
        if (owner !== process) machine.troubledUntil = universe.scheduler.now();
        claims.set(unit, process);
        return true;
      }),
    releaseUnit: unit =>
      locally(() => {
        if (claims.get(unit) === process) claims.delete(unit);
      }),
    claims: () => locally(() => [...claims].filter(([, owner]) => owner.isAlive).map(([unit]) => unit)),
    isGone: ({ fleet, boot, worker }) => {
      if (fleet !== machine.fleet && fleet !== injectorOf(machine.fleet)) return false;
      if (boot !== bootName(machine.boot)) return true;
      return !machine.processes.some(({ id, isAlive }) => id === worker && isAlive);
    },
    pause: ms => doLocally(universe, process, { tookMs: ms, run: () => undefined }),
    nextEvent: (timeoutMs, signal) => nextEvent(universe, process, { timeoutMs, signal }),
  };
}

const bootName = (boot: number) => `boot${boot}`;

function nextEvent(
  { scheduler }: Universe,
  process: Process,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<string> {
  return new Promise(resolve => {
    let isOver = false;
    const finish = (reason: string) =>
      goOn(process, () => {
        if (isOver) return;
        isOver = true;
        process.bell = null;
        scheduler.stir();
        resolve(reason);
      });
    process.bell = finish;
    signal.addEventListener('abort', () => finish('aborted'), { once: true });
    scheduler.after(timeoutMs, () => finish('timeout'));
    if (process.rung !== null) finish(process.rung);
    process.rung = null;
  });
}
