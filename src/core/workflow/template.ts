import { type Condition, type Expression, readCondition, readExpression, type Scope } from './expressions.ts';
import { FileProblem } from './yaml.ts';

/** A piece of a body in the part of Liquid that is read here. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'output'; readonly expression: Expression }
  | { readonly kind: 'choice'; readonly branches: readonly Branch[] }
  | {
      readonly kind: 'loop';
      readonly name: string;
      readonly over: Expression;
      readonly body: readonly Piece[];
    };

/** null: `else`. */
export interface Branch {
  readonly condition: Condition | null;
  readonly body: readonly Piece[];
}

/**
 * Reads a body: `{{ name | filter }}`, `if`, `unless`, `for`, `comment` and `raw`. `firstLine` is the number of its first line.
 * Throws `FileProblem` for every name, filter or tag that there is not: what would be empty in a prompt is found here.
 */
export function readTemplate(text: string, firstLine: number, scope: Scope): readonly Piece[] {
  const cursor: Cursor = { tokens: tokensOf(text, firstLine), at: 0 };
  const { pieces, end } = readPieces(cursor, scope);
  if (end !== null) throw new FileProblem(end.line, `{% ${end.word} %} ends nothing`);
  return pieces;
}

interface Token {
  readonly kind: 'text' | 'output' | 'tag';
  readonly text: string;
  readonly line: number;
}

interface Cursor {
  readonly tokens: readonly Token[];
  at: number;
}

const MARKED =
  /\{%-?\s*raw\s*-?%\}([\s\S]*?)\{%-?\s*endraw\s*-?%\}|\{\{-?([\s\S]*?)-?\}\}|\{%-?([\s\S]*?)-?%\}/g;

function tokensOf(text: string, firstLine: number): readonly Token[] {
  const tokens: Token[] = [];
  let from = 0;
  let line = firstLine;
  let trims = false;
  const plain = (to: number, trimsEnd: boolean) => {
    const raw = text.slice(from, to);
    const broken = /\{\{|\{%/.exec(raw);
    if (broken) throw new FileProblem(line + linesIn(raw.slice(0, broken.index)), 'a placeholder has no end');
    const start = trims ? raw.trimStart() : raw;
    if (raw !== '') tokens.push({ kind: 'text', text: trimsEnd ? start.trimEnd() : start, line });
    line += linesIn(raw);
  };
  for (const found of text.matchAll(MARKED)) {
    const [all, raw, output, tag] = found;
    plain(found.index, all.charAt(2) === '-');
    if (raw !== undefined) tokens.push({ kind: 'text', text: raw, line });
    else if (output !== undefined) tokens.push({ kind: 'output', text: output.trim(), line });
    else tokens.push({ kind: 'tag', text: (tag ?? '').trim(), line });
    line += linesIn(all);
    from = found.index + all.length;
    trims = all.at(-3) === '-';
  }
  plain(text.length, false);
  return tokens;
}

const linesIn = (text: string) => text.split('\n').length - 1;

/** A tag that ends what it stands in, or goes on with its next branch. */
interface End {
  readonly word: string;
  readonly rest: string;
  readonly line: number;
}

function readPieces(cursor: Cursor, scope: Scope): { readonly pieces: Piece[]; readonly end: End | null } {
  const pieces: Piece[] = [];
  for (let token = cursor.tokens[cursor.at]; token; token = cursor.tokens[cursor.at]) {
    cursor.at += 1;
    const { kind, text, line } = token;
    if (kind === 'text') pieces.push({ kind, text });
    else if (kind === 'output')
      pieces.push({ kind, expression: readExpression(text, { line, scope, filters: true }) });
    else {
      const [, word = '', rest = ''] = /^(\w*)\s*([\s\S]*)$/.exec(text) ?? [];
      if (ENDS.has(word)) return { pieces, end: { word, rest, line } };
      pieces.push(...readBlock(cursor, scope, { word, rest, line }));
    }
  }
  return { pieces, end: null };
}

const ENDS: ReadonlySet<string> = new Set(['elsif', 'else', 'endif', 'endunless', 'endfor', 'endcomment']);

function readBlock(cursor: Cursor, scope: Scope, tag: End): readonly Piece[] {
  const { word, rest, line } = tag;
  switch (word) {
    case 'if':
    case 'unless':
      return [readChoice(cursor, scope, tag)];
    case 'for':
      return [readLoop(cursor, scope, tag)];
    case 'comment': {
      const end = cursor.tokens.findIndex(
        ({ kind, text }, at) => at >= cursor.at && kind === 'tag' && text === 'endcomment',
      );
      if (end === -1) throw new FileProblem(line, '{% comment %} has no end');
      cursor.at = end + 1;
      return [];
    }
    default:
      throw new FileProblem(
        line,
        `there is no {% ${`${word} ${rest}`.trim().slice(0, 40)} %}; known are if, unless, for, comment and raw`,
      );
  }
}

function readChoice(cursor: Cursor, scope: Scope, { word, rest, line }: End): Piece {
  const first = readCondition(rest, { line, scope });
  const branches: Branch[] = [];
  let condition: Condition | null = word === 'unless' ? { kind: 'not', of: first } : first;
  for (;;) {
    const { pieces, end } = readPieces(cursor, scope);
    branches.push({ condition, body: pieces });
    if (end?.word === `end${word}`) return { kind: 'choice', branches };
    if (end === null || condition === null || (end.word !== 'else' && end.word !== 'elsif'))
      throw new FileProblem(line, `{% ${word} %} has no end`);
    condition = end.word === 'else' ? null : readCondition(end.rest, { line: end.line, scope });
  }
}

function readLoop(cursor: Cursor, scope: Scope, { rest, line }: End): Piece {
  const [, name, list] = /^([a-z_]\w*) in (\S+)$/.exec(rest.trim()) ?? [];
  const items = list === undefined ? undefined : scope[`${list}[]`];
  if (name === undefined || list === undefined || items === undefined) {
    const lists = Object.keys(scope).flatMap(one => (one.endsWith('[]') ? [one.slice(0, -2)] : []));
    throw new FileProblem(line, `{% for %} is read as \`for name in list\`; lists are ${lists.join(', ')}`);
  }
  const over = readExpression(list, { line, scope, filters: false });
  const { pieces, end } = readPieces(cursor, { ...scope, [name]: items });
  if (end?.word !== 'endfor') throw new FileProblem(line, '{% for %} has no end');
  return { kind: 'loop', name, over, body: pieces };
}
