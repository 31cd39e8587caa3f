import { CODE, isDigit, isLetter, isNameLetter } from './letters.ts';

/** An issue or pull request that a text names. */
export interface Reference {
  /** `owner/name` as written, or the text's own repository. */
  readonly repo: string;
  /** One too large to exist is the largest that can be counted to. */
  readonly number: number;
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
  const hasWords = HAS_WORD_ANCHOR.test(text);
  const spot = { text, home, end: 0, from: 0 };
  let found: Reference[] | null = null;
  for (let end = nextAnchor(text, 0, hasWords); end !== -1; end = nextAnchor(text, end, hasWords)) {
    spot.end = end;
    const token = tokenAt(spot);
    if (token === null) continue;
    spot.from = token.end;
    if (end < token.end) end = token.end;
    if (token.repo === '') continue;
    if (found === null) found = [token];
    else found.push(token);
  }
  return found ?? NO_REFERENCES;
}

export const NO_REFERENCES: readonly Reference[] = [];

/** Where the next anchor (`#`, `GH-`, the beginning of an address) ends, from `start` on; -1 when there is none. */
function nextAnchor(text: string, start: number, hasWords: boolean): number {
  if (!hasWords) return text.indexOf('#', start) + 1 || -1;
  ANCHOR.lastIndex = start;
  return ANCHOR.test(text) ? ANCHOR.lastIndex : -1;
}

const HAS_WORD_ANCHOR = /:\/\/|github|gh-/i;
const ANCHOR = /https?:\/\/|(?<![\w.-])(?:www\.)?github\.com\/|\bgh-|#/gi;

/** A reference and where it ends in the text. Without a repository it is prose that must not be read again. */
interface Token extends Reference {
  readonly end: number;
}

interface Spot {
  readonly text: string;
  readonly home: Home;
  /** Where the anchor ends. */
  readonly end: number;
  /** Where the token before ended. */
  readonly from: number;
}

function tokenAt(spot: Spot): Token | null {
  const last = spot.text.charCodeAt(spot.end - 1);
  if (last === CODE.hash) return numberToken(spot);
  return last === CODE.hyphen ? ghToken(spot) : urlToken(spot);
}

/** `GH-5` */
function ghToken(spot: Spot): Token | null {
  const end = endOfNumber(spot.text, spot.end);
  if (end === -1) return null;
  const isPartOf = followsPartOf(spot.text, spot.from, spot.end - 'GH-'.length);
  return { repo: spot.home.repo, number: numberAt(spot.text, spot.end), isShort: false, isPartOf, end };
}

/** `#5`, with what is glued before it. */
function numberToken({ text, home, from, end: digits }: Spot): Token | null {
  const end = endOfNumber(text, digits);
  if (end === -1) return null;
  const hash = digits - 1;
  if (!isGlued(text.charCodeAt(hash - 1)) || hash === from) {
    const isPartOf = followsPartOf(text, from, hash);
    return { repo: home.repo, number: numberAt(text, digits), isShort: false, isPartOf, end };
  }
  // `&#39;` is a character, not issue 39.
  if (text.charCodeAt(hash - 1) === CODE.ampersand && text[end] === ';') return proseUntil(end);
  const { repo, start, isShort } = repositoryBefore(text, { from, hash, isEmphasised: text[end] === '_' });
  if (repo === null) return proseUntil(end);
  const isPartOf = followsPartOf(text, from, start);
  const named = isShort ? `${home.repo.split('/')[0]}/${repo}` : repo || home.repo;
  return { repo: named, number: numberAt(text, digits), isShort, isPartOf, end };
}

/** Whether what stands before a `#` may belong to it. */
const isGlued = (code: number) => isNameLetter(code) || code === CODE.ampersand;

const proseUntil = (end: number): Token => ({ repo: '', number: 0, isShort: false, isPartOf: false, end });

interface Word {
  readonly from: number;
  readonly hash: number;
  readonly isEmphasised: boolean;
}

interface Named {
  /** `owner/name`, a bare name (`isShort`), empty for the text's own repository, null for a closing keyword. */
  readonly repo: string | null;
  readonly start: number;
  readonly isShort: boolean;
}

/** The repository that the word before a `#` names. */
function repositoryBefore(text: string, { from, hash, isEmphasised }: Word): Named {
  const nameStart = wordStart(text, from, hash);
  if (text.charCodeAt(nameStart - 1) === CODE.slash) {
    const start = wordStart(text, from, nameStart - 1);
    const isNamed = hasLetter(text.slice(start, nameStart - 1)) && hasLetter(text.slice(nameStart, hash));
    if (isNamed) return { repo: bareName(text.slice(start, hash), isEmphasised), start, isShort: false };
  }
  const name = bareName(text.slice(nameStart, hash), isEmphasised);
  if (CLOSING_KEYWORD.test(name)) return { repo: null, start: nameStart, isShort: false };
  const isShort = hasLetter(name) && !MEANS_OWN.test(name);
  return { repo: isShort ? name : '', start: nameStart, isShort };
}

const MEANS_OWN = /^(?:pr|issue|pull)$/i;

// The keywords of GitHub's documentation, and their -ing forms.
const CLOSING_KEYWORD = /^(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing))$/i;

/** Where the word that ends at `end` starts, not before `from`; `end` when no word ends there. */
function wordStart(text: string, from: number, end: number): number {
  let start = end;
  while (start > from && isNameLetter(text.charCodeAt(start - 1))) start -= 1;
  return start;
}

const hasLetter = (word: string) => isLetter(word.charCodeAt(0)) || /[A-Za-z0-9]/.test(word);

/** A name without a bullet or emphasis that is glued to its front. */
function bareName(name: string, isEmphasised: boolean): string {
  return isLetter(name.charCodeAt(0)) ? name : name.replace(isEmphasised ? /^[-_]+/ : /^-+/, '');
}

/** `https://github.com/acme/lib/pull/5/files#diff`; any other address is passed over as a whole. */
function urlToken({ text, home, from, end: anchorEnd }: Spot): Token {
  const before = text.slice(Math.max(from, anchorEnd - LONGEST_START), anchorEnd);
  const start = anchorEnd - (URL_START.exec(before)?.[0].length ?? 0);
  ISSUE_URL.lastIndex = start;
  const [url = '', host = '', repo = '', digits = ''] = ISSUE_URL.exec(text) ?? [];
  if (url !== '' && home.hosts.has(host.toLowerCase())) {
    const isPartOf = followsPartOf(text, from, start);
    return { repo, number: numberAt(digits, 0), isShort: false, isPartOf, end: start + url.length };
  }
  ANY_URL.lastIndex = start;
  return proseUntil(start + (ANY_URL.exec(text)?.[0].length ?? 0));
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

function numberAt(text: string, start: number): number {
  let number = 0;
  for (let at = start; isDigit(text.charCodeAt(at)); at += 1)
    number = number * 10 + text.charCodeAt(at) - CODE.zero;
  return Math.min(number, Number.MAX_SAFE_INTEGER);
}

/** Whether the words `Part of` stand right before a reference, perhaps with emphasis or a colon between. */
function followsPartOf(text: string, from: number, start: number): boolean {
  let end = start;
  while (end > from && ' \t:*_[(`'.includes(text.charAt(end - 1))) end -= 1;
  const last = text.charCodeAt(end - 1);
  if (last !== CODE.f && last !== CODE.F) return false;
  return PART_OF.test(text.slice(Math.max(from, end - LONGEST_PART_OF), end));
}

const LONGEST_PART_OF = 20;
const PART_OF = /(?<![A-Za-z0-9])part[ \t]+of$/i;
