import { commentKeyIn } from './markers.ts';
import type { Trust } from './rules/trust.ts';
import { cutTo } from './text.ts';
import type { Comment } from './world.ts';

/**
 * What people of trust wrote about an issue, oldest first, as it comes in prompts: without the engine's own comments, each
 * cut, and of many the newest.
 */
export function relayedComments(comments: readonly Comment[], { trusts }: Trust): readonly Comment[] {
  const said = comments
    .filter(({ author, body }) => trusts(author) && commentKeyIn(body) === null && body.trim() !== '')
    .map(comment => ({ ...comment, body: cutTo(comment.body.trim(), MOST_OF_ONE) }));
  let room = MOST_OF_ALL;
  const tooOld = said.findLastIndex(({ body }) => {
    room -= body.length;
    return room < 0;
  });
  return said.slice(tooOld + 1);
}

/** Code points. */
const MOST_OF_ONE = 5_000;
const MOST_OF_ALL = 20_000;
