import { describe, expect, test } from 'vitest';
import { type Home, referencesIn } from '../../../src/core/grammar/references.ts';

const home: Home = {
  repo: 'acme/widget',
  hosts: new Set(['github.com', 'www.github.com', 'git.example:8443']),
};

const named = (text: string) => referencesIn(text, home).map(({ repo, number }) => `${repo}#${number}`);

describe('references', () => {
  test.each([
    ['#5', 'acme/widget#5'],
    ['- #5', 'acme/widget#5'],
    ['[#5]', 'acme/widget#5'],
    ['(#5)', 'acme/widget#5'],
    ['-#5', 'acme/widget#5'],
    ['**#5**', 'acme/widget#5'],
    ['_#5_', 'acme/widget#5'],
    ['`#5`', 'acme/widget#5'],
    ['#007', 'acme/widget#7'],
    ['#5.', 'acme/widget#5'],
    ['#1,#2', 'acme/widget#1 acme/widget#2'],
    ['#1/#2', 'acme/widget#1 acme/widget#2'],
    ['#1#2', 'acme/widget#1 acme/widget#2'],
    ['#5-#8', 'acme/widget#5 acme/widget#8'],
    ['GH-5 and gh-6', 'acme/widget#5 acme/widget#6'],
    ['PR#5, issue#6, Pull#7', 'acme/widget#5 acme/widget#6 acme/widget#7'],
    ['acme/lib#5', 'acme/lib#5'],
    ['Acme/Lib.js#5', 'Acme/Lib.js#5'],
    ['_acme/lib#5_', 'acme/lib#5'],
    ['acme/fixes#5', 'acme/fixes#5'],
    ['lib#5', 'acme/lib#5'],
    ['foo.js#5', 'acme/foo.js#5'],
    ['_lib#5_', 'acme/lib#5'],
    ['https://github.com/acme/lib/issues/5', 'acme/lib#5'],
    ['<https://github.com/acme/lib/pull/5/files#diff-1>', 'acme/lib#5'],
    ['[it](http://www.github.com/acme/lib/pull/5#discussion_r1)', 'acme/lib#5'],
    ['https://github.com/acme/lib/issues/5?x=1, #6', 'acme/lib#5 acme/widget#6'],
    ['https://GitHub.com/acme/lib/issues/5.', 'acme/lib#5'],
    ['github.com/acme/lib/issues/5', 'acme/lib#5'],
    ['https://git.example:8443/acme/lib/issues/5', 'acme/lib#5'],
    ['waits for PR #5', 'acme/widget#5'],
    ['fixes #5', 'acme/widget#5'],
  ])('reads %s', (text, expected) => {
    expect(named(text).join(' ')).toBe(expected);
  });

  test.each([
    'fixes#88',
    'Closes#42 upstream',
    'resolved#7',
    'FIXED#7',
    'closing#7',
    '_fixes#88_',
    '#5th',
    '#abc',
    '# 5',
    'XGH-5',
    '&#39;',
    'https://example.com/page#5',
    'https://gitlab.example/acme/lib/issues/5',
    'https://github.com/acme/lib/issues/5x',
    'https://github.com/acme/lib/tree/main#5',
    'https://notgithub.com/acme/lib/issues/5',
  ])('does not read %s', text => {
    expect(named(text)).toEqual([]);
  });

  test('says that the owner of a short reference is a guess', () => {
    expect(referencesIn('lib#4 acme/lib#4 #4', home).map(({ isShort }) => isShort)).toEqual([
      true,
      false,
      false,
    ]);
  });

  test.each([
    ['Part of #7', true],
    ['**Part of** #7', true],
    ['part of: acme/widget#7', true],
    ['Part of [PR#7]', true],
    ['Part  of https://github.com/acme/widget/issues/7', true],
    ['Part\nof #7', false],
    ['Part of\n#7', false],
    ['Counterpart of #7', false],
    ['Part of it is #7', false],
  ])('tells whether %j names a parent', (text, expected) => {
    expect(referencesIn(text, home).map(({ isPartOf }) => isPartOf)).toEqual([expected]);
  });
});
