import type { Criterion } from '../grammar/criteria.ts';
import { type Measure, sliceProblems } from './check-children.ts';
import { homeProblems, homesOf, type Neighbours, unitsIn } from './check-homes.ts';
import { contestProblems } from './check-judgement.ts';
import type { ReviewProposal } from './proposal.ts';
import { textProblems } from './texts.ts';

/** Everything that is wrong with a REVIEW proposal: one verdict per criterion, an issue for whatever is not met. */
export function reviewProblems(
  review: ReviewProposal,
  measure: Measure,
  tasks: readonly Criterion[] | null,
  neighbours: Neighbours,
): readonly string[] {
  const unmet = measure.criteria.filter(({ id }) => isUnmet(review, id));
  const homes = homesOf(review.gaps, unitsIn(neighbours), measure.around.repo);
  const covered = new Set(review.gaps.flatMap(({ covers }) => covers));
  return [
    ...verdictProblems(review, measure),
    ...(isAllMet(review) || tasks === null ? contestProblems(review, tasks) : []),
    ...homeProblems(review.gaps, neighbours),
    ...(review.gaps.length > 0 ? sliceProblems(review.gaps, { ...measure, criteria: unmet }, homes) : []),
    ...(unmet.length === 0 && review.gaps.length > 0
      ? ['it proposes issues though every criterion is met']
      : []),
    ...unmet
      .filter(({ id }) => !covered.has(id))
      .map(({ id }) => `criterion ${id} is not met, and no gap covers it`),
  ];
}

/** Whether a review found every criterion met. */
export const isAllMet = ({ criteria }: ReviewProposal) => criteria.every(({ verdict }) => verdict === 'met');

const isUnmet = ({ criteria }: ReviewProposal, id: string) =>
  criteria.some(verdict => verdict.id === id && verdict.verdict !== 'met');

function verdictProblems({ criteria: verdicts }: ReviewProposal, { criteria }: Measure): readonly string[] {
  const ids = verdicts.map(({ id }) => id);
  return [
    ...criteria
      .filter(({ id }) => !ids.includes(id))
      .map(({ id }) => `there is no verdict on criterion ${id}`),
    ...ids
      .filter((id, index) => ids.indexOf(id) !== index)
      .map(id => `there are two verdicts on "${id.slice(0, 60)}"`),
    ...ids
      .filter(id => !criteria.some(criterion => criterion.id === id))
      .map(id => `"${id.slice(0, 60)}" is no criterion of the PRD`),
    ...verdicts.flatMap(({ id, evidence }) =>
      textProblems(`the evidence on criterion ${id.slice(0, 60)}`, evidence),
    ),
  ];
}
