import type { Criterion } from '../grammar/criteria.ts';
import { TEXT_CHARACTERS } from './limits.ts';
import type { JudgementProposal, ReviewProposal } from './proposal.ts';
import { textProblems } from './texts.ts';

/** What is wrong with the comparison that a review prepares; `tasks` is null where there is no quality bar. */
export function contestProblems(
  { contest }: Pick<ReviewProposal, 'contest'>,
  tasks: readonly Criterion[] | null,
): readonly string[] {
  if (tasks === null) return contest ? ['there is no quality bar to compare with: leave out `contest`'] : [];
  const entries = contest ?? [];
  return [
    ...onePerTask(
      entries.map(({ task }) => task),
      tasks,
    ),
    ...entries.flatMap(({ task, ours, reference }) => [
      ...outputProblems(`contest, task ${task.slice(0, 60)}, ours`, ours),
      ...outputProblems(`contest, task ${task.slice(0, 60)}, reference`, reference),
    ]),
  ];
}

const outputProblems = (label: string, text: string) =>
  text.length > OUTPUT_CHARACTERS
    ? [`${label} has ${text.length} characters; at most ${OUTPUT_CHARACTERS} are taken`]
    : textProblems(label, text);

const OUTPUT_CHARACTERS = TEXT_CHARACTERS / 2;

/** Everything that is wrong with a judge's proposal. */
export function judgementProblems(
  { tasks: verdicts }: JudgementProposal,
  tasks: readonly Criterion[] | null,
): readonly string[] {
  if (tasks === null) return ['the PRD has no quality bar any more'];
  return [
    ...onePerTask(
      verdicts.map(({ task }) => task),
      tasks,
    ),
    ...verdicts.flatMap(({ task, reason }) =>
      textProblems(`the reason on task ${task.slice(0, 60)}`, reason),
    ),
  ];
}

function onePerTask(named: readonly string[], tasks: readonly Criterion[]): readonly string[] {
  return [
    ...tasks
      .filter(({ id }) => !named.includes(id))
      .map(({ id }) => `task ${id} of the quality bar is missing`),
    ...named
      .filter((id, index) => named.indexOf(id) !== index || !tasks.some(task => task.id === id))
      .map(id => `"${id.slice(0, 60)}" is no task of the quality bar, or is there twice`),
  ];
}
