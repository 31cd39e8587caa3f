/** Character codes that the grammar tells apart; looking at codes makes no strings. */
export const CODE = {
  tab: 9,
  lineFeed: 10,
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

/** Letters, digits and `_`, `-`, `.`: what names of owners and repositories are made of. */
export const isNameLetter = (code: number) =>
  isLetter(code) || isDigit(code) || code === 95 || code === CODE.hyphen || code === 46;

export const isBlank = (code: number) => code === CODE.space || code === CODE.tab;
