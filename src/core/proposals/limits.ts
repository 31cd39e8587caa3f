/** How much one proposal may ask for. */
export interface Limits {
  /** Issues that one proposal may create (HARNESS_MAX_ISSUES). */
  readonly issues: number;
}

/** Characters of a title; GitHub takes 256. */
export const TITLE_CHARACTERS = 200;

/** Characters of one free text; a body has several, and GitHub takes 65,536. */
export const TEXT_CHARACTERS = 20_000;

/** Characters of a line: a criterion, a path. */
export const LINE_CHARACTERS = 1_000;

/** Items of one list: criteria, paths, blockers. */
export const LIST_ITEMS = 50;

/** Characters of a whole body (GitHub's limit). */
export const BODY_CHARACTERS = 65_536;
