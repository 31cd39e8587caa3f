/** The hidden HTML comment that identifies one comment of ours; `key` is a slug such as `status`. */
export function commentMarker(key: string): string {
  return `<!-- harness:${key} -->`;
}

/** Whether a comment's body begins with this marker; one further down was quoted, not written by us. */
export function startsWithMarker(body: string, key: string): boolean {
  return body.startsWith(commentMarker(key));
}

/** The key of the marker that a comment's body begins with; null when it begins with none of ours. */
export const commentKeyIn = (body: string): string | null => COMMENT_MARKER.exec(body)?.[1] ?? null;

const COMMENT_MARKER = /^<!-- harness:([\w-]+) -->/;

/**
 * The hidden first line of an issue that the engine has created: by its key it is found again, so that nothing is
 * created twice. `scope` says for what it was created (`7` for PRD #7, `plan-first` for a plan), `origin` names the
 * attempt that proposed it, `key` the issue within the proposal.
 */
export interface IssueKey {
  readonly scope: string;
  readonly origin: string;
  readonly key: string;
}

/** The marker of an issue that the engine creates. */
export const keyMarker = ({ scope, origin, key }: IssueKey): string =>
  `<!-- harness:key ${scope}/${origin}/${key} -->`;

/** The key that a body begins with; null when the engine did not create the issue. */
export function keyIn(body: string): IssueKey | null {
  const found = KEY_MARKER.exec(body);
  if (!found) return null;
  const [, scope = '', origin = '', key = ''] = found;
  return { scope, origin, key };
}

/** The scope of the keys of issues that a person has filed from a file. */
export const FILE_SCOPE = 'file';

/** Whether an agent proposed what an issue says; the words of a file are a person's own. */
export function isProposed(body: string): boolean {
  const key = keyIn(body);
  return key !== null && key.scope !== FILE_SCOPE;
}

/** Whether an issue was filed for a proposal of another unit: its scope begins with that one's repository. */
export const isFromElsewhere = (body: string): boolean => keyIn(body)?.scope.includes('.') ?? false;

const KEY_MARKER = /^<!-- harness:key ([\w.-]+)\/([\w.-]+)\/([\w.-]+) -->/;

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
