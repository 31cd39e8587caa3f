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
 * The references of a text, in order: `#5`, `owner/repo#5`, `repo#5`, `GH-5`, `PR#5` and URLs of issues
 * and pull requests. A closing keyword glued to a number (`fixes#88`) is prose. Linear in the text's length:
 * each anchor is looked at once, and never further back than the end of the one before.
 */
export function referencesIn(text: string, home: Home): readonly Reference[] {
  const anchors = HAS_WORD_ANCHOR.test(text) ? ANY_ANCHOR : NUMBER_ANCHOR;
  const found: Reference[] = [];
  let from = 0;
  anchors.lastIndex = 0;
  while (anchors.test(text)) {
    const end = anchors.lastIndex;
    const token = tokenAt(text, { end, from, home });
    if (token === null) continue;
    const { start, repo, number, isShort } = token;
    if (repo !== null) found.push({ repo, number, isShort, isPartOf: followsPartOf(text, from, start) });
    from = token.end;
    if (end < from) anchors.lastIndex = from;
  }
  return found.length === 0 ? NO_REFERENCES : found;
}

export const NO_REFERENCES: readonly Reference[] = [];

const HAS_WORD_ANCHOR = /:\/\/|github|gh-/i;
const NUMBER_ANCHOR = /#/g;
const ANY_ANCHOR = /https?:\/\/|(?<![\w.-])(?:www\.)?github\.com\/|\bgh-|#/gi;

interface Token {
  readonly start: number;
  readonly end: number;
  /** null for text that names no issue and must not be read again. */
  readonly repo: string | null;
  readonly number: string;
  readonly isShort: boolean;
}

interface Spot {
  /** Where the anchor (`#`, `GH-`, the beginning of an address) ends. */
  readonly end: number;
  /** Where the token before ended. */
  readonly from: number;
  readonly home: Home;
}

function tokenAt(text: string, spot: Spot): Token | null {
  const last = text[spot.end - 1];
  if (last === '#') return numberToken(text, spot);
  return last === '-' ? ghToken(text, spot) : urlToken(text, spot);
}

/** `GH-5` */
function ghToken(text: string, { end: digits, home }: Spot): Token | null {
  const end = endOfNumber(text, digits);
  return end === -1 ? null : token(digits - 'GH-'.length, end, home.repo, text.slice(digits, end));
}

/** `#5`, with what is glued before it. */
function numberToken(text: string, { end: digits, from, home }: Spot): Token | null {
  const hash = digits - 1;
  const end = endOfNumber(text, digits);
  if (end === -1) return null;
  const number = text.slice(digits, end);
  const nameStart = wordStart(text, from, hash);
  const before = text[nameStart - 1];
  if (nameStart === hash && before !== '&') return token(hash, end, home.repo, number);
  // `&#39;` is a character, not issue 39.
  if (nameStart === hash) return text[end] === ';' ? prose(hash, end) : token(hash, end, home.repo, number);

  const word = text.slice(nameStart, hash);
  const isEmphasised = text[end] === '_';
  const ownerStart = before === '/' ? wordStart(text, from, nameStart - 1) : nameStart;
  const owner = bareName(text.slice(ownerStart, Math.max(ownerStart, nameStart - 1)), isEmphasised);
  if (owner !== '' && bareName(word, false) !== '') return token(ownerStart, end, `${owner}/${word}`, number);
  const name = bareName(word, isEmphasised);
  if (name === '' || MEANS_OWN.test(name)) return token(nameStart, end, home.repo, number);
  if (CLOSING_KEYWORD.test(name)) return prose(nameStart, end);
  const [ownOwner] = home.repo.split('/');
  return { ...token(nameStart, end, `${ownOwner}/${name}`, number), isShort: true };
}

const token = (start: number, end: number, repo: string, digits: string): Token => ({
  start,
  end,
  repo,
  number: digits.startsWith('0') ? digits.replace(/^0+(?=\d)/, '') : digits,
  isShort: false,
});

const prose = (start: number, end: number): Token => ({ start, end, repo: null, number: '', isShort: false });

const MEANS_OWN = /^(?:pr|issue|pull)$/i;

// The keywords of GitHub's documentation, and their -ing forms.
const CLOSING_KEYWORD = /^(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing))$/i;

/** Where the word that ends at `end` starts, not before `from`; `end` when no word ends there. */
function wordStart(text: string, from: number, end: number): number {
  let start = end;
  while (start > from && isWordLetter(text.charCodeAt(start - 1))) start -= 1;
  return start;
}

/** A word without a bullet or emphasis that is glued to its front; empty for mere punctuation. */
function bareName(word: string, isEmphasised: boolean): string {
  if (!/[A-Za-z0-9]/.test(word)) return '';
  return word.replace(isEmphasised ? /^[-_]+/ : /^-+/, '');
}

/** `https://github.com/acme/lib/pull/5/files#diff`; any other address is passed over as a whole. */
function urlToken(text: string, { end: anchorEnd, from, home }: Spot): Token {
  const before = text.slice(Math.max(from, anchorEnd - LONGEST_START), anchorEnd);
  const start = anchorEnd - (URL_START.exec(before)?.[0].length ?? 0);
  ISSUE_URL.lastIndex = start;
  const [url = '', host = '', repo = '', digits = ''] = ISSUE_URL.exec(text) ?? [];
  if (url !== '' && home.hosts.has(host.toLowerCase())) return token(start, start + url.length, repo, digits);
  ANY_URL.lastIndex = start;
  return prose(start, start + (ANY_URL.exec(text)?.[0].length ?? 0));
}

const LONGEST_START = 'www.github.com/'.length;
const URL_START = /(?:https?:\/\/|(?:www\.)?github\.com\/)$/i;
const ISSUE_URL =
  /(?:https?:\/\/)?([\w.-]+(?::\d+)?)\/([\w.-]+\/[\w.-]+)\/(?:issues|pulls?)\/(\d+)(?![A-Za-z0-9])[\w/?=&%#.~+-]*/iy;
const ANY_URL = /[^\s<>()[\]"'`|]*/y;

/** Where the number that starts at `start` ends; -1 when there is none, or a word that starts with digits. */
function endOfNumber(text: string, start: number): number {
  let end = start;
  while (isDigit(text.charCodeAt(end))) end += 1;
  return end === start || isLetter(text.charCodeAt(end)) ? -1 : end;
}

const isDigit = (code: number) => code >= 48 && code <= 57;
const isLetter = (code: number) => (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
// Letters, digits and `_`, `-`, `.`: what names of owners and repositories are made of.
const isWordLetter = (code: number) =>
  isLetter(code) || isDigit(code) || code === 95 || code === 45 || code === 46;

/** Whether the words `Part of` stand right before a reference, perhaps with emphasis or a colon between. */
function followsPartOf(text: string, from: number, start: number): boolean {
  let end = start;
  while (end > from && ' \t:*_[(`'.includes(text[end - 1] as string)) end -= 1;
  if (text[end - 1] !== 'f' && text[end - 1] !== 'F') return false;
  return PART_OF.test(text.slice(Math.max(from, end - LONGEST_PART_OF), end));
}

const LONGEST_PART_OF = 20;
const PART_OF = /(?<![A-Za-z0-9])part[ \t]+of$/i;
