import { titlesTwice } from './check-children.ts';
import { homeProblems, homesOf, type Neighbours, unitsIn } from './check-homes.ts';
import { graphProblems, type Surroundings } from './graph.ts';
import type { Limits } from './limits.ts';
import type { PlanProposal, PrdsProposal, ProposedPrd } from './proposal.ts';
import { prdReadBack } from './read-back.ts';
import { listProblems, textProblems, titleProblems } from './texts.ts';

/** Everything that is wrong with a PRD proposal. */
export function prdsProblems(
  { prds }: PrdsProposal,
  { around, limits }: { readonly around: Surroundings; readonly limits: Limits },
  neighbours: Neighbours,
): readonly string[] {
  if (prds.length === 0) return ['it proposes no PRD'];
  if (prds.length > limits.issues) {
    return [`it proposes ${prds.length} PRDs; at most ${limits.issues} are taken (HARNESS_MAX_ISSUES)`];
  }
  const { own } = neighbours;
  const problems = [
    ...prds.flatMap(prdProblems),
    ...titlesTwice(prds),
    ...graphProblems(prds, around),
    ...homeProblems(prds, neighbours, () => false),
    // A plan without a PRD of its own would be one that has none yet, for ever.
    ...(prds.every(({ unit }) => unit !== undefined) ? [`none of the PRDs is for ${own.id} itself`] : []),
  ];
  const homes = homesOf(prds, unitsIn(neighbours), around.repo);
  return problems.length > 0 ? problems : prds.flatMap(prd => prdReadBack(prd, around, homes));
}

/** What is wrong with one PRD, whatever is around it. */
export function prdProblems({
  key,
  title,
  problem,
  boundaries,
  criteria,
  qualityBar,
  blockedBy,
}: ProposedPrd) {
  const where = key.slice(0, 60);
  return [
    ...titleProblems(where, title),
    ...textProblems(`${where}: its problem`, problem),
    ...textProblems(`${where}: its boundaries`, boundaries),
    ...(qualityBar === undefined ? [] : textProblems(`${where}: its quality bar`, qualityBar)),
    ...listProblems(`${where}: criteria`, criteria, 1),
    ...listProblems(`${where}: blockedBy`, blockedBy, 0),
  ];
}

/** Everything that is wrong with a PLAN proposal. */
export const planProblems = ({ text }: PlanProposal): readonly string[] => textProblems('the plan', text);
