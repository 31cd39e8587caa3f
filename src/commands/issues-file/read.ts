import { readFile } from 'node:fs/promises';
import { isKey } from '../../core/proposals/references.ts';
import { HarnessError, messageOf } from '../../errors.ts';
import { parseCsvIssues } from './csv.ts';
import type { Fail, IssueText } from './issue-text.ts';
import { parseJsonIssues } from './json.ts';
import { parseMarkdownIssues } from './markdown.ts';

/**
 * Reads the issues in a file: CSV when its name says so, JSON when it begins with a bracket, else Markdown;
 * `docs/issues.md` describes the three.
 * Throws `issues-invalid`, with the line, for a file that can't be read or says something else.
 */
export async function readIssuesFile(path: string): Promise<readonly IssueText[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new HarnessError('issues-invalid', `${path} can't be read: ${messageOf(error)}`, { cause: error });
  });
  const fail: Fail = (line, problem) => {
    throw new HarnessError('issues-invalid', `${path}:${line}: ${problem}.`);
  };
  const issues = parserOf(path, text)(text, fail);
  if (issues.length === 0) fail(1, 'there is no issue in it');
  const [problem] = problemsIn(issues);
  if (problem !== undefined) throw new HarnessError('issues-invalid', `${path}: ${problem}.`);
  return issues;
}

/** What is wrong with keys, and with what waits for what. */
function problemsIn(issues: readonly IssueText[]): readonly string[] {
  const keys = issues.flatMap(({ key }) => key ?? []);
  return [
    ...keys
      .filter(key => !isKey(key))
      .map(key => `the key ${JSON.stringify(key)} has other than small letters, digits and hyphens`),
    ...keys
      .filter((key, index) => keys.indexOf(key) !== index)
      .map(key => `the key ${JSON.stringify(key)} is used twice`),
    ...issues.flatMap(({ key, title, blockedBy }) =>
      blockedBy
        .filter(name => name === key || !(keys.includes(name) || ISSUE.test(name)))
        .map(
          name =>
            `"${title}" waits for ${name === key ? 'itself' : `${JSON.stringify(name)}, which is neither a key of the file nor an issue`}`,
        ),
    ),
  ];
}

const ISSUE = /^(?:[\w.-]+\/[\w.-]+)?#[1-9]\d{0,14}$/;

function parserOf(path: string, text: string): typeof parseJsonIssues {
  if (/\.csv$/i.test(path)) return parseCsvIssues;
  return /^\s*[[{]/.test(text) ? parseJsonIssues : parseMarkdownIssues;
}
