import { FileProblem } from './yaml.ts';

/** Names that stand for something, with the fields of each; `issue.labels[]` stands for the items of a list. */
export type Scope = Readonly<Record<string, readonly string[]>>;

/** A value in a body, and what is done to it before it is shown. */
export interface Expression {
  readonly operand: Operand;
  readonly filters: readonly Filter[];
}

/** `issue.title`, or a value that stands there itself. */
export type Operand =
  | { readonly kind: 'path'; readonly path: readonly string[] }
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null };

export interface Filter {
  readonly name: FilterName;
  readonly argument: string;
}

export type FilterName = (typeof FILTERS)[number];

const FILTERS = ['default', 'downcase', 'join', 'size', 'upcase'] as const;

/** `and` and `or` are read from the right, as in Liquid. */
export type Condition =
  | { readonly kind: 'holds'; readonly of: Operand }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'both' | 'either'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'compares'; readonly by: Comparison; readonly left: Operand; readonly right: Operand };

export type Comparison = (typeof COMPARISONS)[number];

const COMPARISONS = ['==', '!=', '<=', '>=', '<', '>', 'contains'] as const;

interface Place {
  readonly line: number;
  readonly scope: Scope;
}

/** Reads `issue.title | default: "none"`. Throws `FileProblem` for a name or a filter that there is not. */
export function readExpression(text: string, place: Place & { readonly filters: boolean }): Expression {
  const [first = '', ...rest] = partsOf(text, /\|/);
  return {
    operand: readOperand(first.trim(), place),
    filters: rest.map(one => readFilter(one.trim(), place)),
  };
}

function readFilter(text: string, { line }: Place): Filter {
  const [, word = '', argument] = /^(\w+)\s*(?::\s*(.+))?$/s.exec(text) ?? [];
  const name = FILTERS.find(one => one === word);
  const value = argument === undefined ? '' : literalIn(argument.trim());
  if (name === undefined || value === undefined) {
    throw new FileProblem(
      line,
      `there is no filter ${JSON.stringify(text.slice(0, 40))}; known are ${FILTERS.join(', ')}`,
    );
  }
  return { name, argument: String(value ?? '') };
}

/** Reads `attempt and issue.state == "open"`. Throws `FileProblem`. */
export function readCondition(text: string, place: Place): Condition {
  const found = /^((?:"[^"]*"|'[^']*'|(?!\s(?:and|or)\s)[^"'])*?)\s(and|or)\s([\s\S]+)$/.exec(text.trim());
  if (!found) return readComparison(text.trim(), place);
  const [, left = '', word, right = ''] = found;
  const kind = word === 'and' ? 'both' : 'either';
  return { kind, left: readComparison(left.trim(), place), right: readCondition(right, place) };
}

function readComparison(text: string, place: Place): Condition {
  const [, left, by, right] = COMPARED.exec(text) ?? [];
  const comparison = COMPARISONS.find(one => one === by);
  if (left === undefined || right === undefined || comparison === undefined)
    return { kind: 'holds', of: readOperand(text, place) };
  return {
    kind: 'compares',
    by: comparison,
    left: readOperand(left, place),
    right: readOperand(right, place),
  };
}

const COMPARED = /^("[^"]*"|'[^']*'|[\w.-]+)\s*(==|!=|<=|>=|<|>|contains)\s*("[^"]*"|'[^']*'|[\w.-]+)$/;

function readOperand(text: string, { line, scope }: Place): Operand {
  const value = literalIn(text);
  if (value !== undefined) return { kind: 'literal', value };
  const path = text.split('.');
  const [name = '', field] = path;
  const fields = Object.hasOwn(scope, name) ? scope[name] : undefined;
  const isKnown =
    fields?.length === 0 ? path.length === 1 : path.length === 2 && fields?.includes(field ?? '');
  if (isKnown) return { kind: 'path', path };
  throw new FileProblem(
    line,
    `there is no ${text.slice(0, 60) || 'empty name'}; known are ${namesIn(scope).join(', ')}`,
  );
}

const namesIn = (scope: Scope) =>
  Object.entries(scope).flatMap(([name, fields]) => {
    if (name.endsWith('[]')) return [];
    return fields.length === 0 ? [name] : fields.map(field => `${name}.${field}`);
  });

/** undefined: it is no literal. */
function literalIn(text: string): string | number | boolean | null | undefined {
  const quoted = /^"([^"]*)"$|^'([^']*)'$/.exec(text);
  if (quoted) return quoted[1] ?? quoted[2] ?? '';
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  return Object.hasOwn(WORDS, text) ? WORDS[text] : undefined;
}

const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, nil: null, null: null };

/** The parts between separators that stand outside of quotes. */
function partsOf(text: string, separator: RegExp): readonly string[] {
  const parts = text.match(/(?:"[^"]*"|'[^']*'|[^"'|])+|\|/g) ?? [];
  return parts.filter(part => !separator.test(part) || /["']/.test(part));
}
