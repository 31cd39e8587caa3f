import type { UnitBoard } from './board.ts';
import type { Issue } from './world.ts';

/** What an agent saw of the issues when it proposed, as far as its proposal rests on it. */
export type SeenIssues = Readonly<Record<number, string>>;

/**
 * The issues of trusted authors as they read: title, text and whether they are open. Labels change all the time
 * while a fleet works, and nothing that is proposed rests on them. `digest` is a hash function.
 */
export const seenIssuesOf = ({ issues }: UnitBoard, digest: (text: string) => string): SeenIssues =>
  Object.fromEntries(issues.map(({ issue }) => [issue.number, signOf(issue, digest)]));

const signOf = ({ title, body, state }: Issue, digest: (text: string) => string) =>
  `${state} ${digest(`${title}\0${body}`)}`;

/** What is different now, one line for each issue; empty when it is as it was. */
export function differenceSince(
  before: SeenIssues,
  unit: UnitBoard,
  digest: (text: string) => string,
): readonly string[] {
  const now = seenIssuesOf(unit, digest);
  const there = unit.issues.flatMap(({ issue }) => {
    const [was, is] = [before[issue.number], now[issue.number]];
    return was === is ? [] : [`#${issue.number} ${changeOf(was, issue)}: ${issue.title}`];
  });
  const gone = Object.keys(before)
    .filter(number => now[Number(number)] === undefined)
    .map(number => `#${number} is gone`);
  return [...there, ...gone];
}

function changeOf(was: string | undefined, { state }: Issue): string {
  if (was === undefined) return 'is new';
  if (!was.startsWith(`${state} `)) return state === 'closed' ? 'was closed' : 'was opened again';
  return 'was edited';
}
