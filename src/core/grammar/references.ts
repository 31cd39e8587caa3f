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
  const anchors = HAS_WORD_ANCHOR.test(text) ? ANY_ANCHOR : NUMBER_ANCHOR;
  const found: Reference[] = [];
  const spot = { text, home, end: 0, from: 0 };
  anchors.lastIndex = 0;
  while (anchors.test(text)) {
    spot.end = anchors.lastIndex;
    const token = tokenAt(spot);
    if (token === null) continue;
    if (token.repo !== '') found.push(token);
    spot.from = token.end;
    if (anchors.lastIndex < token.end) anchors.lastIndex = token.end;
  }
  return found.length === 0 ? NO_REFERENCES : found;
}

export const NO_REFERENCES: readonly Reference[] = [];

const HAS_WORD_ANCHOR = /:\/\/|github|gh-/i;
const NUMBER_ANCHOR = /#/g;
const ANY_ANCHOR = /https?:\/\/|(?<![\w.-])(?:www\.)?github\.com\/|\bgh-|#/gi;

/** A reference and where it ends in the text. Without a repository it is prose that must not be read again. */
interface Token extends Reference {
  readonly end: number;
}

interface Spot {
  readonly text: string;
  readonly home: Home;
  /** Where the anchor (`#`, `GH-`, the beginning of an address) ends. */
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
  const end = endOfNumber(spot);
  const start = spot.end - 'GH-'.length;
  return end === -1 ? null : tokenOf(spot, { repo: spot.home.repo, start, end, isShort: false });
}

/** `#5`, with what is glued before it. */
function numberToken(spot: Spot): Token | null {
  const { text, home, from } = spot;
  const end = endOfNumber(spot);
  if (end === -1) return null;
  const hash = spot.end - 1;
  const nameStart = wordStart(text, from, hash);
  const before = text.charCodeAt(nameStart - 1);
  if (nameStart === hash) {
    // `&#39;` is a character, not issue 39.
    const isEntity = before === CODE.ampersand && text[end] === ';';
    return isEntity ? proseUntil(end) : tokenOf(spot, { repo: home.repo, start: hash, end, isShort: false });
  }
  const word = text.slice(nameStart, hash);
  const isEmphasised = text[end] === '_';
  if (before === CODE.slash) {
    const start = wordStart(text, from, nameStart - 1);
    const owner = bareName(text.slice(start, nameStart - 1), isEmphasised);
    const isNamed = owner !== '' && bareName(word, false) !== '';
    if (isNamed) return tokenOf(spot, { repo: `${owner}/${word}`, start, end, isShort: false });
  }
  const name = bareName(word, isEmphasised);
  if (CLOSING_KEYWORD.test(name)) return proseUntil(end);
  const isShort = name !== '' && !MEANS_OWN.test(name);
  const repo = isShort ? `${home.repo.split('/')[0]}/${name}` : home.repo;
  return tokenOf(spot, { repo, start: nameStart, end, isShort });
}

interface Span {
  readonly repo: string;
  readonly start: number;
  readonly end: number;
  readonly isShort: boolean;
}

/** The token whose number stands after the spot's anchor. */
function tokenOf({ text, from, end: digits }: Spot, { repo, start, end, isShort }: Span): Token {
  return { repo, number: numberAt(text, digits), isShort, isPartOf: followsPartOf(text, from, start), end };
}

const proseUntil = (end: number): Token => ({ repo: '', number: 0, isShort: false, isPartOf: false, end });

const MEANS_OWN = /^(?:pr|issue|pull)$/i;

// The keywords of GitHub's documentation, and their -ing forms.
const CLOSING_KEYWORD = /^(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing))$/i;

/** Where the word that ends at `end` starts, not before `from`; `end` when no word ends there. */
function wordStart(text: string, from: number, end: number): number {
  let start = end;
  while (start > from && isNameLetter(text.charCodeAt(start - 1))) start -= 1;
  return start;
}

/** A word without a bullet or emphasis that is glued to its front; empty for mere punctuation. */
function bareName(word: string, isEmphasised: boolean): string {
  if (!/[A-Za-z0-9]/.test(word)) return '';
  return word.replace(isEmphasised ? /^[-_]+/ : /^-+/, '');
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

/** Where the number after the anchor ends; -1 when there is none, or a word that starts with digits. */
function endOfNumber({ text, end: start }: Spot): number {
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
  while (end > from && ' \t:*_[(`'.includes(text[end - 1] as string)) end -= 1;
  if (text[end - 1] !== 'f' && text[end - 1] !== 'F') return false;
  return PART_OF.test(text.slice(Math.max(from, end - LONGEST_PART_OF), end));
}

const LONGEST_PART_OF = 20;
const PART_OF = /(?<![A-Za-z0-9])part[ \t]+of$/i;
