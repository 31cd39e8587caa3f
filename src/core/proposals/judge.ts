import type { Board, UnitBoard } from '../board.ts';
import { criteriaOf } from '../grammar/criteria.ts';
import type { Issue } from '../world.ts';
import { childrenProblems } from './check-children.ts';
import { planProblems, prdsProblems } from './check-prds.ts';
import { reviewProblems } from './check-review.ts';
import type { Surroundings } from './graph.ts';
import type { Proposal, ProposedChild, ProposedPrd } from './proposal.ts';
import { blockerOf } from './references.ts';

/** What a proposal is for, and the board as it is when it is judged. */
export interface Assignment {
  readonly board: Board;
  readonly unit: UnitBoard;
  /** The PRD; null for PLAN and PRD. */
  readonly issue: Pick<Issue, 'number' | 'title' | 'body'> | null;
}

/** Everything that is wrong with a proposal, in words for whoever makes the next one. */
export function judge(proposal: Proposal, assignment: Assignment): readonly string[] {
  const { board, issue } = assignment;
  const limits = { issues: board.settings.HARNESS_MAX_ISSUES };
  const around = surroundingsOf(assignment);
  const criteria = issue === null ? [] : criteriaOf(issue);
  switch (proposal.kind) {
    case 'plan':
      return planProblems(proposal);
    case 'prds':
      return prdsProblems(proposal, { around, limits });
    case 'children':
      return childrenProblems(proposal, { around, limits, criteria });
    case 'review':
      return reviewProblems(proposal, { around, limits, criteria });
    case 'triage':
      return [];
    default:
      return proposal satisfies never;
  }
}

/** The issues that a proposal would create. */
export function issuesIn(proposal: Proposal): readonly (ProposedChild | ProposedPrd)[] {
  switch (proposal.kind) {
    case 'children':
      return proposal.children;
    case 'review':
      return proposal.gaps;
    case 'prds':
      return proposal.prds;
    case 'plan':
    case 'triage':
      return [];
    default:
      return proposal satisfies never;
  }
}

/** The issues of other repositories, and of this one, that a proposal refers to, as `owner/repo#n`. */
export function referredTo(proposal: Proposal, repo: string): readonly string[] {
  const named = issuesIn(proposal).flatMap(({ blockedBy }) =>
    blockedBy.flatMap(text => {
      const blocker = blockerOf(text, repo);
      return blocker.kind === 'issue' ? [`${blocker.repo}#${blocker.number}`] : [];
    }),
  );
  return [...new Set(named)];
}

function surroundingsOf({ board, unit, issue }: Assignment): Surroundings {
  const { repo } = unit.unit;
  return {
    repo,
    parent: issue?.number ?? null,
    stateOf: (name, number) => board.lookUp({ repo: name, number, isShort: false }).state,
    waitsForParent: (name, number) =>
      issue !== null && name.toLowerCase() === repo.toLowerCase() && waitsFor(unit, number, issue.number),
  };
}

/** Whether an issue waits for another, over blockers, the open issues of PRDs, and the PRDs that issues belong to. */
function waitsFor(unit: UnitBoard, from: number, target: number): boolean {
  const seen = new Set<number>();
  const next = [from];
  for (let number = next.pop(); number !== undefined; number = next.pop()) {
    const found = unit.find(number);
    if (seen.has(number) || !found?.isOpen) continue;
    seen.add(number);
    const prd = found.parent === null || found.parent === target ? null : unit.find(found.parent);
    const blockers = [...found.blockers, ...(prd?.blockers ?? [])].flatMap(({ name, issue }) =>
      issue !== null && name === `${unit.unit.repo}#${issue.number}` ? [issue.number] : [],
    );
    if (blockers.includes(target)) return true;
    const children = unit.issuesOf(number).filter(({ isOpen }) => isOpen);
    next.push(...blockers, ...children.map(({ issue }) => issue.number));
  }
  return false;
}
