import type { Acting } from './acting.ts';
import { commentMutations } from './comments.ts';
import { issueMutations } from './issues.ts';
import { pullMutations } from './pulls.ts';
import { queueMutations } from './queue.ts';
import { reviewMutations } from './reviews.ts';

/** What a mutation begins with. All of it goes through the functions of the board that REST uses. */
export function mutationRoots(acting: Acting) {
  return {
    ...issueMutations(acting),
    ...commentMutations(acting),
    ...pullMutations(acting),
    ...queueMutations(acting),
    ...reviewMutations(acting),
  };
}
