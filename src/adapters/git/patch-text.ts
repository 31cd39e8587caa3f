import type { Oid, PatchLine } from '../../ports.ts';

/** The lines that one diff adds to a file and takes from it. */
export interface FileLines {
  readonly path: string;
  readonly added: readonly PatchLine[];
  readonly removed: readonly PatchLine[];
}

/** A diff between two commits; `commit` is null when `diff-tree` was not given it on its input. */
export interface DiffText {
  readonly commit: Oid | null;
  readonly files: readonly FileLines[];
}

interface Hunk {
  oldLine: number;
  oldLeft: number;
  line: number;
  left: number;
}

/**
 * Parses `git diff-tree -p -U0`, with `--stdin` or without. Lines are counted as each hunk announces them, so that
 * no content can pass for a header; the paths in headers are quoted by git.
 */
export function parsePatch(text: string): readonly DiffText[] {
  const diffs: { commit: Oid | null; files: FileLines[] }[] = [];
  let file: { path: string; added: PatchLine[]; removed: PatchLine[] } | null = null;
  let oldPath: string | null = null;
  let hunk: Hunk | null = null;

  for (const line of linesOf(text)) {
    if (hunk && file && hunk.oldLeft + hunk.left > 0) {
      if (line.startsWith('+')) {
        file.added.push({ line: hunk.line++, text: line.slice(1) });
        hunk.left -= 1;
      } else if (line.startsWith('-')) {
        file.removed.push({ line: hunk.oldLine++, text: line.slice(1) });
        hunk.oldLeft -= 1;
      }
    } else if (line.startsWith('--- ')) {
      oldPath = pathIn(line);
    } else if (line.startsWith('+++ ')) {
      file = { path: pathIn(line) ?? oldPath ?? '', added: [], removed: [] };
      if (diffs.length === 0) diffs.push({ commit: null, files: [] });
      diffs.at(-1)?.files.push(file);
    } else if (line.startsWith('@@ ')) {
      hunk = parseHunk(line);
    } else if (/^[0-9a-f]{40,64}$/.test(line)) {
      diffs.push({ commit: line, files: [] });
    }
  }
  return diffs;
}

function* linesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at);
    const stop = end < 0 ? text.length : end;
    yield text.slice(at, stop);
    at = stop + 1;
  }
}

function parseHunk(header: string): Hunk {
  const [, oldLine, oldCount = '1', line, count = '1'] =
    /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(header) ?? [];
  return { oldLine: Number(oldLine), oldLeft: Number(oldCount), line: Number(line), left: Number(count) };
}

/** The path of a `---` or `+++` header; null for `/dev/null`. */
function pathIn(header: string): string | null {
  const name = header.slice(4);
  const path = name.startsWith('"') ? unquote(name) : name.replace(/\t$/, '');
  return path === '/dev/null' ? null : path.slice(2);
}

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

/** Undoes git's quoting, which is that of a string in C: `"b/\303\251"`. */
function unquote(quoted: string): string {
  const inner = quoted.slice(1, quoted.lastIndexOf('"'));
  const bytes = inner.replaceAll(/\\([0-7]{3}|.)/gs, (_all, code: string) =>
    String.fromCharCode(code.length === 3 ? Number.parseInt(code, 8) : (ESCAPES[code] ?? code.charCodeAt(0))),
  );
  return Buffer.from(bytes, 'latin1').toString();
}
