/** An issue of a person's file. */
export interface IssueText {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
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
