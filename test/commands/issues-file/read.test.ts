import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { numberedFromOne } from '../../../src/commands/issues-file/issue-text.ts';
import { readIssuesFile } from '../../../src/commands/issues-file/read.ts';
import { makeTempDir } from '../../helpers/temp.ts';

const LABELS = ['ready-for-agent'];
const ALONE = { key: null, blockedBy: [] };

function read(text: string, name = 'issues') {
  const file = path.join(makeTempDir(), name);
  writeFileSync(file, text);
  return readIssuesFile(file);
}

/** What it says about a file, without the path. */
async function complaintOf(text: string, name = 'issues'): Promise<string> {
  const failure = await read(text, name).catch((error: Error & { code?: string }) => error);
  if (!(failure instanceof Error)) throw new Error(`read ${failure.length} issues`);
  expect(failure).toMatchObject({ code: 'issues-invalid', exit: 2 });
  return failure.message.replace(/^.*?issues(?:\.csv)?:/, '');
}

describe('a Markdown file of issues', () => {
  it('has one for each top heading, with what follows as its body', async () => {
    expect(await read('# First\n\nDo it.\n\n## Blocked by\n\n- #2\n\n# Second\n')).toEqual([
      { title: 'First', body: 'Do it.\n\n## Blocked by\n\n- #2', labels: LABELS, ...ALONE },
      { title: 'Second', body: '', labels: LABELS, ...ALONE },
    ]);
  });

  it('names labels right below a title', async () => {
    const text =
      '# One\nLabels: bug, good first issue\n\nText\n# Two\n\nlabels:\nText\n# Three\nText\nLabels: x';
    expect(await read(text)).toEqual([
      { title: 'One', body: 'Text', labels: ['bug', 'good first issue'], ...ALONE },
      { title: 'Two', body: 'Text', labels: [], ...ALONE },
      { title: 'Three', body: 'Text\nLabels: x', labels: LABELS, ...ALONE },
    ]);
  });

  it('takes nothing in a code block for a title', async () => {
    const body = '```sh\n# a comment\n```\n\n~~~~\n# another\n~~~\n# still\n~~~~';
    expect(await read(`# Only\r\n\r\n${body.replaceAll('\n', '\r\n')}`)).toEqual([
      { title: 'Only', body, labels: LABELS, ...ALONE },
    ]);
  });

  it.each([
    ['nothing in it', '', '1: there is no issue in it.'],
    ['another heading first', '\n## Title\n', '2: expected "# Title" before any other text.'],
    ['an empty title', '# First\n\n#\n', '3: the title is empty.'],
    ['a title that is too long', `# ${'x'.repeat(257)}`, '1: the title is longer than 256 characters.'],
    [
      'a body that is too long',
      `# a\n\n# b\n${'x'.repeat(65_537)}`,
      '3: the body is longer than 65536 characters.',
    ],
  ])('with %s is refused, with the line', async (_what, text, complaint) => {
    expect(await complaintOf(text)).toBe(complaint);
  });
});

describe('a JSON file of issues', () => {
  it('lists them; labels and body may be left out', async () => {
    expect(await read('[{"title": " First "}, {"title": "Second", "body": "Do it.", "labels": []}]')).toEqual(
      [
        { title: 'First', body: '', labels: LABELS, ...ALONE },
        { title: 'Second', body: 'Do it.', labels: [], ...ALONE },
      ],
    );
  });

  it.each([
    ['two texts without a colon', '[\n  {"title": "a"},\n  {"title" "b"}\n]', /^3: no valid JSON/],
    ['no end', '[\n  {"title": "a"}', /^2: no valid JSON/],
    ['no list', '{"title": "a"}', /^1: expected a list of issues/],
    [
      'an issue without a title',
      '[\n  {"title": "a, [b"},\n  {"body": "c"}\n]',
      /^3: issue 2: the title is no text/,
    ],
    ['an empty title', '[\n  {"title": ""}]', /^2: issue 1: the title is empty/],
    ['a misspelt field', '[\n\n  {"title": "a", "lables": []}]', /^3: issue 1: unknown field "lables"/],
    [
      'labels that are no list',
      '[{"title": "a", "labels": "bug"}]',
      /^1: issue 1: the labels are no list of names/,
    ],
    ['a text for an issue', '[{"title": "a"},\n"b"]', /^2: issue 2: expected an object/],
    ['nothing in it', '[]', /^1: there is no issue in it/],
  ])('with %s is refused, with the line', async (_what, text, complaint) => {
    expect(await complaintOf(text)).toMatch(complaint);
  });
});

