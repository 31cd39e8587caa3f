import { parse } from 'csv-parse/sync';
import { messageOf } from '../../errors.ts';
import { type Fail, type IssueText, namesIn, problemInTexts, READY_LABEL } from './issue-text.ts';

/** A table with a first line of column names (RFC 4180): `title`, and `body`, `labels`, `key`, `blocked_by` where wanted. */
export function parseCsvIssues(text: string, fail: Fail): readonly IssueText[] {
  const [head, ...rows] = records(text, fail);
  const names = head?.record.map(name => name.trim().toLowerCase()) ?? [];
  const stranger = names.find(name => !COLUMNS.includes(name));
  if (stranger !== undefined) {
    fail(1, `unknown column ${JSON.stringify(stranger)}; ${COLUMNS.join(', ')} count`);
  }
  if (!names.includes('title')) fail(1, 'there is no column "title"');
  return rows.map(({ record, info }) => {
    const cell = (name: string) => record[names.indexOf(name)]?.trim() ?? '';
    const issue = {
      key: cell('key') || null,
      title: cell('title'),
      body: cell('body'),
      labels: names.includes('labels') ? namesIn(cell('labels')) : [READY_LABEL],
      blockedBy: namesIn(cell('blocked_by')),
    };
    const problem = problemInTexts(issue);
    return problem === null ? issue : fail(info.lines, problem);
  });
}

const COLUMNS = ['title', 'body', 'labels', 'key', 'blocked_by'];

interface Row {
  readonly record: readonly string[];
  /** `lines`: the line of the file on which the row ends. */
  readonly info: { readonly lines: number };
}

function records(text: string, fail: Fail): readonly Row[] {
  try {
    // Its types do not know that `info` changes what is returned.
    return parse(text, { bom: true, info: true, skip_empty_lines: true }) as unknown as readonly Row[];
  } catch (error) {
    const { lines = 1 } = error as { readonly lines?: number };
    return fail(lines, `no valid CSV: ${messageOf(error)}`);
  }
}
