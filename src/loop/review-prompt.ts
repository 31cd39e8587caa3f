import type { GateVerdict, PointAnswer, Review, ReviewPoint } from '../core/contracts.ts';
import { renderPrompt } from '../core/prompt.ts';
import type { Settings } from '../core/settings.ts';
import { cutTo } from '../core/text.ts';
import type { FilePatch, Oid, SessionPlan } from '../ports.ts';
import { fenced, NO_FACTS, type PromptFacts, valuesOf } from './prompt.ts';

/** What a reviewer is told besides the issue. */
export interface ReviewPromptFacts {
  readonly plan: SessionPlan;
  readonly subject: PromptFacts['subject'];
  readonly comments: PromptFacts['comments'];
  readonly head: Oid;
  readonly files: readonly FilePatch[];
  /** Verdicts of the gates so far. */
  readonly gates: readonly GateVerdict[];
  readonly points: readonly ReviewPoint[];
  readonly answers: readonly PointAnswer[];
  readonly settings: Settings;
}

/** The whole prompt of a session that reviews a change. */
export function reviewPromptOf(
  templates: Readonly<Record<string, string>>,
  facts: ReviewPromptFacts,
): string {
  const { plan, subject, comments, settings, head, files, gates, points, answers } = facts;
  const weakened = gates.find(({ gate }) => gate === 'weakened')?.evidence ?? [];
  const said = (id: string) => answers.find(answer => answer.id === id);
  const rounds = points.map(({ id, text }) => {
    const answer = said(id);
    return `- ${id}: ${text}\n  ${answer ? `${answer.answer}: ${answer.reason}` : 'not answered'}`;
  });
  return renderPrompt('code-review', templates['code-review'] ?? '', {
    ...valuesOf({ ...NO_FACTS, plan, subject, comments, settings }),
    HEAD: head,
    DIFF: fenced(cutTo(files.map(describeFile).join('\n\n'), MOST_OF_A_DIFF), plan),
    WEAKENED: fenced(weakened.map(id => `- ${id}`).join('\n') || 'Nothing.', plan),
    POINTS: fenced(rounds.join('\n') || 'Nothing.', plan),
    OUTCOME_EXAMPLE: JSON.stringify(reviewExample(plan), null, 2),
  });
}

// The rest is in the worktree; a model reads no more of it well at once.
const MOST_OF_A_DIFF = 100_000;

function describeFile({
  path,
  oldPath,
  status,
  kind,
  link,
  added,
  removed,
  isBinary,
  isCut,
}: FilePatch): string {
  const from = oldPath === null ? '' : ` from ${oldPath}`;
  const what = kind === 'file' || kind === null ? '' : ` (${kind}${link === null ? '' : ` to ${link}`})`;
  const head = `=== ${path}: ${status}${from}${what}`;
  if (isBinary || isCut) return `${head}\n(${isBinary ? 'not text' : 'too long to be shown'})`;
  return [
    head,
    ...removed.map(({ line, text }) => `-${line}: ${text}`),
    ...added.map(({ line, text }) => `+${line}: ${text}`),
  ].join('\n');
}

const reviewExample = ({ nonce, repo, issue, review }: SessionPlan): Review => ({
  version: 1,
  nonce,
  repo,
  issue: issue ?? 0,
  sha: review?.head ?? '',
  summary: 'What you think of the change, in a few sentences.',
  criteria: (review?.criteria ?? []).map(id => ({
    id,
    verdict: 'pass',
    evidence: 'the test, or the file and line, that shows it',
  })),
  findings: [
    { id: 'f1', weight: 'may', path: 'src/export.ts', line: 41, message: 'What is wrong, and why.' },
  ],
  accepts: [],
});
