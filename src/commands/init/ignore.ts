import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkout } from '../../ports.ts';

/** A list of ignored paths with the host's own files added. */
export interface PlannedIgnoreList {
  readonly path: string;
  readonly text: string;
}

/**
 * The list of ignored paths to write so that git passes over the host's own files; null when it does so
 * already. `inTree` chooses the `.gitignore` that everybody shares instead of this clone's own list.
 */
export async function planIgnoreList(
  checkout: Checkout | null,
  { hostFiles, inTree }: { readonly hostFiles: readonly string[]; readonly inTree: boolean },
): Promise<PlannedIgnoreList | null> {
  if (checkout === null) return null;
  const wanted = inTree ? hostFiles : hostFiles.filter(file => !checkout.ignored.includes(file));
  const path = inTree ? join(checkout.root, '.gitignore') : checkout.excludeFile;
  const before = await readFile(path, 'utf8').catch(() => '');
  const text = addIgnoredPaths(
    before,
    wanted.map(file => `/${file}`),
  );
  return text === before ? null : { path, text };
}

/** A list of ignored paths with some more at its end; the same text when they are all there. */
export function addIgnoredPaths(text: string, paths: readonly string[]): string {
  const present = new Set(text.split(/\r?\n/).map(line => line.trim()));
  const missing = paths.filter(path => !present.has(path));
  if (missing.length === 0) return text;
  const needsLineEnd = text !== '' && !text.endsWith('\n');
  return `${text}${needsLineEnd ? '\n' : ''}# Harness: what belongs to this host only\n${missing.join('\n')}\n`;
}
