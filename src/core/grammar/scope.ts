import { saysNothing } from './none-word.ts';
import { type Heading, sectionsOf, type Title, titled } from './sections.ts';

/**
 * The paths that the `Scope` sections of a body declare, each as its segments; a pattern ends before its
 * first wildcard, so `src/**` is `['src']` and `**` is the whole repository, `[]`.
 */
export function scopeOf(body: string, headings: readonly Heading[]): readonly (readonly string[])[] {
  return sectionsOf(body, headings, TITLE)
    .filter(({ text }) => !saysNothing(text))
    .flatMap(({ text }) => text.split('\n').flatMap(pathsIn))
    .map(segmentsOf);
}

// `Scope` alone, or with paths on its own line: `Scope of work` introduces prose.
const TITLE: Title = heading => {
  const rest = SCOPE(heading);
  return rest === '' || (rest !== null && /[/`]/.test(rest)) ? rest : null;
};

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

function segmentsOf(path: string): readonly string[] {
  const segments = path.split('/').filter(segment => segment !== '' && segment !== '.');
  const wild = segments.findIndex(segment => /[*?[{]/.test(segment));
  return wild === -1 ? segments : segments.slice(0, wild);
}
