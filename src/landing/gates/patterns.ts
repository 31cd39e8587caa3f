import picomatch from 'picomatch';

/** Says which of a list of patterns a path falls under; null when none does. */
export type Matcher = (path: string) => string | null;

/**
 * Compiles path patterns: `*` within a name, `**` over folders, `?` and `[…]`. As in a `.gitignore`, a pattern with
 * a slash in it counts from the top of the repository and one without matches at any depth; each covers what is
 * below it, too. Names compare as the least particular file system compares them: see `foldPath`.
 */
export function matcherOf(patterns: readonly string[]): Matcher {
  const compiled = patterns.map(pattern => ({ pattern, matches: compile(foldPath(pattern)) }));
  return path => {
    const folded = foldPath(path);
    return compiled.find(({ matches }) => matches(folded))?.pattern ?? null;
  };
}

/** The patterns of a setting: separated by commas. */
export const parsePatterns = (text: string): readonly string[] =>
  text
    .split(',')
    .map(pattern => pattern.trim())
    .filter(pattern => pattern !== '');

function compile(pattern: string): (path: string) => boolean {
  const name = pattern.replace(/^\/|\/$/g, '');
  const glob = name === pattern.replace(/\/$/, '') && !name.includes('/') ? `**/${name}` : name;
  return picomatch([glob, `${glob}/**`], { dot: true, nonegate: true, noextglob: true, nobrace: true });
}

/**
 * A path as macOS and Windows compare them, so that `.GitHub/Workflows` and `CLAUDE.md.` are what they would be
 * there: without case, compatible letters made equal, without characters that HFS+ ignores, without the dots and
 * blanks at the end of a name and the stream names that NTFS drops.
 */
export function foldPath(path: string): string {
  return path
    .normalize('NFKC')
    .replaceAll('\\', '/')
    .toUpperCase()
    .toLowerCase()
    .replaceAll(IGNORED, '')
    .replaceAll(BREAKS, '\ufffd')
    .split('/')
    .map(name => name.replace(/(?<=.):.*$/, '').replace(/(?<=[^. ])[. ]+$/, ''))
    .join('/');
}

// As git itself does for `.git`: https://github.com/git/git/blob/v2.39.0/utf8.c, next_hfs_char
const IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

// A glob's `*` stops at the end of a line, a file's name does not.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
const BREAKS = /[\u0000-\u001f\u2028\u2029]/g;
