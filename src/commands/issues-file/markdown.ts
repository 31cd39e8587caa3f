import { type Fail, type IssueText, namesIn, problemInTexts, READY_LABEL } from './issue-text.ts';

/**
 * `# Title` begins an issue, except in a code block, and its body follows. Lines right below the title may say
 * `Labels: a, b`, `Key: words` and `Blocked by: words, #12`.
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
  const facts = new Map<string, string>();
  let body = text;
  for (let fact = FACT.exec(body); fact !== null; fact = FACT.exec(body)) {
    facts.set((fact[1] ?? '').toLowerCase(), (fact[2] ?? '').trim());
    body = body.slice(fact[0].length);
  }
  const labels = facts.get('labels');
  return {
    key: facts.get('key') || null,
    title,
    body: body.trim(),
    labels: labels === undefined ? [READY_LABEL] : namesIn(labels),
    blockedBy: namesIn(facts.get('blocked by') ?? ''),
  };
}

const FACT = /^(labels|key|blocked by):([^\n]*)(?:\n|$)/i;
