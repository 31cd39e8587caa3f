import { expect, it } from 'vitest';
import { redact } from '../../src/core/redact.ts';

it('takes out the values that are named, the longest first', () => {
  expect(redact('a secret-value-2 and secret-value', ['secret-value', 'secret-value-2'])).toBe(
    'a [redacted] and [redacted]',
  );
});

it('takes them out in Base64, too, and keys with all their lines', () => {
  expect(redact(`x ${btoa('me:secret-value')} y`, ['secret-value'])).toMatch(/^x \w+\[redacted\]=* y$/);
  const key = '-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----';
  expect(redact(`a\n${key}\nb`, [])).toBe('a\n[redacted]\nb');
});

it('leaves short values, which are words', () => {
  expect(redact('it is true that 1 is 1', ['true', '1', ''])).toBe('it is true that 1 is 1');
});

it.each([
  ['a classic token', `token ghp_${'a1'.repeat(18)}.`, 'token [redacted].'],
  ['a fine-grained token', `github_pat_${'a_1'.repeat(20)}`, '[redacted]'],
  ['a key of a model', `sk-ant-api03-${'x-1'.repeat(10)}`, '[redacted]'],
  ['a header', 'Authorization: Bearer abc.def', 'Authorization: Bearer [redacted]'],
  ['a header of git', '> authorization: basic eDp5', '> authorization: basic [redacted]'],
  [
    'a password in a URL',
    'at https://x-access-token:abc@github.com/a/b',
    'at https://x-access-token:[redacted]@github.com/a/b',
  ],
])('takes out %s', (_what, text, expected) => {
  expect(redact(text, [])).toBe(expected);
});

it.each(['https://example.com:8080/a@b', 'ask-for-a-long-name-here', 'ghp_short', 'time 10:30 a@b.c'])(
  'leaves %s',
  text => {
    expect(redact(text, [])).toBe(text);
  },
);
