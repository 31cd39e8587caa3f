/** What `git push --porcelain` says of one ref. */
export interface RefReport {
  readonly ref: string;
  /** ` ` fast-forward, `+` forced, `-` deleted, `*` new, `=` up to date, `!` rejected. */
  readonly flag: string;
  /** `[rejected] (stale info)` */
  readonly summary: string;
}

/** Parses the porcelain output of a push, by ref of the remote. */
export function parsePorcelain(stdout: string): ReadonlyMap<string, RefReport> {
  const reports = stdout.split('\n').flatMap(line => {
    const match = /^([ +\-*!=])\t[^:]*:([^\t]+)\t(.*)$/.exec(line);
    if (!match) return [];
    const [, flag = '', ref = '', summary = ''] = match;
    return [[ref, { ref, flag, summary }] as const];
  });
  return new Map(reports);
}
