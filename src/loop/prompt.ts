import type { Failure, JournalEntry } from '../core/contracts.ts';
import { criteriaOf } from '../core/grammar/criteria.ts';
import type { Answer } from '../core/journal.ts';
import { fence, renderPrompt } from '../core/prompt.ts';
import type { Settings } from '../core/settings.ts';
import type { StageKind } from '../core/world.ts';
import { endsWithProposal } from '../pipeline/accept.ts';
import type { SessionPlan } from '../ports.ts';
import { outcomeExample } from './outcome-example.ts';

/** What a prompt is made of besides the template. */
export interface PromptFacts {
  readonly plan: SessionPlan;
  /** The issue; for PLAN the specification, for PRD the plan. */
  readonly subject: { readonly title: string; readonly body: string };
  /** The unit's issues, one per line. */
  readonly issues: string;
  /** Receipts of the earlier attempts, oldest first. */
  readonly receipts: readonly JournalEntry[];
  /** Output of the command that failed in the last attempt, or the reasons why its proposal was refused. */
  readonly lastOutput: string | null;
  /** The session continues on the commits of an earlier attempt. */
  readonly continues: boolean;
  /** What that attempt left for whoever goes on; null when it left nothing. */
  readonly handoff: string | null;
  /** What people answered to questions of earlier attempts. */
  readonly answers: readonly Answer[];
  readonly settings: Settings;
}

/** Name of the template of a stage's sessions, `prompts/<name>.md`. */
export const templateOf = (kind: StageKind) => kind.toLowerCase();

/** The whole prompt of a session. The fence is derived from the attempt's nonce: nobody can guess it. */
export function promptOf(templates: Readonly<Record<string, string>>, facts: PromptFacts): string {
  const { plan, subject, settings } = facts;
  const name = templateOf(plan.kind);
  const word = `data-${plan.nonce}`;
  return renderPrompt(name, templates[name] ?? '', {
    REPO: plan.repo,
    ISSUE: String(plan.issue ?? ''),
    ATTEMPT: String(plan.attempt),
    BRANCH: plan.branch,
    COMMIT: plan.base,
    FENCE: word,
    ISSUE_TEXT: fence(`# ${subject.title}\n\n${subject.body}`, word),
    CRITERIA: fence(criteriaLines(subject), word),
    ISSUES: fence(facts.issues, word),
    MAX_ISSUES: String(settings.HARNESS_MAX_ISSUES),
    HISTORY: history(facts, word),
    VERIFY: settings.HARNESS_VERIFY
      ? `The engine proves your work by running \`${settings.HARNESS_VERIFY}\` on the merge with the base; run it yourself first.`
      : 'Run the tests of the project before you finish.',
    OUTCOME_EXAMPLE: JSON.stringify(outcomeExample(plan), null, 2),
  });
}

/** Renders every template that a session may get. Throws `config-invalid` for a placeholder that none has. */
export function checkPrompts(templates: Readonly<Record<string, string>>, settings: Settings): void {
  for (const kind of KINDS) {
    if (templates[templateOf(kind)] === undefined) continue;
    promptOf(templates, { ...NOTHING, plan: { ...NOBODYS, kind }, settings });
  }
}

const KINDS: readonly StageKind[] = ['PLAN', 'PRD', 'DECOMPOSE', 'IMPL', 'REVIEW', 'TRIAGE', 'FIX'];

const NOBODYS: SessionPlan = {
  name: '',
  kind: 'IMPL',
  unit: '',
  repo: '',
  issue: 1,
  attempt: 1,
  epoch: 1,
  nonce: 'nobody',
  branch: '',
  base: '',
  start: '',
  worktree: '',
  bodyHash: '',
};

const NOTHING = {
  subject: { title: '', body: '' },
  issues: '',
  receipts: [],
  lastOutput: null,
  continues: false,
  handoff: null,
  answers: [],
} as const;

const criteriaLines = (subject: PromptFacts['subject']) =>
  criteriaOf(subject)
    .map(({ id, text }) => `${id}. ${text}`)
    .join('\n');

function history(
  { plan, receipts, lastOutput, continues, handoff, answers }: PromptFacts,
  word: string,
): string {
  const failed = receipts.filter(receipt => receipt.failure && receipt.kind === plan.kind);
  if (failed.length === 0) return '';
  const lines = failed.map(receipt => `- attempt ${receipt.attempt}: ${describe(receipt.failure)}`);
  const what = endsWithProposal(plan.kind) ? 'What was wrong with it' : 'The last output';
  const parts = [
    '# Earlier attempts',
    lines.join('\n'),
    ...(continues ? ['Your branch starts with the commits of the last attempt. Build on them.'] : []),
    ...(handoff ? ['Its handoff, as data:', fence(handoff, word)] : []),
    ...(answers.length > 0
      ? ['People answered. Go by what they say:', fence(answers.map(said).join('\n\n'), word)]
      : []),
    ...(lastOutput ? [`${what}, as data:`, fence(lastOutput, word)] : []),
  ];
  return `\n${parts.join('\n\n')}\n`;
}

const said = ({ question, answer }: Answer) => `Question: ${question}\nAnswer: ${answer}`;

const describe = (failure: Failure | undefined) =>
  failure ? `${failure.class}: ${failure.message.replaceAll('\n', ' ')}` : 'succeeded';
