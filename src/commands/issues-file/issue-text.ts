/** An issue of a person's file. */
export interface IssueText {
  /** By which others in the file name it; null when none does. */
  readonly key: string | null;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  /** What it waits for: keys of the same file, `#12`, `owner/repo#12`. */
  readonly blockedBy: readonly string[];
}

/** What an issue is labelled when the file does not say: the label of issues that agents may take. */
export const READY_LABEL = 'ready-for-agent';

/** Throws what is wrong with a line of the file. */
export type Fail = (line: number, problem: string) => never;

/** GitHub's limits, in code points. */
const LONGEST = { title: 256, body: 65_536 } as const;

/** Why GitHub would not take an issue; null when it would. */
export function problemInTexts({ title, body }: { title: string; body: string }): string | null {
  if (title.trim() === '') return 'the title is empty';
  if ([...title.trim()].length > LONGEST.title) return `the title is longer than ${LONGEST.title} characters`;
  return [...body].length > LONGEST.body ? `the body is longer than ${LONGEST.body} characters` : null;
}

/** The names in a list with commas between. */
export const namesIn = (list: string): readonly string[] =>
  list
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '');

/** Its body with what it waits for in a section of its own, as `nameOf` names each. */
export function bodyWithBlockers(
  { body, blockedBy }: IssueText,
  nameOf: (blocker: string) => string,
): string {
  if (blockedBy.length === 0) return body;
  return `${body}\n\n## Blocked by\n\n${blockedBy.map(blocker => `- ${nameOf(blocker)}`).join('\n')}`.trim();
}

/** The issues as they are filed in a repository without any: numbered from 1 in their order. */
export function numberedFromOne(issues: readonly IssueText[]) {
  const numberOf = (key: string) => issues.findIndex(issue => issue.key === key) + 1;
  return issues.map(issue => ({
    title: issue.title,
    body: bodyWithBlockers(issue, name => (numberOf(name) > 0 ? `#${numberOf(name)}` : name)),
    labels: issue.labels,
  }));
}
