/**
 * Small readers for JSON from outside: each takes a value and returns it typed, or throws a `Misfit`. They
 * exist beside zod because a world of 100,000 issues is read at every start, and these take a tenth of the time.
 */
export type Reader<T> = (value: unknown) => T;

/** A value that does not fit, with the path to it. Caught where the file's name is known. */
export class Misfit extends Error {
  /** Keys and indices from the innermost outwards. */
  readonly path: (string | number)[] = [];
}

/** `expected "open" or "closed"` at the value itself. */
export function misfit(message: string): Misfit {
  return new Misfit(message);
}

export const text: Reader<string> = value => {
  if (typeof value === 'string') return value;
  throw misfit('expected a string');
};

export const flag: Reader<boolean> = value => {
  if (typeof value === 'boolean') return value;
  throw misfit('expected true or false');
};

/** An issue's or pull request's number. */
export const number: Reader<number> = value => {
  if (Number.isSafeInteger(value) && (value as number) >= 1) return value as number;
  throw misfit('expected a whole number from 1');
};

export const count: Reader<number> = value => {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw misfit('expected a whole number from 0');
};

export const amount: Reader<number> = value => {
  if (Number.isFinite(value) && (value as number) >= 0) return value as number;
  throw misfit('expected a number from 0');
};

/** ISO 8601 with a date and a time. */
export const time: Reader<string> = value => {
  if (typeof value === 'string' && TIME.test(value) && !Number.isNaN(Date.parse(value))) return value;
  throw misfit('expected a time such as "2026-01-01T00:00:00Z"');
};

const TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;

/** One of a closed set of words. */
export function oneOf<const T extends string>(...words: readonly T[]): Reader<T> {
  const known = new Map<unknown, T>(words.map(word => [word, word]));
  const quoted = words.map(word => JSON.stringify(word));
  const last = quoted.pop();
  const expected = `expected ${quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`}`;
  return value => {
    const word = known.get(value);
    if (word !== undefined) return word;
    throw misfit(expected);
  };
}

export function orNull<T>(read: Reader<T>): Reader<T | null> {
  return value => (value === null ? null : read(value));
}

export function listOf<T>(read: Reader<T>): Reader<readonly T[]> {
  return value => {
    if (!Array.isArray(value)) throw misfit('expected a list');
    const items = [...value];
    let index = 0;
    try {
      for (; index < items.length; index += 1) items[index] = read(items[index]);
    } catch (error) {
      throw at(index, error);
    }
    return items;
  };
}

/** An object with arbitrary keys; `readKey` returns what is wrong with one, or null. */
export function mapOf<T>(
  read: Reader<T>,
  faultOfKey: (key: string) => string | null,
): Reader<Readonly<Record<string, T>>> {
  return value => {
    const entries = Object.entries(objectOf(value)).map(([key, item]): [string, T] => {
      const fault = faultOfKey(key);
      if (fault !== null) throw at(key, misfit(fault));
      try {
        return [key, read(item)];
      } catch (error) {
        throw at(key, error);
      }
    });
    return Object.fromEntries(entries);
  };
}

/** How one key of a record is read, and what stands for it when it is left out. */
export interface Field<T> {
  readonly read: Reader<T>;
  readonly isNeeded: boolean;
  readonly fallback: T | undefined;
}

export type Fields<T> = { readonly [K in keyof T]-?: Field<T[K]> };

export function needed<T>(read: Reader<T>): Field<T> {
  return { read, isNeeded: true, fallback: undefined };
}

export function optional<T>(read: Reader<T>, fallback: NoInfer<T>): Field<T> {
  return { read, isNeeded: false, fallback };
}

/** An object with exactly these keys. Any other is refused, `__proto__` and `constructor` among them. */
export function recordOf<T extends object>(fields: Fields<T>): Reader<T> {
  const names = Object.keys(fields) as (keyof T & string)[];
  const known = new Set<string>(names);
  const all = names.map(name => ({ name, ...(fields[name] as Field<T[keyof T & string]>) }));
  const blank = Object.fromEntries(names.map(name => [name, fields[name].fallback])) as Partial<T>;
  return value => {
    const given = objectOf(value);
    for (const key in given) {
      if (!known.has(key)) throw at(key, misfit(`unknown key${nearest(key, names)}`));
    }
    const record: Partial<T> = { ...blank };
    // Counted: an iterator for each of 100,000 issues is much to throw away.
    for (let index = 0; index < all.length; index += 1) {
      const { name, read, isNeeded } = all[index] as (typeof all)[number];
      const item = given[name];
      if (item === undefined) {
        if (isNeeded) throw at(name, misfit('is required'));
        continue;
      }
      try {
        record[name] = read(item);
      } catch (error) {
        throw at(name, error);
      }
    }
    return record as T;
  };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw misfit('expected an object');
}

/** Puts a key or index in front of the path to a misfit; any other error is thrown as it is. */
export function at(key: string | number, error: unknown): Misfit {
  if (!(error instanceof Misfit)) throw error;
  error.path.push(key);
  return error;
}

/** ` (did you mean "labels"?)` for a key that differs from a known one by its first and last letters at most. */
function nearest(key: string, names: readonly string[]): string {
  const lower = key.toLowerCase();
  const name = names.find(
    known => known.toLowerCase() === lower || known.toLowerCase().startsWith(lower.slice(0, 4)),
  );
  return name === undefined || key.length < 3 ? '' : ` (did you mean ${JSON.stringify(name)}?)`;
}

/** `repos["acme/widget"].issues[3].state` */
export function pathOf(error: Misfit): string {
  return error.path.reduceRight<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${path}[${JSON.stringify(key.slice(0, 80))}]`;
    return path === '' ? key : `${path}.${key}`;
  }, '');
}
