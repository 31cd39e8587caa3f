import type { Issue } from '../world.ts';
import type { Surroundings } from './graph.ts';
import type { TriageProposal } from './proposal.ts';
import { blockerOf } from './references.ts';
import { listProblems, scopeProblems, textProblems } from './texts.ts';
import { triagedReadBack } from './triaged-body.ts';

/** The report that was triaged, and what is around it. */
export interface Reported {
  readonly issue: Pick<Issue, 'number' | 'body'>;
  readonly around: Pick<Surroundings, 'repo' | 'stateOf'>;
}

/** Everything that is wrong with a TRIAGE proposal. */
export function triageProblems(triage: TriageProposal, reported: Reported): readonly string[] {
  return [
    ...textProblems('the cause', triage.cause),
    ...(triage.duplicateOf !== undefined && triage.verdict !== 'duplicate'
      ? ['duplicateOf is for a duplicate alone']
      : []),
    ...verdictProblems(triage, reported),
  ];
}

function verdictProblems(triage: TriageProposal, reported: Reported): readonly string[] {
  switch (triage.verdict) {
    case 'bug':
      return bugProblems(triage, reported);
    case 'duplicate':
      return duplicateProblems(triage, reported);
    case 'needs-information':
      return textProblems('the question', triage.question ?? '');
    case 'not-a-bug':
      return [];
    default:
      return triage.verdict satisfies never;
  }
}

function bugProblems(triage: TriageProposal, { issue, around }: Reported): readonly string[] {
  const problems = [
    ...textProblems('the body', triage.body),
    ...listProblems('the acceptance criteria', triage.acceptance, 1),
    ...scopeProblems('the scope', triage.scope),
  ];
  return problems.length > 0 ? problems : triagedReadBack(triage, around.repo, issue.body);
}

function duplicateProblems(
  { duplicateOf = '' }: TriageProposal,
  { issue, around }: Reported,
): readonly string[] {
  const original = blockerOf(duplicateOf, around.repo);
  if (original.kind !== 'issue') {
    return [`duplicateOf: "${duplicateOf.slice(0, 60)}" is no issue; write #5 or owner/repo#5`];
  }
  const { repo, number } = original;
  if (repo.toLowerCase() === around.repo.toLowerCase() && number === issue.number) {
    return ['duplicateOf: it is the issue itself'];
  }
  const state = around.stateOf(repo, number);
  return state === 'open' || state === 'closed'
    ? []
    : [`duplicateOf: ${repo}#${number} is ${DEAD[state]}, so nothing would be left of the report`];
}

const DEAD = {
  missing: 'not there',
  unknown: 'not to be seen',
  duplicate: 'closed as a duplicate itself',
  not_planned: 'closed as not planned',
  merged: 'a pull request',
} as const;
