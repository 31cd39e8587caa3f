// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are lines of shell, not templates
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseConfigText, quoteValue } from '../../src/config/parse.ts';
import { processorMs } from '../helpers/processor.ts';

const readValue = (line: string) => parseConfigText(line, 'config')[0]?.value;

describe('lines', () => {
  test.each([
    ['KEY=value', 'value'],
    ['  KEY=value  ', 'value'],
    ['KEY=npm test', 'npm test'],
    ['KEY=npm test # on every change', 'npm test'],
    ['KEY=a#b', 'a#b'],
    ['KEY=#b', '#b'],
    ['KEY= # nothing', ''],
    ['KEY=', ''],
    ['KEY=a=b', 'a=b'],
    ['KEY="a # b" # comment', 'a # b'],
    ['KEY=\'a "b" \\ $c\'', 'a "b" \\ $c'],
    ['KEY="a \\"b\\" \\\\ \\$c \\n"', 'a "b" \\ $c \\n'],
    ['export KEY=value', 'value'],
    ['export  KEY="a b"', 'a b'],
    [': "${KEY:=npm test}"', 'npm test'],
    [': "${KEY:=say \\"hi\\"}" # comment', 'say "hi"'],
    [': "${KEY:=a}b}"', 'a}b'],
    [': ${KEY:=value}', 'value'],
    [': ${KEY="a b"}', 'a b'],
    [': "${KEY:=}"', ''],
  ])('%s', (line, value) => {
    expect(parseConfigText(line, 'config')).toEqual([{ key: 'KEY', value, line: 1 }]);
  });

  test('nothing is run or expanded', () => {
    expect(readValue('KEY=$(touch /tmp/x) `id` $HOME')).toBe('$(touch /tmp/x) `id` $HOME');
    expect(readValue('KEY="$(touch /tmp/x) ${HOME}"')).toBe('$(touch /tmp/x) ${HOME}');
  });

  test('comments, blank lines, CRLF and a byte order mark are passed over', () => {
    expect(parseConfigText('\uFEFFA=1\r\n\r\n  # comment\r\nB="2"\r\n', 'config')).toEqual([
      { key: 'A', value: '1', line: 1 },
      { key: 'B', value: '2', line: 4 },
    ]);
  });

  test.each([
    ['KEY', 'expected KEY=VALUE'],
    ['KEY = value', 'expected KEY=VALUE'],
    ['KEY= value', 'expected the value right after ='],
    ['1KEY=value', 'expected KEY=VALUE'],
    ['source other', 'expected KEY=VALUE'],
    ['KEY="open', 'expected a closing "'],
    ["KEY='open", "expected a closing '"],
    ['KEY="open\\"', 'expected a closing "'],
    ['KEY="a"b', 'expected nothing but a comment'],
    ['KEY=a\0b', 'expected text, found a control character'],
    [': "${KEY:-value}"', 'expected KEY=VALUE'],
  ])('%j is refused', (line, message) => {
    expect(() => parseConfigText(`A=1\n${line}`, 'dir/config')).toThrow(`dir/config:2: ${message}`);
  });
});

describe('quoting', () => {
  test.each([
    ['issue-only', 'issue-only'],
    ['https://h.example/api/v3', 'https://h.example/api/v3'],
    ['npm test', '"npm test"'],
    ['a "b" \\ $c `d`', '"a \\"b\\" \\\\ \\$c \\`d\\`"'],
    ['*', '"*"'],
    ['a\u2028b', '"a\u2028b"'],
  ])('%s', (value, quoted) => {
    expect(quoteValue(value)).toBe(quoted);
    expect(readValue(`KEY=${quoted}`)).toBe(value);
  });

  test('whatever is written is read back the same', () => {
    const line = fc.string({ unit: 'grapheme' }).filter(text => !/(?!\t)\p{Cc}/u.test(text));
    fc.assert(
      fc.property(line, value => {
        expect(readValue(`KEY=${quoteValue(value)}`)).toBe(value);
      }),
    );
  });

  test('a line break is refused', () => {
    expect(() => quoteValue('a\nHARNESS_POOL=64')).toThrow(/one line/);
  });
});

test('a long hostile file is read in linear time', () => {
  const hostile = [
    `: "\${A:=${'}" '.repeat(50_000)}`,
    `KEY=${' #'.repeat(50_000)}`,
    `KEY="${'\\"'.repeat(50_000)}"`,
  ];
  const tookMs = processorMs(() => {
    for (const line of hostile) {
      try {
        parseConfigText(line, 'config');
      } catch {
        // Refused is as good as read; only the time counts here.
      }
    }
  });
  expect(tookMs).toBeLessThan(2_000);
});
