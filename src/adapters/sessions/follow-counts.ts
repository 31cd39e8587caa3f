import { lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Row } from '../agents/agent.ts';
import { parseRow } from '../agents/rows.ts';
import { readOwnFile } from './own-file.ts';

/** Hands on the files in which a program keeps count of its use, each one again whenever it was replaced. */
export function followCounts(
  paths: readonly string[],
  onCount: (row: Row) => void,
): { readonly catchUp: () => void } {
  const seen = new Map<string, string>();
  return {
    catchUp: () => {
      for (const path of paths) {
        const stat = lstatSync(path, { throwIfNoEntry: false });
        const mark = `${stat?.ino} ${stat?.size} ${stat?.mtimeMs}`;
        if (stat === undefined || seen.get(path) === mark) continue;
        seen.set(path, mark);
        const file = readOwnFile({ dir: dirname(path), path, maxBytes: LARGEST });
        const row = file.kind === 'text' ? parseRow(file.text) : null;
        if (row !== null) onCount(row);
      }
    },
  };
}

const LARGEST = 4 * 1024 * 1024;
