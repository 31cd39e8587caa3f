/** The hidden HTML comment that identifies one comment of ours; `key` is a slug such as `status`. */
export function commentMarker(key: string): string {
  return `<!-- harness:${key} -->`;
}

/** Whether a comment's body begins with this marker; one further down was quoted, not written by us. */
export function startsWithMarker(body: string, key: string): boolean {
  return body.startsWith(commentMarker(key));
}

/** GitHub's limit of an issue's, pull request's or comment's body, in code points. */
const BODY_LIMIT = 65_536;

const CUT_NOTE = '\n\n_Cut to the size that GitHub accepts; the full text is in the journal._';

/** A body within GitHub's limit: the beginning, whole code points, and a note when something was cut off. */
export function fitBody(body: string): string {
  if (body.length <= BODY_LIMIT) return body;
  const points = Array.from(body);
  return points.length <= BODY_LIMIT
    ? body
    : points.slice(0, BODY_LIMIT - CUT_NOTE.length).join('') + CUT_NOTE;
}
