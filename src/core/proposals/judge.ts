import type { Board, UnitBoard } from '../board.ts';
import { criteriaOf } from '../grammar/criteria.ts';
import { contestTasksOf } from '../grammar/quality-bar.ts';
import { dueStage } from '../rules/stage.ts';
import type { Issue } from '../world.ts';
import { additionsProblems } from './check-additions.ts';
import { childrenProblems } from './check-children.ts';
import { filedProblems } from './check-filed.ts';
import { judgementProblems } from './check-judgement.ts';
import { planProblems, prdsProblems } from './check-prds.ts';
import { replanProblems } from './check-replan.ts';
import { reviewProblems } from './check-review.ts';
import { triageProblems } from './check-triage.ts';
import type { Node, Surroundings } from './graph.ts';
import type { Proposal } from './proposal.ts';
import { blockerOf } from './references.ts';
import { waitsOf } from './references-in.ts';

/** What a proposal is for, and the board as it is when it is judged. */
export interface Assignment {
  readonly board: Board;
  readonly unit: UnitBoard;
  /** The PRD; null for PLAN and PRD. */
  readonly issue: Pick<Issue, 'number' | 'title' | 'body'> | null;
  /** The plan that new PRDs belong to; null for none, and where none are added. */
  readonly plan: string | null;
}

/** Everything that is wrong with a proposal, in words for whoever makes the next one. */
export function judge(proposal: Proposal, assignment: Assignment): readonly string[] {
  const { board, issue } = assignment;
  const limits = { issues: board.settings.HARNESS_MAX_ISSUES };
  const around = surroundingsOf(assignment);
  const criteria = issue === null ? [] : criteriaOf(issue);
  const neighbours = { own: assignment.unit.unit, all: board.units };
  switch (proposal.kind) {
    case 'plan':
      return planProblems(proposal);
    case 'prds':
      return prdsProblems(proposal, { around, limits }, neighbours);
    case 'children':
      return childrenProblems(proposal, { around, limits, criteria }, neighbours);
    case 'review':
      return reviewProblems(
        proposal,
        { around, limits, criteria },
        issue && contestTasksOf(issue),
        neighbours,
      );
    case 'replan':
      return replanProblems(proposal, {
        board,
        unit: assignment.unit,
        measure: { around, limits, criteria },
        around: surroundingsOf({ ...assignment, issue: proposal }),
      });
    case 'judgement':
      return judgementProblems(proposal, issue && contestTasksOf(issue));
    case 'triage':
      return issue === null
        ? ['there is no bug that it is about']
        : triageProblems(proposal, { issue, around });
    case 'additions':
      return additionsProblems(proposal, {
        unit: assignment.unit,
        neighbours,
        limits,
        plan: assignment.plan,
        due: dueStage(assignment),
        aroundOf: parent =>
          surroundingsOf({ ...assignment, issue: parent === null ? null : { number: parent } }),
        isHeld: number => board.work.on(assignment.unit.unit.repo, number).lease?.live === true,
      });
    case 'filed':
      return filedProblems(proposal, {
        unit: assignment.unit,
        around,
        due: dueStage(assignment),
        prdLabel: board.labels.prd,
      });
    default:
      return proposal satisfies never;
  }
}

/** The issues that a proposal would create, as far as the order of work goes. */
export function issuesIn(proposal: Proposal, repo: string): readonly Node[] {
  switch (proposal.kind) {
    case 'children':
      return proposal.children;
    case 'review':
      return proposal.gaps;
    case 'replan':
      return [...proposal.parts, proposal.rewrite];
    case 'prds':
      return proposal.prds;
    case 'additions':
      return [...proposal.prds, ...proposal.issues];
    case 'filed':
      return proposal.issues.map(issue => ({ key: issue.key, blockedBy: waitsOf(issue, repo) }));
    case 'plan':
    case 'judgement':
    case 'triage':
      return [];
    default:
      return proposal satisfies never;
  }
}

/** The issues of other repositories, and of this one, that a proposal refers to, as `owner/repo#n`. */
export function referredTo(proposal: Proposal, repo: string): readonly string[] {
  const texts = [
    ...issuesIn(proposal, repo).flatMap(({ blockedBy }) => blockedBy),
    ...(proposal.kind === 'triage' ? [proposal.duplicateOf ?? ''] : []),
  ];
  const named = texts.flatMap(text => {
    const blocker = blockerOf(text, repo);
    return blocker.kind === 'issue' ? [`${blocker.repo}#${blocker.number}`] : [];
  });
  return [...new Set(named)];
}

function surroundingsOf({
  board,
  unit,
  issue,
}: Pick<Assignment, 'board' | 'unit'> & { readonly issue: Pick<Issue, 'number'> | null }): Surroundings {
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
