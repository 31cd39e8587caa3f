import { join } from 'node:path';
import type { Log } from '../../ports.ts';
import {
  documentFormat,
  type ReadingRecord,
  readingFormat,
  SNAPSHOT_VERSION,
  type SnapshotDocument,
} from './document.ts';
import { openSharedFile, type SharedFile, takeLock } from './shared-file.ts';

/** The shared files about one repository, as one token sees it. */
export interface SnapshotStore {
  /** What the repository contains; replaced only when that changes. */
  readonly document: SharedFile<SnapshotDocument>;
  /** When and how it was read; replaced at every read. */
  readonly reading: SharedFile<ReadingRecord>;
  /** The right to refresh, as what gives it back; `held` while somebody else has it. */
  lockRefresh(): Promise<(() => Promise<void>) | 'held'>;
}

/**
 * The store of a repository in a directory that all processes of this user share. `account` is a digest of
 * the API and the token, so that one token never reads what another saw.
 */
export function openStore(options: {
  readonly directory: string;
  readonly account: string;
  readonly repo: string;
  /** Write nothing: what is read stays in memory. */
  readonly readOnly: boolean;
  readonly log: Log;
}): SnapshotStore {
  const { readOnly, log } = options;
  const name = `${snapshotStem(options.repo)}${options.account}.v${SNAPSHOT_VERSION}`;
  const documentPath = join(options.directory, `${name}.jsonl`);
  const readingPath = join(options.directory, `${name}.read.json`);
  return {
    document: openSharedFile({ path: documentPath, format: documentFormat, readOnly, log }),
    reading: openSharedFile({ path: readingPath, format: readingFormat, readOnly, log }),
    async lockRefresh() {
      const lock = readOnly ? null : await takeLock(readingPath, { retries: 0, log });
      return lock ?? (async () => {});
    },
  };
}

/** What the names of a repository's files begin with. */
export function snapshotStem(repo: string): string {
  return `${repo.toLowerCase().replace('/', '~')}.`;
}

const READING_NAME = new RegExp(`^([^~]+)~(.+)\\.([0-9a-f]{16})\\.v${SNAPSHOT_VERSION}\\.read\\.json$`);

/** The repository, in lower case, and the account of a file about when it was read; null for other files. */
export function readingOfName(name: string): { readonly repo: string; readonly account: string } | null {
  const [, owner, repo, account] = READING_NAME.exec(name) ?? [];
  if (owner === undefined || repo === undefined || account === undefined) return null;
  return { repo: `${owner}/${repo}`, account };
}
