import { neutraliseLine } from '../text.ts';
import type { Proposal, ProposedChild, ProposedPrd, ProposedSlice } from './proposal.ts';

/** What a proposal would file, one line for each issue, safe to publish. */
export function describeProposal(proposal: Proposal): readonly string[] {
  switch (proposal.kind) {
    case 'prds':
      return proposal.prds.map(describePrd);
    case 'children':
      return proposal.children.map(describeSlice);
    case 'review':
      return proposal.gaps.map(describeSlice);
    case 'replan':
      return [
        ...proposal.parts.map(describeSlice),
        `#${proposal.number} becomes ${describeSlice(proposal.rewrite)}`,
      ];
    default:
      return [];
  }
}

const describePrd = ({ key, title, criteria, unit, blockedBy }: ProposedPrd) =>
  joined([
    `${key}: ${title}`,
    `${criteria.length} ${criteria.length === 1 ? 'criterion' : 'criteria'}`,
    ...around({ unit, blockedBy }),
  ]);

const describeSlice = (slice: ProposedSlice & ProposedChild) =>
  joined([
    `${slice.key}: ${slice.title}`,
    slice.size,
    ...(slice.covers.length === 0 ? [] : [`covers ${slice.covers.join(', ')}`]),
    ...(slice.scope.length === 0 ? [] : [`in ${slice.scope.join(', ')}`]),
    ...around(slice),
  ]);

const around = ({ unit, blockedBy }: Pick<ProposedSlice, 'unit' | 'blockedBy'>) => [
  ...(unit === undefined ? [] : [`for ${unit}`]),
  ...(blockedBy.length === 0 ? [] : [`after ${blockedBy.join(', ')}`]),
];

const joined = (parts: readonly string[]) => neutraliseLine(parts.join('; '), 500);
