/** One run of the command line: what a command may know of the terminal, and how it speaks to it. */
export interface Invocation {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Writes text to standard output as it is. */
  readonly out: (text: string) => void;
  /** Writes text to standard error as it is. */
  readonly err: (text: string) => void;
  /** Width of the terminal; where there is none, one that hardly anything is cut at. */
  readonly columns: number;
  /** Standard output is a terminal. */
  readonly isTerminal: boolean;
  /** Standard input and output are both a terminal: a person can be asked. */
  readonly isInteractive: boolean;
  readonly useColor: boolean;
  /** Aborts on Ctrl-C, SIGTERM and SIGHUP, with the signal's name as the reason; a command cleans up and returns. */
  readonly signal: AbortSignal;
  /** Ends the process at once, for a program whose terminal is gone. */
  readonly exitNow: (code: number) => never;
}
