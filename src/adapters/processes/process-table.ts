/** One process as the system lists it. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** When it started, in the words of the system; tells a process from a later one with its pid. */
  readonly started: string;
  /** It has ended and only waits for its parent to ask how. */
  readonly isZombie: boolean;
  /** Processor time that it and its ended children used, in milliseconds; 0 where the system does not tell. */
  readonly cpuMs: number;
}

/** How this system tells about its processes. */
export interface ProcessTable {
  /** null when there is no such process. */
  read(pid: number): ProcessEntry | null;
  all(): readonly ProcessEntry[];
  /** Whether the environment that a process was started with has this `NAME=value`; false when unknown. */
  hasVariable(pid: number, variable: string): boolean;
}
