import { escapePattern } from '../text.ts';

/** Shorter values are words such as `true`; finding them everywhere would hide nothing. */
const SHORTEST = 8;

/** Shorter lines of a longer value, and shorter encodings, occur by chance. */
const SHORTEST_PART = 12;

/** Secrets that are known, ready to be looked for in many texts. */
export interface KnownSecrets {
  /** null: there are none. */
  readonly pattern: RegExp | null;
}

/**
 * Prepares secrets to be found as they are and in the encodings that a tool or an agent would use: Base64 at any
 * offset, hexadecimal, as part of a URL, of JSON, and each line of a longer one.
 */
export function knownSecrets(values: readonly string[]): KnownSecrets {
  const long = values.filter(({ length }) => length >= SHORTEST);
  const forms = new Set(long.flatMap(value => [value, ...encodingsOf(value)]));
  if (forms.size === 0) return { pattern: null };
  // The longest first, so that nothing of it is left.
  const alternatives = [...forms].sort((a, b) => b.length - a.length).map(escapePattern);
  return { pattern: new RegExp(alternatives.join('|'), 'g') };
}

function encodingsOf(value: string): readonly string[] {
  const bytes = binary(value);
  const hex = [...bytes].map(byte => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');
  const base64 = [0, 1, 2].map(offset => base64At(bytes, offset));
  return [
    ...value.split(/\r?\n/),
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(wellFormed(value)),
    hex,
    hex.toUpperCase(),
    ...base64,
    ...base64.map(text => text.replaceAll('+', '-').replaceAll('/', '_')),
  ].filter(form => form !== value && form.length >= SHORTEST_PART);
}

/** What all Base64 texts have in common in which the value stands behind `offset` other bytes, modulo 3. */
function base64At(bytes: string, offset: number): string {
  const text = btoa(' '.repeat(offset) + bytes);
  const end = Math.floor(((offset + bytes.length) * 8) / 6);
  return text.slice(Math.ceil((offset * 8) / 6), end);
}

/** UTF-8, one character per byte. */
const binary = (text: string): string =>
  encodeURIComponent(wellFormed(text)).replaceAll(/%([0-9A-F]{2})/g, (_all, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );

// A lone surrogate has no UTF-8.
const wellFormed = (text: string): string => text.replaceAll(/\p{Surrogate}/gu, '\ufffd');
