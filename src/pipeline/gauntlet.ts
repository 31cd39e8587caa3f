import type { GateVerdict } from '../core/contracts.ts';
import { type Contest, type ContestEntry, GAUNTLET } from '../core/gauntlet.ts';
import type { Criterion } from '../core/grammar/criteria.ts';
import type { JudgementProposal, ProposedChild } from '../core/proposals/proposal.ts';
import { cutTo, neutralise } from '../core/text.ts';
import { sha256 } from '../leases/digest.ts';

/** A comparison with the tasks that it is about. */
export interface JudgedContest extends Contest {
  readonly tasks: readonly Criterion[];
}

/** Whether A is ours in a task: drawn by a nonce that no agent has seen, and the same for whoever asks again. */
const isAOurs = ({ nonce }: Pick<Contest, 'nonce'>, task: string) =>
  Number.parseInt(sha256(`${nonce} ${task}`).slice(0, 1), 16) % 2 === 0;

/** What a judge sees: the tasks, and for each of them two outputs without a name. */
export function contestText(contest: JudgedContest): string {
  return contest.entries
    .map(entry => {
      const [a, b] = sidesOf(contest, entry);
      const task = contest.tasks.find(({ id }) => id === entry.task)?.text ?? '';
      return [`## Task ${entry.task}: ${task}`, `### Output A`, a, '### Output B', b].join('\n\n');
    })
    .join('\n\n');
}

const sidesOf = (contest: Contest, { task, ours, reference }: ContestEntry) =>
  isAOurs(contest, task) ? [ours, reference] : [reference, ours];

/** What a judgement means once the sides have their names again. */
export interface Round {
  readonly verdict: GateVerdict;
  /** Tasks in which the reference is better, with the judge's reasons. */
  readonly lost: readonly { readonly task: string; readonly reason: string }[];
  readonly isWon: boolean;
  /** Which round it was, from 1. */
  readonly number: number;
}

/** A round is lost when the reference is better in more tasks than our product is. */
export function roundOf(contest: Contest, { tasks }: JudgementProposal): Round {
  const byOurs = (better: 'A' | 'B', task: string) => (better === 'A') === isAOurs(contest, task);
  const decided = tasks.flatMap(({ task, better, reason }) =>
    better === 'equal' ? [] : [{ task, reason, isOurs: byOurs(better, task) }],
  );
  const lost = decided.filter(({ isOurs }) => !isOurs);
  const isWon = lost.length * 2 <= decided.length;
  const number = contest.lost + 1;
  const score = `${decided.length - lost.length} of ${tasks.length} tasks are better, ${lost.length} worse`;
  return {
    verdict: { gate: GAUNTLET, verdict: isWon ? 'pass' : 'fail', reason: `round ${number}: ${score}` },
    lost,
    isWon,
    number,
  };
}

/** The one issue that a lost round files. */
export function gapOf({ lost, number }: Round, tasks: readonly Criterion[], prd: number): ProposedChild {
  const textOf = (id: string) => cutTo(tasks.find(task => task.id === id)?.text ?? id, 300);
  const reasons = lost.map(({ task, reason }) => `- ${textOf(task)}\n\n${quoted(reason)}`);
  return {
    key: `gauntlet-${number}`,
    title: `Reach the quality bar of #${prd}, round ${number}`,
    body: [
      'The product was compared with the reference that the quality bar of its PRD names, by a judge who knew neither.',
      'The reference was better here; A and B in the judge’s words are the two outputs, in no fixed order:',
      ...reasons,
    ].join('\n\n'),
    covers: [],
    acceptance: lost.map(({ task }) => `At least as good as the reference: ${textOf(task)}`),
    blockedBy: [],
    scope: [],
    size: 'medium',
  };
}

const quoted = (text: string) =>
  cutTo(neutralise(text), 2_000)
    .trim()
    .split('\n')
    .map(line => `  > ${line}`)
    .join('\n');
