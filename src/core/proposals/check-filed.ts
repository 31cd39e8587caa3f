import { type AdditionsMeasure, titleTaken, tooEarly } from './check-additions.ts';
import { titlesTwice } from './check-children.ts';
import { orderProblems, type Surroundings } from './graph.ts';
import { BODY_CHARACTERS } from './limits.ts';
import type { FiledIssue, FiledProposal } from './proposal.ts';
import { waitsOf } from './references-in.ts';
import { MARKER } from './texts.ts';

/** Issues of one file; each is three requests, and GitHub slows down who writes much. */
export const MOST_FILED = 500;

/** Everything that is wrong with the issues of a file. */
export function filedProblems(
  { issues }: FiledProposal,
  {
    unit,
    around,
    due,
    prdLabel,
  }: Pick<AdditionsMeasure, 'unit' | 'due'> & {
    readonly around: Surroundings;
    /** What makes an issue a PRD, in lower case. */
    readonly prdLabel: string;
  },
): readonly string[] {
  if (issues.length > MOST_FILED) {
    return [`it has ${issues.length} issues; at most ${MOST_FILED} are filed at once`];
  }
  const hasPrd = issues.some(({ labels }) => labels.some(label => label.toLowerCase() === prdLabel));
  return [
    ...(hasPrd ? tooEarly(due) : []),
    ...titlesTwice(issues),
    ...issues.flatMap(issue => titleTaken(issue.key, issue.title, unit)),
    ...issues.flatMap(textsOf),
    ...orderProblems(
      issues.map(issue => ({ key: issue.key, blockedBy: waitsOf(issue, around.repo) })),
      around,
    ),
  ];
}

function textsOf({ key, title, body, labels }: FiledIssue): readonly string[] {
  const room = BODY_CHARACTERS - ROOM_FOR_OURS;
  return [
    ...(/[\p{Cc}\u2028\u2029]/u.test(title) ? [`${key}: its title has control characters`] : []),
    ...(MARKER.test(`${title}\n${body}`)
      ? [`${key} holds a marker that only the engine writes ("<!-- harness:")`]
      : []),
    ...([...body].length > room ? [`${key}: its body is longer than ${room} characters`] : []),
    ...labels
      .filter(label => label.length > LABEL_CHARACTERS)
      .map(
        label => `${key}: the label "${label.slice(0, 30)}…" is longer than ${LABEL_CHARACTERS} characters`,
      ),
    ...(labels.length > LABELS ? [`${key}: it has more than ${LABELS} labels`] : []),
  ];
}

/** Characters for what is added to a body: its key, and what it waits for. */
const ROOM_FOR_OURS = 4_000;

/** GitHub's limits of a label's name, and of the labels of an issue. */
const LABEL_CHARACTERS = 50;
const LABELS = 100;
