import { saysNothing } from './none-word.ts';
import type { Home } from './references.ts';
import { type Outline, sectionsOf, titled } from './sections.ts';

/**
 * The paths that the `Scope` sections of a body declare, each as its segments; a pattern ends before its
 * first wildcard, so `src/**` is `['src']` and `**` is the whole repository, `[]`.
 */
export function scopeOf(outline: Outline): Scope {
  const sections = sectionsOf(outline, scopeTitle);
  if (sections.length === 0) return NO_SCOPE;
  return sections
    .filter(({ text }) => !saysNothing(text))
    .flatMap(({ text }) => text.split('\n'))
    .filter(line => line.trim() !== '')
    .flatMap(pathsIn)
    .map(segmentsOf);
}

/** Paths as their segments. */
export type Scope = readonly (readonly string[])[];

export const NO_SCOPE: Scope = [];

/** `Scope` alone, or with paths on its own line: `Scope of work` introduces prose. */
function scopeTitle(heading: string, home: Home): string | null {
  const rest = SCOPE(heading, home);
  return rest === '' || (rest !== null && /[/`]/.test(rest)) ? rest : null;
}

const SCOPE = titled('scope');

/** Code spans; else the words that look like paths; else the one word of a line that has no other. */
function pathsIn(line: string): readonly string[] {
  if (/\bread-only\b/i.test(line)) return [];
  const spans = [...line.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span.trim());
  if (spans.length > 0) return spans;
  const words = line
    .replace(/^\s*(?:[-*+]|\d{1,9}[.)])\s+/, '')
    .split(/[\s,;]+/)
    .map(word => word.replace(/^[("'[`]+/, ''))
    .map(trimPunctuation)
    .filter(word => word !== '');
  const [only] = words;
  return words.length === 1 && only !== undefined ? [only] : words.filter(word => word.includes('/'));
}

function trimPunctuation(word: string): string {
  let end = word.length;
  while (end > 1 && '.,:;!?)"\'`'.includes(word[end - 1] as string)) end -= 1;
  return word.slice(0, end);
}

/** A declared path up to its first wildcard, as its segments; none: all of the repository. */
export function segmentsOf(path: string): readonly string[] {
  const segments = path.split('/').filter(segment => segment !== '' && segment !== '.');
  const wild = segments.findIndex(segment => /[*?[{]/.test(segment));
  return wild === -1 ? segments : segments.slice(0, wild);
}
