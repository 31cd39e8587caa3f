import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { LOGINS } from '../../src/core/setting-forms.ts';

test.each(['me', 'me,', ',me', ' , ', 'a, b ,c', 'a,\tb', '*', 'a, *', 'dependabot[bot], me', 'a,,b'])(
  'takes %j for a list of logins',
  text => expect(text.trim()).toMatch(LOGINS.pattern),
);

test.each(['a b', 'a;b', '@me', 'a, b c', '**', 'a[bot', 'acme/team'])(
  'does not take %j for a list of logins',
  text => expect(text).not.toMatch(LOGINS.pattern),
);

// Where blanks can be read in two ways, each further comma doubles the time: this list would take days.
test('refuses a long list of nobody without trying every way to read it', () => {
  const facts = { pattern: LOGINS.pattern, text: `${', '.repeat(40)}!` };
  expect(runInNewContext('pattern.test(text)', facts, { timeout: 10_000 })).toBe(false);
});
