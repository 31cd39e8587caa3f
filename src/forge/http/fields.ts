import { ApiFailure, invalid, invalidBecause } from './failures.ts';

/** The fields of a request body. Each reader answers undefined when the field was not sent. */
export interface Fields {
  readonly resource: string;
  readonly has: (name: string) => boolean;
  readonly text: (name: string) => string | undefined;
  /** Text that may be sent as null. */
  readonly nullable: (name: string) => string | null | undefined;
  readonly requiredText: (name: string) => string;
  readonly number: (name: string) => number | undefined;
  readonly flag: (name: string) => boolean | undefined;
  readonly choice: <T extends string>(name: string, choices: readonly T[]) => T | undefined;
  readonly texts: (name: string) => readonly string[] | undefined;
  readonly object: (name: string) => Fields | null | undefined;
  readonly raw: unknown;
}

/** GitHub's limits, in code points. */
export const MAXIMUM = { title: 256, body: 65_536, label: 50, labelDescription: 100 } as const;

/** Parses a JSON body; 400 when it is no JSON. An empty one has no fields. */
export function parseFields(text: string, resource: string): Fields {
  if (text.trim() === '') return fieldsOf({}, resource);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ApiFailure(400, 'Problems parsing JSON');
  }
  if (Array.isArray(value)) return { ...fieldsOf({}, resource), raw: value };
  if (typeof value !== 'object' || value === null) {
    throw new ApiFailure(400, 'Body should be a JSON object');
  }
  return fieldsOf(value as Record<string, unknown>, resource);
}

/** 422 when a text is longer than GitHub takes. */
export function checkLength(
  resource: string,
  field: string,
  text: string | null | undefined,
  maximum: number,
): void {
  if (text === null || text === undefined || text.length <= maximum) return;
  if ([...text].length <= maximum) return;
  throw invalidBecause(resource, `${field} is too long (maximum is ${maximum} characters)`, field);
}

/** The fields of a value; `resource` names it in failures. */
export function fieldsOf(body: Readonly<Record<string, unknown>>, resource: string): Fields {
  const wrong = (field: string) => invalid({ resource, field, code: 'invalid' });
  const pick = <T>(name: string, fits: (value: unknown) => value is T): T | undefined => {
    const value = body[name];
    if (value === undefined || value === null) return undefined;
    if (!fits(value)) throw wrong(name);
    return value;
  };
  const text = (name: string) => pick(name, isText);
  return {
    resource,
    raw: body,
    has: name => body[name] !== undefined,
    text,
    nullable: name => (body[name] === null ? null : text(name)),
    requiredText(name) {
      const value = text(name);
      if (value === undefined || value.trim() === '') {
        throw invalid({ resource, field: name, code: 'missing_field' });
      }
      return value;
    },
    number: name => pick(name, isNumber),
    flag: name => pick(name, isFlag),
    choice: (name, choices) =>
      pick(name, (value): value is (typeof choices)[number] => choices.includes(value as never)),
    texts(name) {
      const list = pick(name, Array.isArray);
      return list?.map(entry => {
        const value: unknown = typeof entry === 'object' && entry !== null ? entry.name : entry;
        if (typeof value !== 'string') throw wrong(name);
        return value;
      });
    },
    object(name) {
      if (body[name] === null) return null;
      const value = pick(name, isObject);
      return value === undefined ? undefined : fieldsOf(value, resource);
    },
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
