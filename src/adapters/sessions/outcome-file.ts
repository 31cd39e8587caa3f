import type { Outcome, Review } from '../../core/contracts.ts';
import type { OutcomeFile, ReviewFile, SessionPlan } from '../../ports.ts';
import { readOwnFile } from './own-file.ts';
import type { SessionPaths } from './session-files.ts';

/** Reads the outcome that a session left. The file is an agent's, and it must belong to this attempt. */
export async function readOutcome(
  { outcomeDir, outcome }: Pick<SessionPaths, 'outcome' | 'outcomeDir'>,
  plan: SessionPlan,
): Promise<OutcomeFile> {
  const file = readOwnFile({ dir: outcomeDir, path: outcome, maxBytes: READ_BYTES });
  if (file.kind === 'missing') return file;
  if (file.kind === 'refused') return { kind: 'invalid', problems: [file.problem] };

  // Loaded only here: most commands look at sessions without ever meeting an outcome.
  const { parseOutcome, parseReview } = await import('../../contracts.ts');
  const parsed = plan.review ? asOutcome(parseReview(file.text)) : parseOutcome(file.text);
  if (parsed.kind !== 'valid') return parsed;
  const problems = [
    ...mismatch('nonce', parsed.outcome.nonce, plan.nonce),
    ...mismatch('repo', parsed.outcome.repo.toLowerCase(), plan.repo.toLowerCase()),
    ...(plan.issue === null ? [] : mismatch('issue', parsed.outcome.issue, plan.issue)),
    ...(await proposalProblems(plan, parsed.outcome)),
  ];
  return problems.length === 0 ? parsed : { kind: 'invalid', problems };
}

/** A reviewer's verdict, as the proposal of an outcome: to a session it is what every other one leaves. */
function asOutcome(file: ReviewFile): OutcomeFile {
  if (file.kind !== 'valid') return file;
  const { version, nonce, repo, issue, summary } = file.review;
  const nothing = { criteria: [], blockers: [], discoveries: [] };
  const outcome: Outcome = { version, nonce, repo, issue, status: 'done', summary, ...nothing };
  return { kind: 'valid', outcome: { ...outcome, proposal: file.review } };
}

/** Its shape only, so that an agent that is still there can mend it; the engine judges what it says. */
async function proposalProblems({ kind, review }: SessionPlan, outcome: Outcome): Promise<readonly string[]> {
  if (review) return mismatch('sha', (outcome.proposal as Review).sha, review.head);
  const { endsWithProposal, parseProposal } = await import('../../contracts/proposals.ts');
  if (outcome.status !== 'done' || !endsWithProposal(kind)) return [];
  const parsed = parseProposal(kind, outcome.proposal);
  return parsed.kind === 'valid' ? [] : parsed.problems;
}

/** One byte more than an outcome may have is enough to be refused. */
const READ_BYTES = 256 * 1024 + 1;

function mismatch(name: string, actual: string | number, expected: string | number): readonly string[] {
  if (actual === expected) return [];
  return [`${name}: is ${JSON.stringify(actual)}, but this attempt has ${JSON.stringify(expected)}`];
}
