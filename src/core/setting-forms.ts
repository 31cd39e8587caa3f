/** What a text must look like. */
export interface Form {
  readonly pattern: RegExp;
  /** For people: "expected …". */
  readonly expected: string;
}

export const OWNER: Form = { pattern: /^[A-Za-z0-9][\w-]*$/, expected: 'the name of a user or organisation' };

export const REPOSITORY: Form = {
  pattern: /^(?:[A-Za-z0-9][\w-]*\/)?(?!\.{1,2}$)[\w.-]+$/,
  expected: 'owner/name',
};

/** What git allows in the name of a branch, as far as it matters here. */
export const BRANCH: Form = {
  pattern: /^(?![-./])(?!.*(?:\.\.|\/\/|@\{|\.lock$|[./]$))[^\s~^:?*[\\]+$/,
  expected: 'the name of a branch',
};

export const PATH: Form = {
  pattern: /^(?![/\\])(?!(?:.*\/)?\.\.(?:\/|$)).+$/,
  expected: 'a path inside the repository',
};

export const ADDRESS: Form = {
  pattern: /^https?:\/\/[\w.:[\]-]+(?:\/\S*)?$/,
  expected: 'an address, https://…',
};

/** GitHub allows 50 characters; lists of labels have commas between them. */
export const LABEL: Form = {
  pattern: /^[^,\n]{1,50}$/u,
  expected: 'the name of a label: 50 characters at most, no comma',
};

export const LOGINS: Form = {
  // Blanks after a comma can be read in one way only: in two, a list of commas takes time without end.
  pattern: /^(?:(?:\*|[\w-]+(?:\[bot\])?)\s*)?(?:,\s*(?:(?:\*|[\w-]+(?:\[bot\])?)\s*)?)*$/,
  expected: 'logins, separated by commas, or *',
};

export const VARIABLES: Form = {
  pattern: /^[\s,]*(?:[A-Za-z_]\w*(?:[\s,]+|$))+$/,
  expected: 'names of variables, separated by commas',
};

/** Words as `splitWords` reads them: an open quote would swallow what follows. */
export const WORDS: Form = {
  pattern: /^(?:[^'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")*$/s,
  expected: 'words of a command line, every quote closed',
};

export const PLACES: Form = {
  pattern: /^(?:\s*(?:(?:\/|~(?=[/,:\s]|$))[^,]*)?(?:,|$))+$/,
  expected: 'absolute paths, or paths that begin with ~/, separated by commas',
};

export const EMAIL: Form = { pattern: /^[^\s<>@]+@[^\s<>@]+$/, expected: 'an e-mail address' };

/** The levels differ by program and model: Claude Code has low, medium, high, xhigh and max (2.1.197). */
export const LEVEL: Form = { pattern: /^[a-z][a-z-]*$/, expected: 'a level such as low, medium or high' };
