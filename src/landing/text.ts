import type { GateVerdict, Outcome } from '../core/contracts.ts';
import { cutTo, neutralise, neutraliseLine } from '../core/text.ts';
import type { Issue } from '../core/world.ts';

/** Title and message of what lands, written by the engine alone. */
export interface LandingText {
  readonly pullTitle: string;
  readonly pullBody: string;
  readonly commitTitle: (pull: number) => string;
  readonly commitMessage: string;
}

/** The texts of one issue's landing. `outcome` is null when a landing is resumed without its session. */
export function landingText(
  issue: Pick<Issue, 'number' | 'title'>,
  attempt: number,
  outcome: Outcome | null,
  gates: readonly GateVerdict[],
): LandingText {
  const title = neutraliseLine(issue.title) || `Issue ${issue.number}`;
  const body = [
    outcome ? cutTo(neutralise(outcome.summary), 10_000) : 'The work of an attempt whose session is gone.',
    ...criteria(outcome),
    '## Gates',
    gates.map(gateLine).join('\n'),
    `Attempt ${attempt}. Closes #${issue.number}`,
  ];
  return {
    pullTitle: title,
    pullBody: body.join('\n\n'),
    commitTitle: pull => `${title} (#${pull})`,
    commitMessage: `Closes #${issue.number}\n\nIssue: #${issue.number}\nAttempt: ${attempt}\n`,
  };
}

function criteria(outcome: Outcome | null): readonly string[] {
  if (!outcome || outcome.criteria.length === 0) return [];
  const rows = outcome.criteria.map(({ id, evidence }) => `| ${cell(id)} | ${cell(evidence)} |`);
  return ['## Criteria', ['| criterion | evidence |', '|---|---|', ...rows].join('\n')];
}

/** One gate as a list item. */
export const gateLine = ({ gate, verdict, reason }: GateVerdict) =>
  `- ${verdict === 'pass' ? '✓' : '✗'} **${gate}**: ${neutraliseLine(reason, 300)}`;

const cell = (text: string) => neutraliseLine(text, 500).replaceAll('|', '\\|');
