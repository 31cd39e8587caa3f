import { readFile } from 'node:fs/promises';
import { HarnessError, messageOf } from '../../errors.ts';
import type { Fail, IssueText } from './issue-text.ts';
import { parseJsonIssues } from './json-issues.ts';
import { parseMarkdownIssues } from './markdown-issues.ts';

/**
 * Reads the issues in a file: JSON when it begins with a bracket, else Markdown; `docs/forge.md` describes both.
 * Throws `issues-invalid`, with the line, for a file that can't be read or says something else.
 */
export async function readIssuesFile(path: string): Promise<readonly IssueText[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new HarnessError('issues-invalid', `${path} can't be read: ${messageOf(error)}`, { cause: error });
  });
  const fail: Fail = (line, problem) => {
    throw new HarnessError('issues-invalid', `${path}:${line}: ${problem}.`);
  };
  const parse = /^\s*[[{]/.test(text) ? parseJsonIssues : parseMarkdownIssues;
  const issues = parse(text, fail);
  return issues.length > 0 ? issues : fail(1, 'there is no issue in it');
}
