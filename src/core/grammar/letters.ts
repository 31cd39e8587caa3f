/** Character codes that the grammar tells apart; looking at codes makes no strings. */
export const CODE = {
  tab: 9,
  space: 32,
  hash: 35,
  ampersand: 38,
  hyphen: 45,
  slash: 47,
  zero: 48,
  equals: 61,
  F: 70,
  f: 102,
} as const;

export const isDigit = (code: number) => code >= 48 && code <= 57;

/** A to Z, in either case. */
export const isLetter = (code: number) => (code >= 65 && code <= 90) || (code >= 97 && code <= 122);

export const isBlank = (code: number) => code === CODE.space || code === CODE.tab;

/** Letters, digits and `_`, `-`, `.`: what names of owners and repositories are made of. */
export const isNameLetter = (code: number) => NAME_LETTERS[code] === 1;

const NAME_LETTERS = Uint8Array.from({ length: 128 }, (_none, code) =>
  /[\w.-]/.test(String.fromCharCode(code)) ? 1 : 0,
);
