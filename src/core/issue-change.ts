import { fitBody } from './markers.ts';
import type { Issue } from './world.ts';

/** What is to be different of an issue; what is not named stays. Labels are the whole set. */
type Change = Partial<Pick<Issue, 'labels' | 'state' | 'title' | 'body'>>;

/**
 * What became of a change whose answer was lost, told by the issue as it was before and as it is now: it was `made`,
 * or nothing has happened yet (`unmade`), or somebody has changed the same meanwhile (`overtaken`).
 */
export function fateOf(
  change: Change,
  { before, now }: { readonly before: Issue | null; readonly now: Issue },
): 'made' | 'unmade' | 'overtaken' {
  if (isSo(change, now)) return 'made';
  if (before === null || !isSo(undoOf(change, before), now)) return 'overtaken';
  // Closed, and opened again by somebody: the reason tells.
  return change.state === undefined || now.stateReason === before.stateReason ? 'unmade' : 'overtaken';
}

function isSo({ labels, state, title, body }: Change, issue: Issue): boolean {
  return (
    (labels === undefined || isSameSet(labels, issue.labels)) &&
    (state === undefined || state === issue.state) &&
    (title === undefined || title === issue.title) &&
    (body === undefined || fitBody(body) === issue.body)
  );
}

const undoOf = (change: Change, { labels, state, title, body }: Issue): Change => ({
  ...(change.labels === undefined ? {} : { labels }),
  ...(change.state === undefined ? {} : { state }),
  ...(change.title === undefined ? {} : { title }),
  ...(change.body === undefined ? {} : { body }),
});

function isSameSet(some: readonly string[], others: readonly string[]): boolean {
  const names = new Set(some.map(name => name.toLowerCase()));
  return names.size === others.length && others.every(name => names.has(name.toLowerCase()));
}
