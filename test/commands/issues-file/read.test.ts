import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readIssuesFile } from '../../../src/commands/trial/issues-file.ts';
import { makeTempDir } from '../../helpers/temp.ts';

const LABELS = ['ready-for-agent'];

function read(text: string) {
  const file = path.join(makeTempDir(), 'issues');
  writeFileSync(file, text);
  return readIssuesFile(file);
}

/** What it says about a file, without the path. */
async function complaintOf(text: string): Promise<string> {
  const failure = await read(text).catch((error: Error & { code?: string }) => error);
  if (!(failure instanceof Error)) throw new Error(`read ${failure.length} issues`);
  expect(failure).toMatchObject({ code: 'issues-invalid', exit: 2 });
  return failure.message.replace(/^.*?issues:/, '');
}

describe('a Markdown file of issues', () => {
  it('has one for each top heading, with what follows as its body', async () => {
    expect(await read('# First\n\nDo it.\n\n## Blocked by\n\n- #2\n\n# Second\n')).toEqual([
      { title: 'First', body: 'Do it.\n\n## Blocked by\n\n- #2', labels: LABELS },
      { title: 'Second', body: '', labels: LABELS },
    ]);
  });

  it('names labels right below a title', async () => {
    const text =
      '# One\nLabels: bug, good first issue\n\nText\n# Two\n\nlabels:\nText\n# Three\nText\nLabels: x';
    expect(await read(text)).toEqual([
      { title: 'One', body: 'Text', labels: ['bug', 'good first issue'] },
      { title: 'Two', body: 'Text', labels: [] },
      { title: 'Three', body: 'Text\nLabels: x', labels: LABELS },
    ]);
  });

  it('takes nothing in a code block for a title', async () => {
    const body = '```sh\n# a comment\n```\n\n~~~~\n# another\n~~~\n# still\n~~~~';
    expect(await read(`# Only\r\n\r\n${body.replaceAll('\n', '\r\n')}`)).toEqual([
      { title: 'Only', body, labels: LABELS },
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
        { title: 'First', body: '', labels: LABELS },
        { title: 'Second', body: 'Do it.', labels: [] },
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

it('says that a file is missing', async () => {
  const missing = path.join(makeTempDir(), 'issues.md');
  await expect(readIssuesFile(missing)).rejects.toMatchObject({
    code: 'issues-invalid',
    message: expect.stringContaining('ENOENT'),
  });
});
