import type { Oid, OutcomeFile, SessionExit, SessionPlan, Snapshot } from '../../ports.ts';
import type { Files } from '../git/objects.ts';
import type { Versions } from '../github/history.ts';
import type { Random } from '../random.ts';
import type { Process } from './process.ts';

/** A host: its clocks, its disk, and the processes on it. Everything here is changed in place as time goes on. */
export interface Machine {
  readonly name: string;
  readonly fleet: string;
  readonly random: Random;
  readonly disk: Disk;
  readonly clock: MachineClock;
  readonly processes: Process[];
  /** Grows by one whenever the machine starts. */
  boot: number;
  isUp: boolean;
  isConnected: boolean;
  isAsleep: boolean;
  /** What waits for it to wake up. */
  held: (() => void)[];
  /** When it, or a worker of it, last went on after a sleep or a stop. */
  thawedAt: number;
  /** When its last fault ended: until a while later, nobody expects it to know what happened. */
  troubledUntil: number;
}

export interface MachineClock {
  /** Added to the true time to give what this machine takes for it. */
  skewMs: number;
  /** How much faster than true time its monotonic clock runs. */
  readonly rate: number;
  /** Sleep so far, in which the monotonic clock stood still. */
  sleptMs: number;
}

/** What outlives processes, and is lost with the disk. */
export interface Disk {
  /** The commits in the engine's bare clones. */
  readonly clone: Set<Oid>;
  readonly worktrees: Map<string, Worktree>;
  readonly sessions: Map<string, SessionRecord>;
  readonly claims: Map<string, Process>;
  readonly snapshots: Map<string, KeptSnapshot>;
  /** When something was asked of GitHub that creates what is at that place, and no answer has come; virtual time. */
  readonly creations: Map<string, number>;
  isPaused: boolean;
  /** When a pause by force ends what runs, by the machine's own clock; null for a pause without force. */
  putDownBy: number | null;
}

export interface Worktree {
  readonly repo: string;
  /** null for a checkout that a verification made. */
  readonly branch: string | null;
  /** The branch's head; null when an agent has broken it. */
  head: Oid | null;
  /** What is in the directory, committed or not. */
  files: Files;
}

export interface SessionRecord {
  readonly plan: SessionPlan;
  readonly owner: Process;
  readonly reservedAt: number;
  startedAt: number | null;
  /** Set while the agent's processes live. */
  agent: { isAlive: boolean } | null;
  lastActivityAt: number | null;
  exit: SessionExit | null;
  outcome: OutcomeFile;
  handoff: string | null;
}

/** A repository as a machine read it last; `versions` tells which state of each issue that was. */
export interface KeptSnapshot {
  readonly snapshot: Snapshot;
  readonly versions: Versions;
}

export function createMachine(name: string, random: Random): Machine {
  return {
    name,
    fleet: `fleet-${name}`,
    random,
    disk: emptyDisk(),
    clock: {
      skewMs: Math.round(random.between(-120_000, 120_000)),
      rate: random.between(0.995, 1.005),
      sleptMs: 0,
    },
    processes: [],
    boot: 1,
    isUp: true,
    isConnected: true,
    isAsleep: false,
    held: [],
    thawedAt: 0,
    troubledUntil: 0,
  };
}

const emptyDisk = (): Disk => ({
  clone: new Set(),
  worktrees: new Map(),
  sessions: new Map(),
  claims: new Map(),
  snapshots: new Map(),
  creations: new Map(),
  isPaused: false,
  putDownBy: null,
});

/** Empties a disk, as a new machine's is. */
export function wipeDisk({ disk }: Machine): void {
  const { clone, worktrees, sessions, claims, snapshots, creations } = disk;
  for (const part of [clone, worktrees, sessions, claims, snapshots, creations]) part.clear();
}
