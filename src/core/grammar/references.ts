/** An issue or pull request that a text names. */
export interface Reference {
  /** `owner/name` as written, or the text's own repository. */
  readonly repo: string;
  /** Decimal digits without leading zeros; may be longer than any number that exists. */
  readonly number: string;
  /** Only a repository's name was written (`lib#4`); the owner is a guess. */
  readonly isShort: boolean;
  /** It follows the words `Part of`: it names the parent. */
  readonly isPartOf: boolean;
}

/** Whose text it is: short references belong to this repository and its owner. */
export interface Home {
  /** `owner/name` */
  readonly repo: string;
  /** Hosts whose issue URLs count, in lower case. */
  readonly hosts: ReadonlySet<string>;
}

/**
 * The references of one line, in order: `#5`, `owner/repo#5`, `repo#5`, `GH-5`, `PR#5` and URLs of issues
 * and pull requests. A closing keyword glued to a number (`fixes#88`) is prose. Linear in the line's length:
 * each anchor is looked at once, and never further back than the end of the one before.
 */
export function referencesIn(line: string, home: Home): readonly Reference[] {
  if (!MAY_REFER.test(line)) return [];
  const found: Reference[] = [];
  let from = 0;
  ANCHOR.lastIndex = 0;
  for (let anchor = ANCHOR.exec(line); anchor !== null; anchor = ANCHOR.exec(line)) {
    const token = tokenAt(line, { anchor, from, home });
    if (token === null) continue;
    if (token.names !== null) {
      const isPartOf = followsPartOf(line, { from, start: token.start });
      found.push({ ...token.names, isPartOf });
    }
    from = token.end;
    ANCHOR.lastIndex = Math.max(token.end, ANCHOR.lastIndex);
  }
  return found;
}

/** A reference in the form in which it is printed and compared by people. */
export function textOf({ repo, number }: Pick<Reference, 'repo' | 'number'>): string {
  return `${repo}#${number}`;
}

const MAY_REFER = /#\d|gh-\d|\/\d/i;
const ANCHOR = /https?:\/\/|(?<![\w.-])(?:www\.)?github\.com\/|\bgh-(?=\d)|#(?=\d)/gi;

interface Token {
  readonly start: number;
  readonly end: number;
  /** null for text that names no issue and must not be read again. */
  readonly names: Omit<Reference, 'isPartOf'> | null;
}

interface Spot {
  readonly anchor: RegExpExecArray;
  /** Where the token before ended. */
  readonly from: number;
  readonly home: Home;
}

function tokenAt(line: string, spot: Spot): Token | null {
  const [text] = spot.anchor;
  if (text === '#') return numberToken(line, spot);
  return text.endsWith('-') ? ghToken(line, spot) : urlToken(line, spot);
}

/** `GH-5` */
function ghToken(line: string, { anchor, home }: Spot): Token | null {
  const digits = digitsAt(line, anchor.index + anchor[0].length);
  if (digits === null) return null;
  return {
    start: anchor.index,
    end: digits.end,
    names: { repo: home.repo, number: digits.number, isShort: false },
  };
}

/** `#5`, with what is glued before it. */
function numberToken(line: string, { anchor, from, home }: Spot): Token | null {
  const hash = anchor.index;
  const digits = digitsAt(line, hash + 1);
  if (digits === null) return null;
  const { end, number } = digits;
  // `&#39;` is a character, not issue 39.
  if (line[hash - 1] === '&' && line[end] === ';') return { start: hash, end, names: null };

  const nameStart = wordStart(line, { from, end: hash });
  const word = line.slice(nameStart, hash);
  const isEmphasised = line[end] === '_';
  const ownerStart = line[nameStart - 1] === '/' ? wordStart(line, { from, end: nameStart - 1 }) : nameStart;
  const owner = bareName(line.slice(ownerStart, Math.max(ownerStart, nameStart - 1)), isEmphasised);
  if (owner !== '' && bareName(word, false) !== '') {
    return { start: ownerStart, end, names: { repo: `${owner}/${word}`, number, isShort: false } };
  }
  const name = bareName(word, isEmphasised);
  if (name === '' || MEANS_OWN.test(name)) {
    return { start: nameStart, end, names: { repo: home.repo, number, isShort: false } };
  }
  if (CLOSING_KEYWORD.test(name)) return { start: nameStart, end, names: null };
  const [ownOwner] = home.repo.split('/');
  return { start: nameStart, end, names: { repo: `${ownOwner}/${name}`, number, isShort: true } };
}

