/** What programs of one directory run in, so that they see or spoil little of this host. */
export interface Enclosure {
  /** They see their worktree, the tools of this system and the network, and little else. */
  readonly isSandbox: boolean;
  /**
   * The command line that runs a program in it. In a sandbox its working directory can be written if it may; its home
   * and `/tmp` are its own, and the same for every program that works in that directory.
   */
  wrap(run: EnclosedRun): readonly [string, ...string[]];
  /**
   * Variables that lead programs in `cwd` to directories of their own for temporary files and for what build tools
   * keep. Those in `pass` are left to whoever set them.
   */
  variables(cwd: string, pass: readonly string[]): Readonly<Record<string, string>>;
  /** Removes the directories of what is gone. */
  sweep(): Promise<void>;
}

export interface EnclosedRun {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** Left out: it may. */
  readonly mayChangeCwd?: boolean;
  /** Paths beyond those of every program; what is not there is left out. */
  readonly readable: readonly string[];
  readonly writable: readonly string[];
  /** It needs the terminal that this process has. */
  readonly ownsTerminal: boolean;
}

/** Variables without those that `names` has. */
export function without(
  names: readonly string[],
  variables: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !names.includes(name)));
}
