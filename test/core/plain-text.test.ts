import { expect, it } from 'vitest';
import { plainText } from '../../src/core/plain-text.ts';

it.each([
  ['colours', '\u001b[1;31mred\u001b[0m', 'red'],
  ['cursor movement', 'a\u001b[2K\u001b[1Gb', 'ab'],
  ['a title', '\u001b]0;title\u0007text', 'text'],
  ['a link', '\u001b]8;;https://example.com\u001b\\text\u001b]8;;\u001b\\', 'text'],
  ['short escapes', '\u001b7a\u001b(Bb\u001bMc', 'abc'],
  ['control characters', 'a\u0000b\u0007c\u007fd\u009be', 'abcde'],
  ['ends of lines', 'a\r\nb\rc\n', 'a\nb\nc\n'],
])('takes out or mends %s', (_what, output, expected) => {
  expect(plainText(output)).toBe(expected);
});

it('keeps tabs and every language', () => {
  expect(plainText('a\tπ 語 😀\n')).toBe('a\tπ 語 😀\n');
});
