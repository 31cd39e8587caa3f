import type { KnownSecrets } from './known-values.ts';
import { type Shape, shapesIn } from './shapes.ts';

/** A secret in a text: which rule found it, and where. */
export interface FoundSecret {
  readonly rule: string;
  /** Where it starts and ends in the text. */
  readonly start: number;
  readonly end: number;
}

/** The rule's name of a value that was given, not recognised. */
export const KNOWN_SECRET = 'known-secret';

/**
 * Finds the secrets in a text, in order and without overlaps: what is `known`, however it is encoded, and what
 * the rules recognise, but for evident placeholders.
 */
export function findSecrets(text: string, known: KnownSecrets): readonly FoundSecret[] {
  const shapes = shapesIn(text, 'all').filter(({ rule, start, end }) => rule.isReal(text.slice(start, end)));
  return withoutOverlaps([...findKnown(text, known), ...shapes.map(foundAs)]);
}

/** Finds what could be a secret, placeholders too: for text that may hold none whatever it costs. */
export const findPossibleSecrets = (text: string, known: KnownSecrets): readonly FoundSecret[] =>
  withoutOverlaps([...findKnown(text, known), ...shapesIn(text, 'certain').map(foundAs)]);

function findKnown(text: string, { pattern }: KnownSecrets): readonly FoundSecret[] {
  if (!pattern) return [];
  return [...text.matchAll(pattern)].map(({ 0: { length }, index }) => ({
    rule: KNOWN_SECRET,
    start: index,
    end: index + length,
  }));
}

const foundAs = ({ rule, start, end }: Shape): FoundSecret => ({ rule: rule.id, start, end });

/** In the order of the text; of two that overlap one that spans both, under the name of what was known. */
function withoutOverlaps(found: readonly FoundSecret[]): readonly FoundSecret[] {
  const merged: FoundSecret[] = [];
  for (const next of [...found].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1);
    if (!last || next.start >= last.end) {
      merged.push(next);
      continue;
    }
    const rule = next.rule === KNOWN_SECRET ? next.rule : last.rule;
    merged[merged.length - 1] = { rule, start: last.start, end: Math.max(last.end, next.end) };
  }
  return merged;
}
