import { lstatSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import path from 'node:path';
import { readOwnFile } from './sessions/own-file.ts';

/** Where reports are: a directory, and files in it or folders of it. */
interface ReportPlaces {
  readonly cwd: string;
  readonly places: readonly string[];
}

/** Removes the reports that are there before a run: whoever made the commit could have written them. */
export function clearReports(reports: ReportPlaces): void {
  for (const file of filesAt(reports)) rmSync(file, { force: true });
}

/** The texts of the reports that a run has left. No link leads out of the directory. */
export function readReports(reports: ReportPlaces): readonly string[] {
  return filesAt(reports).flatMap(file => {
    const read = readOwnFile({ dir: path.dirname(file), path: file, maxBytes: LIMIT_BYTES });
    return read.kind === 'text' ? [read.text] : [];
  });
}

/** More than a report may have: one of this size was cut off and is refused. */
const LIMIT_BYTES = 65 * 1024 * 1024;

/** A folder stands for the reports in it. */
function filesAt({ cwd, places }: ReportPlaces): readonly string[] {
  return places.flatMap(place => {
    const at = path.join(cwd, place);
    if (!isInside(cwd, at)) return [];
    if (!lstatSync(at).isDirectory()) return [at];
    const names = readdirSync(at).filter(name => /\.(?:xml|tap)$/i.test(name));
    return names.sort().map(name => path.join(at, name));
  });
}

/** Whether there is something at the path that is no link, nor below one that leads elsewhere. */
function isInside(cwd: string, at: string): boolean {
  try {
    const real = realpathSync(at);
    return real.startsWith(`${realpathSync(cwd)}${path.sep}`) && !lstatSync(at).isSymbolicLink();
  } catch {
    return false;
  }
}
