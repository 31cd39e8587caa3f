/** A value of front matter, and the line that it begins on. */
export type Node =
  | { readonly kind: 'scalar'; readonly value: string | number | boolean | null; readonly line: number }
  | { readonly kind: 'list'; readonly items: readonly Node[]; readonly line: number }
  | { readonly kind: 'map'; readonly entries: readonly Entry[]; readonly line: number };

export interface Entry {
  readonly key: string;
  readonly line: number;
  readonly node: Node;
}

/** What is wrong with a file, and the line that it is on, from 1. */
export class FileProblem extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.name = 'FileProblem';
    this.line = line;
  }
}

/**
 * Reads the YAML that front matter consists of: maps and lists by indentation, `[a, b]`, quoted and plain scalars, and
 * `|` and `>` blocks. `firstLine` is the number of the first of the lines. Throws `FileProblem` for everything else of
 * YAML: an anchor or a tag that was misread would be worse than one that is refused.
 */
export function readYaml(lines: readonly string[], firstLine: number): Node {
  const cursor: Cursor = { lines, firstLine, at: 0 };
  const first = peek(cursor);
  if (first === null) return { kind: 'map', entries: [], line: firstLine };
  const node = readBlock(cursor, first.indent);
  const rest = peek(cursor);
  if (rest !== null) throw new FileProblem(rest.line, 'its indentation fits nothing above it');
  return node;
}

interface Cursor {
  readonly lines: readonly string[];
  readonly firstLine: number;
  at: number;
}

interface Line {
  readonly indent: number;
  readonly text: string;
  readonly line: number;
}

/** The next line that says something; null at the end. */
function peek(cursor: Cursor): Line | null {
  for (; cursor.at < cursor.lines.length; cursor.at++) {
    const raw = cursor.lines[cursor.at] ?? '';
    const [, space = '', text = ''] = /^(\s*)(.*)$/.exec(raw) ?? [];
    if (text === '' || text.startsWith('#')) continue;
    const line = cursor.firstLine + cursor.at;
    if (space.includes('\t'))
      throw new FileProblem(line, 'it is indented with a tab; YAML takes spaces only');
    return { indent: space.length, text: text.trimEnd(), line };
  }
  return null;
}

const isItem = ({ text }: Line) => text === '-' || text.startsWith('- ');

function readBlock(cursor: Cursor, indent: number): Node {
  const first = peek(cursor);
  return first !== null && isItem(first) ? readList(cursor, indent) : readMap(cursor, indent);
}

function readList(cursor: Cursor, indent: number): Node {
  const items: Node[] = [];
  const start = cursor.firstLine + cursor.at;
  for (let next = peek(cursor); next !== null; next = peek(cursor)) {
    if (next.indent !== indent || !isItem(next)) break;
    cursor.at++;
    items.push(scalarOrList(next.text.slice(1).trim(), next.line));
  }
  return { kind: 'list', items, line: start };
}

function readMap(cursor: Cursor, indent: number): Node {
  const entries: Entry[] = [];
  const start = cursor.firstLine + cursor.at;
  for (let next = peek(cursor); next !== null && next.indent >= indent; next = peek(cursor)) {
    if (next.indent > indent) throw new FileProblem(next.line, 'its indentation fits nothing above it');
    if (isItem(next)) break;
    entries.push(readEntry(cursor, next, entries));
  }
  return { kind: 'map', entries, line: start };
}

function readEntry(cursor: Cursor, { text, line, indent }: Line, before: readonly Entry[]): Entry {
  const [, double, single, plain, rest = ''] = ENTRY.exec(text) ?? [];
  const key = double ?? single ?? plain;
  if (key === undefined) throw new FileProblem(line, 'it is no `key: value`');
  if (before.some(other => other.key === key)) throw new FileProblem(line, `${key} is there twice`);
  cursor.at++;
  const value = withoutComment(rest);
  if (/^[|>][+-]?$/.test(value)) return { key, line, node: readText(cursor, indent, value, line) };
  if (value !== '') return { key, line, node: scalarOrList(value, line) };
  const below = peek(cursor);
  const isBelow = below !== null && (below.indent > indent || (below.indent === indent && isItem(below)));
  const node: Node = isBelow ? readBlock(cursor, below.indent) : { kind: 'scalar', value: null, line };
  return { key, line, node };
}

const ENTRY = /^(?:"([^"\\]*)"|'([^']*)'|([^\s"'#[\]{}&*!|>%@`,?-][^:#]*?))\s*:(?:\s+(.*))?$/;

/** A block of text: the lines that are indented more than its key. */
function readText(cursor: Cursor, indent: number, style: string, line: number): Node {
  const taken: string[] = [];
  for (; cursor.at < cursor.lines.length; cursor.at++) {
    const raw = cursor.lines[cursor.at] ?? '';
    if (raw.trim() !== '' && raw.search(/\S/) <= indent) break;
    taken.push(raw);
  }
  const margin = Math.min(...taken.filter(raw => raw.trim() !== '').map(raw => raw.search(/\S/)));
  const lines = taken.map(raw => raw.slice(margin));
  const text = style.startsWith('>') ? lines.join(' ') : lines.join('\n');
  return { kind: 'scalar', value: text.trimEnd(), line };
}

function scalarOrList(text: string, line: number): Node {
  const value = withoutComment(text);
  const list = /^\[(.*)\]$/.exec(value);
  if (!list) return { kind: 'scalar', value: scalarOf(value, line), line };
  const inner = (list[1] ?? '').trim();
  const items = inner === '' ? [] : inner.split(',').map(item => scalarOrList(item.trim(), line));
  return { kind: 'list', items, line };
}

const withoutComment = (text: string) =>
  /^["']/.test(text.trim())
    ? text.trim().replace(/^("[^"]*"|'[^']*')\s+#.*$/, '$1')
    : text.replace(/(^|\s)#.*$/, '').trim();

function scalarOf(text: string, line: number): string | number | boolean | null {
  const quoted = /^"([^"\\]*)"$|^'([^']*)'$/.exec(text);
  if (quoted) return quoted[1] ?? quoted[2] ?? '';
  if (/^["'&*!|>%@`{}[\]]/.test(text) || /:\s/.test(text)) {
    throw new FileProblem(line, `${JSON.stringify(text.slice(0, 40))} is YAML that is not read here`);
  }
  if (text === '' || text === '~' || text === 'null') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}