const MEANS_OWN = /^(?:pr|issue|pull)$/i;

// The keywords of GitHub's documentation, and their -ing forms.
const CLOSING_KEYWORD = /^(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing))$/i;

function wordStart(line: string, { from, end }: { readonly from: number; readonly end: number }): number {
  let start = end;
  while (start > from && /[\w.-]/.test(line[start - 1] as string)) start -= 1;
  return start;
}

/** A word without a bullet or emphasis that is glued to its front; empty for mere punctuation. */
function bareName(word: string, isEmphasised: boolean): string {
  if (!/[A-Za-z0-9]/.test(word)) return '';
  return word.replace(isEmphasised ? /^[-_]+/ : /^-+/, '');
}

/** `https://github.com/acme/lib/pull/5/files#diff`; any other address is passed over as a whole. */
function urlToken(line: string, { anchor, home }: Spot): Token {
  const start = anchor.index;
  ISSUE_URL.lastIndex = start;
  const [url = '', host = '', repo = '', digits = ''] = ISSUE_URL.exec(line) ?? [];
  if (url !== '' && home.hosts.has(host.toLowerCase())) {
    return { start, end: start + url.length, names: { repo, number: plainNumber(digits), isShort: false } };
  }
  ANY_URL.lastIndex = start;
  return { start, end: start + (ANY_URL.exec(line)?.[0].length ?? 0), names: null };
}

const ISSUE_URL =
  /(?:https?:\/\/)?([\w.-]+(?::\d+)?)\/([\w.-]+\/[\w.-]+)\/(?:issues|pulls?)\/(\d+)(?![A-Za-z0-9])[\w/?=&%#.~+-]*/iy;
const ANY_URL = /[^\s<>()[\]"'`|]*/y;

function digitsAt(line: string, start: number): { readonly number: string; readonly end: number } | null {
  let end = start;
  while (isDigit(line.charCodeAt(end))) end += 1;
  if (end === start || /[A-Za-z0-9]/.test(line[end] ?? '')) return null;
  return { number: plainNumber(line.slice(start, end)), end };
}

const isDigit = (code: number) => code >= 48 && code <= 57;

const plainNumber = (digits: string) => digits.replace(/^0+(?=\d)/, '');

/** Whether the words `Part of` stand right before a reference, perhaps with emphasis or a colon between. */
function followsPartOf(
  line: string,
  { from, start }: { readonly from: number; readonly start: number },
): boolean {
  const end = backOver(line, { from, end: start, letters: /[ \t:*_[(`]/ });
  if (!endsWith(line, { from, end, word: 'of' })) return false;
  const gap = backOver(line, { from, end: end - 2, letters: /[ \t]/ });
  if (gap === end - 2 || !endsWith(line, { from, end: gap, word: 'part' })) return false;
  return !/[A-Za-z0-9]/.test(line[gap - 5] ?? '');
}

function backOver(
  line: string,
  stretch: { readonly from: number; readonly end: number; readonly letters: RegExp },
): number {
  let at = stretch.end;
  while (at > stretch.from && stretch.letters.test(line[at - 1] as string)) at -= 1;
  return at;
}

function endsWith(
  line: string,
  stretch: { readonly from: number; readonly end: number; readonly word: string },
): boolean {
  const start = stretch.end - stretch.word.length;
  return start >= stretch.from && line.slice(start, stretch.end).toLowerCase() === stretch.word;
}
