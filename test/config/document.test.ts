import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { withSettingTables } from '../../src/config/document.ts';
import { SETTING_NAMES } from '../../src/core/settings.ts';

const document = await readFile(new URL('../../docs/configuration.md', import.meta.url), 'utf8');

test('docs/configuration.md is up to date; `npm run docs` makes it so', () => {
  expect(document).toBe(withSettingTables(document));
});

test.each(SETTING_NAMES)('docs/configuration.md has one row for %s', name => {
  expect(document.split('\n').filter(line => line.startsWith(`| \`${name}\` |`))).toHaveLength(1);
});

test('a stale table is made anew, and the text around it is kept', () => {
  const made = withSettingTables('Before\n<!-- settings: host -->\nold\n<!-- end of settings -->\nAfter\n');
  expect(made).toMatch(/^Before\n<!-- settings: host -->\n\| Key /);
  expect(made).toMatch(/\| `HARNESS_POOL` \| 1 to 64 \| `3` \| Resident workers on this host\. \|/);
  expect(made).toMatch(/<!-- end of settings -->\nAfter\n$/);
  expect(made).not.toContain('old');
});
