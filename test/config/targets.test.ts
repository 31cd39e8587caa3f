import { describe, expect, test } from 'vitest';
import { parseTargets } from '../../src/config/targets.ts';

const idsIn = (text: string) => parseTargets(text, 'targets.tsv').map(({ id }) => id);

describe('the list of repositories', () => {
  test('has an id, a repository, what it needs and a description in each line', () => {
    expect(parseTargets('web\tacme/web\tlib, api\tThe site\nlib\tlib\n', 'targets.tsv')).toEqual([
      { id: 'web', repo: 'acme/web', deps: ['lib', 'api'], description: 'The site' },
      { id: 'lib', repo: 'lib', deps: [], description: '' },
    ]);
  });

  test.each([
    ['a line that names the columns', 'id\trepo\tdeps\tdescription\na\tacme/a\n'],
    ['comments and empty lines', '# mine\n\n  # more\na\tacme/a\n\t\n'],
    ['the ends of lines of Windows, and its mark at the start', '\ufeffa\tacme/a\r\n'],
    ['a dash for no needs', 'a\tacme/a\t-\n'],
  ])('takes %s', (_what, text) => {
    expect(idsIn(text)).toEqual(['a']);
    expect(parseTargets(text, 'targets.tsv')[0]?.deps).toEqual([]);
  });

  test.each([
    ['a acme/a', 'targets.tsv:1: no repository in the second column. Are there blanks where tabs belong?'],
    ['\n\na', 'targets.tsv:3: no repository in the second column.'],
    ['a/b\tacme/a', 'targets.tsv:1: "a/b" can\'t be an id'],
    [`${'a'.repeat(33)}\tacme/a`, "can't be an id"],
    ['a\tacme/a\t-\tone\ttwo', 'targets.tsv:1: 5 columns; expected at most 4.'],
  ])('says what is wrong with %j, and where', (text, problem) => {
    expect(() => parseTargets(text, 'targets.tsv')).toThrow(problem);
  });
});
