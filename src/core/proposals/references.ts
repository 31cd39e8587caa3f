/** What a proposal says that an issue waits for. */
export type Blocker =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'issue'; readonly repo: string; readonly number: number }
  | { readonly kind: 'unreadable'; readonly text: string };

/** Reads one entry of `blockedBy`: a key of the same proposal, `#5` or `owner/repo#5`. */
export function blockerOf(text: string, repo: string): Blocker {
  const issue = /^(?:([\w.-]+\/[\w.-]+))?#([1-9]\d{0,9})$/.exec(text);
  if (issue) return { kind: 'issue', repo: issue[1] ?? repo, number: Number(issue[2]) };
  return isKey(text) ? { kind: 'key', key: text } : { kind: 'unreadable', text };
}

/** Whether a text may name an issue within a proposal. */
export const isKey = (text: string) => /^[a-z0-9][a-z0-9-]{0,39}$/.test(text);
