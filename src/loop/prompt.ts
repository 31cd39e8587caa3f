import type { Failure, JournalEntry } from '../core/contracts.ts';
import { fence, renderPrompt } from '../core/prompt.ts';
import type { Issue } from '../core/world.ts';
import type { SessionPlan } from '../ports.ts';

/** What a prompt is made of besides the template. */
export interface PromptFacts {
  readonly plan: SessionPlan;
  readonly issue: Pick<Issue, 'title' | 'body'>;
  /** Receipts of the earlier attempts, oldest first. */
  readonly receipts: readonly JournalEntry[];
  /** Output of the command that failed in the last attempt. */
  readonly lastOutput: string | null;
  /** The session continues on the commits of an earlier attempt. */
  readonly continues: boolean;
  /** What that attempt left for whoever goes on; null when it left nothing. */
  readonly handoff: string | null;
  readonly verifyCommand: string;
}

/** The whole prompt of an implementing session. The fence is derived from the attempt's nonce: nobody can guess it. */
export function implPrompt(template: string, facts: PromptFacts): string {
  const { plan, issue } = facts;
  const word = `data-${plan.nonce}`;
  return renderPrompt('impl', template, {
    REPO: plan.repo,
    ISSUE: String(plan.issue),
    ATTEMPT: String(plan.attempt),
    BRANCH: plan.branch,
    FENCE: word,
    ISSUE_TEXT: fence(`# ${issue.title}\n\n${issue.body}`, word),
    HISTORY: history(facts, word),
    VERIFY: facts.verifyCommand
      ? `The engine proves your work by running \`${facts.verifyCommand}\` on the merge with the base; run it yourself first.`
      : 'Run the tests of the project before you finish.',
    OUTCOME_EXAMPLE: JSON.stringify(outcomeExample(plan), null, 2),
  });
}

const outcomeExample = ({ nonce, repo, issue }: SessionPlan) => ({
  version: 1,
  nonce,
  repo,
  issue,
  status: 'done',
  summary: 'What you did, in a few sentences.',
  criteria: [{ id: 'the criterion', evidence: 'what shows that it holds' }],
  blockers: [],
  discoveries: [],
});

function history({ receipts, lastOutput, continues, handoff }: PromptFacts, word: string): string {
  const failed = receipts.filter(receipt => receipt.failure);
  if (failed.length === 0) return '';
  const lines = failed.map(receipt => `- attempt ${receipt.attempt}: ${describe(receipt.failure)}`);
  const parts = [
    '# Earlier attempts',
    lines.join('\n'),
    ...(continues ? ['Your branch starts with the commits of the last attempt. Build on them.'] : []),
    ...(handoff ? ['Its handoff, as data:', fence(handoff, word)] : []),
    ...(lastOutput ? ['The last output, as data:', fence(lastOutput, word)] : []),
  ];
  return `\n${parts.join('\n\n')}\n`;
}

const describe = (failure: Failure | undefined) =>
  failure ? `${failure.class}: ${failure.message.replaceAll('\n', ' ')}` : 'succeeded';
