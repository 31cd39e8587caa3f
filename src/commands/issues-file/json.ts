import { messageOf } from '../../errors.ts';
import type { Fail, IssueText } from './issue-text.ts';
import { problemInTexts, READY_LABEL } from './issue-text.ts';

/** `[{"title": "…", "body": "…", "labels": ["…"], "key": "…", "blockedBy": ["…"]}]`; only the title must be there. */
export function parseJsonIssues(text: string, fail: Fail): readonly IssueText[] {
  const entries = parseList(text, fail);
  return entries.map((entry, index) => {
    const problem = problemIn(entry);
    if (problem !== null) fail(lineOfEntry(text, index), `issue ${index + 1}: ${problem}`);
    const known = entry as Partial<IssueText> & { title: string };
    const { title, body = '', labels = [READY_LABEL], key = null, blockedBy = [] } = known;
    return { key, title: title.trim(), body, labels, blockedBy };
  });
}

function parseList(text: string, fail: Fail): readonly unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const message = messageOf(error);
    return fail(lineOfSyntaxError(text, message), `no valid JSON: ${message}`);
  }
  return Array.isArray(value) ? value : fail(1, 'expected a list of issues: [{"title": "…"}]');
}

function problemIn(entry: unknown): string | null {
  if (typeof entry !== 'object' || entry === null) return 'expected an object with a title';
  const fields = entry as Readonly<Record<string, unknown>>;
  const { title, body = '', labels = [], key = null, blockedBy = [], ...others } = fields;
  const [stranger] = Object.keys(others);
  if (stranger !== undefined)
    return `unknown field ${JSON.stringify(stranger)}; title, body, labels, key and blockedBy count`;
  if (typeof title !== 'string') return 'the title is no text';
  if (typeof body !== 'string') return 'the body is no text';
  if (key !== null && typeof key !== 'string') return 'the key is no text';
  if (!isListOfNames(labels)) return 'the labels are no list of names';
  if (!isListOfNames(blockedBy)) return 'blockedBy is no list of keys and issues';
  return problemInTexts({ title, body });
}

const isListOfNames = (value: unknown) =>
  Array.isArray(value) && value.every(name => typeof name === 'string' && name !== '');

/** node names a position, except at the end of the text. */
function lineOfSyntaxError(text: string, message: string): number {
  const position = /at position (\d+)/.exec(message)?.[1];
  return lineAt(text, position === undefined ? text.trimEnd().length : Number(position));
}

/** The line on which an entry of the list begins. */
function lineOfEntry(text: string, index: number): number {
  let depth = 0;
  let begun = -1;
  for (const { 0: token, index: position } of text.matchAll(/"(?:\\.|[^"\\])*"|[[\]{},:]|[^\s[\]{},:"]+/g)) {
    const isEntry = depth === 1 && token !== ']' && token !== ',';
    if (isEntry) begun += 1;
    if (isEntry && begun === index) return lineAt(text, position);
    if (token === '[' || token === '{') depth += 1;
    if (token === ']' || token === '}') depth -= 1;
  }
  return 1;
}

const lineAt = (text: string, position: number) => text.slice(0, position).split('\n').length;
