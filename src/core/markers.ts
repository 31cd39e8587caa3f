/** The hidden HTML comment that identifies one comment of ours; `key` is a slug such as `status`. */
export function commentMarker(key: string): string {
  return `<!-- harness:${key} -->`;
}

/** Whether a comment's body begins with this marker; one further down was quoted, not written by us. */
export function startsWithMarker(body: string, key: string): boolean {
  return body.startsWith(commentMarker(key));
}

/** GitHub's limit of an issue's, pull request's or comment's body, in code points. */
export const BODY_LIMIT = 65_536;

/** A body within GitHub's limit: the beginning, whole code points, and a note when something was cut off. */
export function fitBody(body: string, limit: number = BODY_LIMIT): string {
  if (body.length <= limit) return body;
  const points = Array.from(body);
  if (points.length <= limit) return body;
  const note = '\n\n_Cut to the size that GitHub accepts; the full text is in the journal._';
  return points.slice(0, limit - note.length).join('') + note;
}
