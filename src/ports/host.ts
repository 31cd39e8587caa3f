/** Commands that policy names: HARNESS_SETUP, HARNESS_VERIFY, HARNESS_WORKTREE_HOOK. */
export interface Commands {
  /** Runs a shell command of the configuration; a failure is a value. */
  run(command: CommandRun): Promise<CommandResult>;
}

export interface CommandRun {
  readonly command: string;
  readonly cwd: string;
  readonly timeoutMs: number;
  /** Tags the process tree so that a crashed engine's leftovers can be found and ended. */
  readonly tag: string;
  /** Files or folders below `cwd` where it leaves reports; what is there before is removed. */
  readonly reports?: readonly string[];
}

export interface CommandResult {
  /** null when a signal or the time limit ended it. */
  readonly exit: number | null;
  readonly timedOut: boolean;
  readonly seconds: number;
  /** The last 16 KB of standard output and error, redacted. */
  readonly tail: string;
  /** Texts of the reports that it left. */
  readonly reports?: readonly string[];
}

/** This host's disposable files about the fleet: identity, claims, the pause flag, events. */
export interface Host {
  readonly identity: HostIdentity;
  paused(): Promise<boolean>;
  /** Until when live sessions may go on in a fleet that is paused by force, in milliseconds since the epoch. */
  putDownBy(): Promise<number | null>;
  /** Takes the unit for this worker; false when a live worker has it. A dead worker's claim is replaced. */
  claimUnit(unit: string): Promise<boolean>;
  releaseUnit(unit: string): Promise<void>;
  /** Units that live workers of this fleet have claimed. */
  claims(): Promise<readonly string[]>;
  /** Whether the worker that wrote a journal entry is provably gone: another boot, or a dead process. */
  isGone(holder: { fleet: string; boot: string; worker: string }): boolean;
  /** Resolves with a reason at the next event (a session ended, a snapshot changed), or after `timeoutMs`. */
  nextEvent(timeoutMs: number, signal: AbortSignal): Promise<string>;
  /** Waits, for what no event tells of. */
  pause(ms: number): Promise<void>;
}

export interface HostIdentity {
  /** Stable for a project directory on a host, so that losing the run directory changes nothing. */
  readonly fleet: string;
  /** A digest, since journals are as public as the repository. */
  readonly host: string;
  readonly boot: string;
  /** `w1:<pid>:<start time>` */
  readonly worker: string;
}

/** The fleet's resident workers on this host, as their files in the run directory describe them. */
export interface Workers {
  /** Announces this process as a worker; `name` is `w1`. */
  announce(name: string, version: string): void;
  /** Takes the announcement back. */
  dismiss(name: string): void;
  /** All announced workers, in order; one that died without a word is there with `isAlive` false. */
  list(): readonly WorkerRecord[];
  /** Ends a worker's process at once and waits until it is gone; what it did is gone on with by the next one. */
  kill(name: string): Promise<void>;
  /** When a stop was asked for: live sessions have until this time, in milliseconds since the epoch. */
  stopDeadline(): number | null;
  /** Tells the workers how long live sessions have; null takes it back. */
  setStopDeadline(deadline: number | null): void;
}

export interface WorkerRecord {
  readonly name: string;
  readonly pid: number;
  /** Version of the engine that it runs. */
  readonly version: string;
  readonly isAlive: boolean;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds on a clock that never jumps. */
  monotonic(): number;
  /** A fresh random identifier. */
  nonce(): string;
}

export interface Log {
  debug(message: string, facts?: Facts): void;
  info(message: string, facts?: Facts): void;
  warn(message: string, facts?: Facts): void;
}

export type Facts = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
