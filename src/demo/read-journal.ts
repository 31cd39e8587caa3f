import type { Stage } from './stage.ts';

/** An entry of a journal, as far as the demo tells of it. */
export interface ReadEntry {
  readonly op: string;
  /** ISO 8601. */
  readonly at: string;
  readonly kind: string;
  readonly landed?: { readonly pull: number; readonly commit: string } | undefined;
}

/** Reads a journal from a clone of the repository, oldest entry first; none where the ref is not there. */
export async function readEntries(
  { git }: Pick<Stage, 'git'>,
  clone: string,
  ref: string,
): Promise<readonly ReadEntry[]> {
  const text = await git('-C', clone, 'log', '--reverse', '--format=%s', ref).catch(() => '');
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as ReadEntry);
}
