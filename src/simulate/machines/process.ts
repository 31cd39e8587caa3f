import type { Machine } from './machine.ts';

/** One worker process. Once it is dead, nothing that it waited for ever comes back to it. */
export interface Process {
  readonly machine: Machine;
  /** `w1` */
  readonly name: string;
  /** `w1:<pid>:<start time>`, as in journals. */
  readonly id: string;
  readonly boot: number;
  readonly stop: AbortController;
  /** When live sessions have to be done after a stop, in true milliseconds; null while nobody asked for a stop. */
  stopDeadline: number | null;
  isAlive: boolean;
  /** Stopped as by SIGSTOP: it is there, and does nothing. */
  isFrozen: boolean;
  /** What waits for it to go on. */
  held: (() => void)[];
  /** Wakes whoever waits for an event; null when nobody does. */
  bell: ((reason: string) => void) | null;
  /** A bell that rang while nobody waited. */
  rung: string | null;
  fuse: Fuse | null;
}

/** Strikes a process at one of its calls to the outside: before the call has an effect, or right after. */
export interface Fuse {
  calls: number;
  readonly when: 'before' | 'after';
  readonly strike: () => void;
}

export function createProcess(machine: Machine, slot: number, pid: number): Process {
  return {
    machine,
    name: `w${slot}`,
    id: `w${slot}:${pid}:${machine.boot}`,
    boot: machine.boot,
    stop: new AbortController(),
    stopDeadline: null,
    isAlive: true,
    isFrozen: false,
    held: [],
    bell: null,
    rung: null,
    fuse: null,
  };
}

/** Who it is, for traces: `h1/w2`. */
export const nameOf = ({ machine, name }: Process) => `${machine.name}/${name}`;

/** Runs what a process has waited for, as soon as the process can go on; never, when it is dead. */
export function goOn(process: Process, run: () => void): void {
  if (!process.isAlive) return;
  if (process.machine.isAsleep) process.machine.held.push(() => goOn(process, run));
  else if (process.isFrozen) process.held.push(() => goOn(process, run));
  else run();
}

/** Wakes whoever waits for an event in a process. */
export function ring(process: Process, reason: string): void {
  if (process.bell) process.bell(reason);
  else process.rung = reason;
}
