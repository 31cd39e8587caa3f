import type { Fail, IssueText } from './issue-text.ts';
import { problemInTexts, READY_LABEL } from './issue-text.ts';

/**
 * `# Title` begins an issue, except in a code block, and its body follows; a line `Labels: a, b` right below
 * the title names its labels.
 */
export function parseMarkdownIssues(text: string, fail: Fail): readonly IssueText[] {
  const sections: Section[] = [];
  let fence: string | null = null;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const title = fence === null ? titleIn(line) : null;
    if (title === null) {
      const section = sections.at(-1);
      if (section === undefined && line.trim() !== '') {
        fail(index + 1, 'expected "# Title" before any other text');
      }
      section?.lines.push(line);
      fence = fenceAfter(line, fence);
      continue;
    }
    sections.push({ title, begins: index + 1, lines: [] });
  }
  return sections.map(section => {
    const issue = issueOfSection(section);
    const problem = problemInTexts(issue);
    return problem === null ? issue : fail(section.begins, problem);
  });
}

interface Section {
  readonly title: string;
  /** Line of the title. */
  readonly begins: number;
  readonly lines: string[];
}

function titleIn(line: string): string | null {
  const [match, title = ''] = /^#(?:\s+(.*))?$/.exec(line) ?? [];
  return match === undefined ? null : title.trim();
}

/** The marks of the code block that we are in after a line; null outside of one. */
function fenceAfter(line: string, fence: string | null): string | null {
  const [, marks] = /^ {0,3}(`{3,}|~{3,})/.exec(line) ?? [];
  if (marks === undefined) return fence;
  if (fence === null) return marks;
  return marks.startsWith(fence) && line.trim() === marks ? null : fence;
}

function issueOfSection({ title, lines }: Section): IssueText {
  const text = lines.join('\n').trim();
  const [line = '', names] = /^labels:(.*)$/im.exec(text.split('\n')[0] ?? '') ?? [];
  const labels = names?.split(',').map(name => name.trim());
  return {
    title,
    body: text.slice(line.length).trim(),
    labels: labels?.filter(name => name !== '') ?? [READY_LABEL],
  };
}