describe('a CSV file of issues', () => {
  it('names its columns in the first line; quotes may hold commas and lines', async () => {
    const text =
      '\ufeffTitle,body,key,Blocked_by\r\nFirst,"Do it, ""well"".\nNow.",one,\r\n\r\nSecond,,,"one,#12"\r\n';
    expect(await read(text, 'issues.csv')).toEqual([
      { title: 'First', body: 'Do it, "well".\nNow.', labels: LABELS, key: 'one', blockedBy: [] },
      { title: 'Second', body: '', labels: LABELS, key: null, blockedBy: ['one', '#12'] },
    ]);
    expect(await read('title,labels\na,"bug, x"\nb,\n', 'issues.csv')).toMatchObject([
      { labels: ['bug', 'x'] },
      { labels: [] },
    ]);
  });

  it.each([
    ['no titles', 'body\nx\n', '1: there is no column "title".'],
    [
      'a misspelt column',
      'title,lable\na,b\n',
      '1: unknown column "lable"; title, body, labels, key, blocked_by count.',
    ],
    ['an empty title', 'title,body\na,b\n,c\n', '3: the title is empty.'],
    ['a row that is too long', 'title,body\na,b\na,b,c\n', /^3: no valid CSV: /],
    ['a quote that does not end', 'title\n"a\n', /^\d: no valid CSV: /],
    ['nothing in it', 'title\n', '1: there is no issue in it.'],
  ])('with %s is refused, with the line', async (_what, text, complaint) => {
    expect(await complaintOf(text, 'issues.csv')).toMatch(complaint);
  });
});

describe('what an issue waits for', () => {
  it('stands below its title, as do key and labels, in any order', async () => {
    const text = '# One\nKey: one\n\nText\n# Two\nblocked by: one, acme/lib#3\nLabels: x\nKey:\nText';
    expect(await read(text)).toEqual([
      { title: 'One', body: 'Text', labels: LABELS, key: 'one', blockedBy: [] },
      { title: 'Two', body: 'Text', labels: ['x'], key: null, blockedBy: ['one', 'acme/lib#3'] },
    ]);
  });

  it.each([
    [
      'a key that is not there',
      '# a\nBlocked by: b',
      ' "a" waits for "b", which is neither a key of the file nor an issue.',
    ],
    ['itself', '# a\nKey: a\nBlocked by: a', ' "a" waits for itself.'],
    ['one of two issues', '# a\nKey: a\n# b\nKey: a', ' the key "a" is used twice.'],
    [
      'a key that is none',
      '# a\nKey: A b',
      ' the key "A b" has other than small letters, digits and hyphens.',
    ],
  ])('can not be %s', async (_what, text, complaint) => {
    expect(await complaintOf(text)).toBe(complaint);
  });

  it('becomes a section of the body', async () => {
    const [one, two] = numberedFromOne(await read('# One\nKey: one\n# Two\nBlocked by: one, #12\nText'));
    expect(one?.body).toBe('');
    expect(two?.body).toBe('Text\n\n## Blocked by\n\n- #1\n- #12');
  });
});

it('says that a file is missing', async () => {
  const missing = path.join(makeTempDir(), 'issues.md');
  await expect(readIssuesFile(missing)).rejects.toMatchObject({
    code: 'issues-invalid',
    message: expect.stringContaining('ENOENT'),
  });
});
