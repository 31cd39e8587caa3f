import type { FileKind, FilePatch, Oid } from '../../ports.ts';

/** One file that a commit or a range changes, as `git diff-tree --raw` lists it. */
export interface RawRecord {
  readonly path: string;
  readonly oldPath: string | null;
  readonly status: FilePatch['status'];
  readonly oldKind: FileKind | null;
  readonly kind: FileKind | null;
  /** The blob before, or of a submodule its commit; null where there is none. */
  readonly oldOid: Oid | null;
  readonly oid: Oid | null;
  /** The path is valid UTF-8, so that it can be given back to git as an argument. */
  readonly isUtf8: boolean;
}

/** Parses `git diff-tree --raw -z --no-abbrev`, read as latin1, with `--stdin` or without. */
export function parseRawRecords(output: string): readonly RawRecord[] {
  const fields = output.split('\0');
  const records: RawRecord[] = [];
  for (let at = 0; at < fields.length - 1; ) {
    const field = fields[at++] ?? '';
    // The name of a commit, before what it changes.
    if (!field.startsWith(':')) continue;
    const [oldMode = '', mode = '', oldOid = '', oid = '', letter = ''] = field.slice(1).split(' ');
    const isRename = letter.startsWith('R');
    const from = isRename ? (fields[at++] ?? '') : null;
    const path = fields[at++] ?? '';
    records.push({
      path: decode(path),
      oldPath: from === null ? null : decode(from),
      status: STATUSES[letter[0] ?? ''] ?? 'modified',
      oldKind: kindOf(oldMode),
      kind: kindOf(mode),
      oldOid: oidOf(oldOid),
      oid: oidOf(oid),
      isUtf8: [path, from ?? ''].every(raw => Buffer.from(decode(raw)).equals(Buffer.from(raw, 'latin1'))),
    });
  }
  return records;
}

const decode = (raw: string) => Buffer.from(raw, 'latin1').toString();

const STATUSES: Readonly<Record<string, FilePatch['status']>> = {
  A: 'added',
  D: 'deleted',
  M: 'modified',
  R: 'renamed',
  T: 'retyped',
};

// https://git-scm.com/docs/git-fast-import#_filemodify lists the modes that a tree may have.
function kindOf(mode: string): FileKind | null {
  switch (mode) {
    case '000000':
      return null;
    case '120000':
      return 'link';
    case '160000':
      return 'submodule';
    case '100755':
      return 'executable';
    default:
      return 'file';
  }
}

const oidOf = (oid: string) => (/^0+$/.test(oid) ? null : oid);
