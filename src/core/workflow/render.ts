import type { Condition, Expression, Filter, Operand } from './expressions.ts';
import type { Piece } from './template.ts';

/** What a name of a body can stand for. */
export type Value = null | boolean | number | string | Foreign | readonly Value[] | ValueMap;

/** A text of others: it is shown between fences alone. */
export interface Foreign {
  readonly foreign: string;
}

export interface ValueMap {
  readonly [name: string]: Value;
}

/** The body with its values, which are never looked at again; `fenced` puts a text of others between two lines. */
export function renderTemplate(
  pieces: readonly Piece[],
  values: ValueMap,
  fenced: (text: string) => string,
): string {
  return pieces.map(piece => renderPiece(piece, values, fenced)).join('');
}

function renderPiece(piece: Piece, values: ValueMap, fenced: (text: string) => string): string {
  switch (piece.kind) {
    case 'text':
      return piece.text;
    case 'output':
      return shown(evaluated(piece.expression, values), fenced);
    case 'choice': {
      const taken = piece.branches.find(({ condition }) => condition === null || holds(condition, values));
      return taken ? renderTemplate(taken.body, values, fenced) : '';
    }
    case 'loop': {
      const list = evaluated(piece.over, values);
      const items: readonly Value[] = Array.isArray(list) ? list : [];
      return items
        .map(item => renderTemplate(piece.body, { ...values, [piece.name]: item }, fenced))
        .join('');
    }
    default:
      return piece satisfies never;
  }
}

/** A fence takes lines of its own, wherever the name stands. */
function shown(value: Value, fenced: (text: string) => string): string {
  const text = textOf(value);
  return isForeign(value) || holdsForeign(value) ? `\n${fenced(text)}\n` : text;
}

const isForeign = (value: Value): value is Foreign =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  typeof (value as ValueMap).foreign === 'string';

const holdsForeign = (value: Value): boolean =>
  Array.isArray(value) && value.some(item => isForeign(item) || holdsForeign(item));

function textOf(value: Value): string {
  if (value === null) return '';
  if (isForeign(value)) return value.foreign;
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  if (typeof value === 'object') return textOf((value as ValueMap).identifier ?? null);
  return String(value);
}

const evaluated = ({ operand, filters }: Expression, values: ValueMap): Value =>
  filters.reduce<Value>(filtered, operandOf(operand, values));

function operandOf(operand: Operand, values: ValueMap): Value {
  if (operand.kind === 'literal') return operand.value;
  return operand.path.reduce<Value>(
    (value, name) =>
      typeof value === 'object' && value !== null ? ((value as ValueMap)[name] ?? null) : null,
    values,
  );
}

function filtered(value: Value, { name, argument }: Filter): Value {
  const same = (text: string): Value => (isForeign(value) || holdsForeign(value) ? { foreign: text } : text);
  switch (name) {
    case 'default':
      return value === null || value === false || textOf(value) === '' ? argument : value;
    case 'downcase':
      return same(textOf(value).toLowerCase());
    case 'upcase':
      return same(textOf(value).toUpperCase());
    case 'size':
      return Array.isArray(value) ? value.length : textOf(value).length;
    case 'join':
      return same(
        Array.isArray(value) ? value.map(textOf).join(argument === '' ? ' ' : argument) : textOf(value),
      );
    default:
      return name satisfies never;
  }
}

function holds(condition: Condition, values: ValueMap): boolean {
  switch (condition.kind) {
    case 'holds': {
      const value = operandOf(condition.of, values);
      return value !== null && value !== false;
    }
    case 'not':
      return !holds(condition.of, values);
    case 'both':
      return holds(condition.left, values) && holds(condition.right, values);
    case 'either':
      return holds(condition.left, values) || holds(condition.right, values);
    case 'compares':
      return compares(condition, values);
    default:
      return condition satisfies never;
  }
}

function compares({ by, left, right }: Extract<Condition, { kind: 'compares' }>, values: ValueMap): boolean {
  const [a, b] = [operandOf(left, values), operandOf(right, values)];
  switch (by) {
    case '==':
      return plain(a) === plain(b);
    case '!=':
      return plain(a) !== plain(b);
    case 'contains':
      return Array.isArray(a) ? a.some(item => textOf(item) === textOf(b)) : textOf(a).includes(textOf(b));
    default:
      return typeof a === 'number' && typeof b === 'number' && isOrdered(a, by, b);
  }
}

const plain = (value: Value) => (typeof value === 'object' && value !== null ? textOf(value) : value);

function isOrdered(a: number, by: '<' | '>' | '<=' | '>=', b: number): boolean {
  if (by === '<') return a < b;
  if (by === '>') return a > b;
  return by === '<=' ? a <= b : a >= b;
}
