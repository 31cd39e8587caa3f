import type { Row } from './agent.ts';

/** One line as a JSON object; null when it is none. */
export function parseRow(line: string): Row | null {
  if (!line.startsWith('{')) return null;
  try {
    return asRow(JSON.parse(line));
  } catch {
    return null;
  }
}

/** A field that is an object; null when it is not there, or something else. */
export const rowIn = (row: Row | null, name: string): Row | null => asRow(row?.[name]);

/** The objects in a field that is a list. */
export function rowsIn(row: Row | null, name: string): readonly Row[] {
  const list = row?.[name];
  return Array.isArray(list) ? list.map(asRow).filter(item => item !== null) : [];
}

/** A field that is text, else null. */
export function textIn(row: Row | null, name: string): string | null {
  const value = row?.[name];
  return typeof value === 'string' ? value : null;
}

/** A field that is a finite number, else null. */
export function numberIn(row: Row | null, name: string): number | null {
  const value = row?.[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** A field that is a time, in milliseconds since the epoch, else null. */
export function timeIn(row: Row | null, name: string): number | null {
  const time = Date.parse(textIn(row, name) ?? '');
  return Number.isNaN(time) ? null : time;
}

function asRow(value: unknown): Row | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : null;
}
