import type { Universe } from '../universe.ts';
import type { Machine } from './machine.ts';
import { nameOf, type Process } from './process.ts';

/** Kills one worker. */
export function kill({ trace }: Universe, process: Process): void {
  process.isAlive = false;
  trace.note(nameOf(process), null, 'is killed');
}

/** Kills all workers of a machine at once; the agents live on. */
export function killWorkers({ trace }: Universe, machine: Machine): void {
  for (const process of machine.processes) process.isAlive = false;
  trace.note(machine.name, null, 'all workers are killed');
}

/** Cuts a machine's power: workers and agents are gone, the disk is there. */
export function cutPower(universe: Universe, machine: Machine): void {
  for (const process of machine.processes) process.isAlive = false;
  for (const { agent } of machine.disk.sessions.values()) if (agent) agent.isAlive = false;
  machine.isUp = false;
  machine.held = [];
  machine.boot += 1;
  universe.trace.note(machine.name, null, 'loses power');
}

/** Starts a machine that was off. */
export function bootUp({ trace }: Universe, machine: Machine): void {
  machine.isUp = true;
  machine.isAsleep = false;
  trace.note(machine.name, null, `boots (boot${machine.boot})`);
}

/** Puts a machine to sleep for a while: nothing on it runs, and its monotonic clock stands still. */
export function sleepFor({ scheduler, trace }: Universe, machine: Machine, ms: number): void {
  if (!machine.isUp || machine.isAsleep) return;
  const { boot } = machine;
  machine.isAsleep = true;
  trace.note(machine.name, null, `sleeps for ${Math.round(ms / 1000)} s`);
  scheduler.after(ms, () => {
    if (machine.boot !== boot) return;
    machine.isAsleep = false;
    machine.clock.sleptMs += ms;
    machine.thawedAt = scheduler.now();
    machine.troubledUntil = scheduler.now();
    trace.note(machine.name, null, 'wakes up');
    release(machine.held.splice(0), scheduler);
  });
}

/** Stops one worker as SIGSTOP does, and lets it go on after a while. */
export function freezeFor({ scheduler, trace }: Universe, process: Process, ms: number): void {
  process.isFrozen = true;
  trace.note(nameOf(process), null, `is stopped for ${Math.round(ms / 1000)} s`);
  scheduler.after(ms, () => {
    process.isFrozen = false;
    process.machine.thawedAt = scheduler.now();
    process.machine.troubledUntil = scheduler.now();
    trace.note(nameOf(process), null, 'goes on');
    release(process.held.splice(0), scheduler);
  });
}

/** Cuts a machine off GitHub for a while. */
export function cutOff({ scheduler, trace }: Universe, machine: Machine, ms: number): void {
  machine.isConnected = false;
  trace.note(machine.name, null, `is cut off for ${Math.round(ms / 1000)} s`);
  scheduler.after(ms, () => {
    machine.isConnected = true;
    machine.troubledUntil = scheduler.now();
    trace.note(machine.name, null, 'is connected again');
  });
}

// What was due while nothing ran comes one after the other, not all in one instant.
function release(held: readonly (() => void)[], { after }: Universe['scheduler']): void {
  for (const [at, run] of held.entries()) after(at, run);
}
