import { describe, expect, test } from 'vitest';
import { parseIssueName } from '../../src/commands/issue-name.ts';

const app = { id: 'main', repo: 'Acme/App', deps: [] };
const lib = { id: 'lib', repo: 'acme/lib', deps: [] };

describe('an issue that is named on the command line', () => {
  test.each([
    '7',
    '#7',
    ' 7 ',
    'main#7',
    'acme/app#7',
    'https://github.com/acme/app/issues/7',
    'https://ghe.acme.example/acme/app/issues/7#issuecomment-1',
  ])('is found as %j', text => {
    expect(parseIssueName([app], text)).toEqual({ unit: 'main', repo: 'Acme/App', number: 7 });
  });

  test.each(['', 'seven', '0', '07', '-7', '7.5', '#', 'acme/app', 'a/b/c#7', '1'.repeat(20)])(
    'is not %j',
    text => {
      expect(() => parseIssueName([app], text)).toThrow(
        /^Not an issue: .*; expected 7, #7 or owner\/name#7\.$/,
      );
    },
  );

  test('must be one of the fleet, and only one', () => {
    expect(parseIssueName([app, lib], 'lib#7').repo).toBe('acme/lib');
    expect(() => parseIssueName([app, lib], '7')).toThrow('#7 could be any of Acme/App#7, acme/lib#7.');
    expect(() => parseIssueName([app, lib], 'acme/web#7')).toThrow(
      'acme/web is no repository of this fleet: Acme/App, acme/lib.',
    );
  });
});
