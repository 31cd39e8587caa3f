import { findPossibleSecrets } from './secrets/find.ts';
import { knownSecrets } from './secrets/known-values.ts';

/**
 * Takes secrets out of text that is kept or shown: the values in `secrets` (those of at least eight
 * characters) however they are encoded, tokens of well-known shapes, and passwords in URLs and headers.
 */
export function redact(text: string, secrets: readonly string[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end } of findPossibleSecrets(text, knownSecrets(secrets))) {
    pieces.push(text.slice(at, start), REDACTED);
    at = end;
  }
  return pieces.length === 0 ? text : [...pieces, text.slice(at)].join('');
}

const REDACTED = '[redacted]';
