import { describe, expect, test } from 'vitest';
import { changeSettings } from '../../../src/commands/init/edit.ts';
import { addIgnoredPaths } from '../../../src/commands/init/ignore.ts';
import { SETTINGS } from '../../../src/core/settings.ts';

describe('changeSettings', () => {
  const change = (text: string, value = 'npm test') =>
    changeSettings(text, [{ name: 'HARNESS_VERIFY', value }], 'config');

  test('adds what is missing at the end, with a comment', () => {
    expect(change('# mine\nHARNESS_MODE=prd\nOTHER=1')).toBe(
      '# mine\nHARNESS_MODE=prd\nOTHER=1\n\n' +
        `# ${SETTINGS.HARNESS_VERIFY.help}\n` +
        'HARNESS_VERIFY="npm test"\n',
    );
  });

  test('changes a setting in its own line and leaves the rest alone', () => {
    expect(change('\uFEFF# mine\r\nHARNESS_VERIFY=old\r\n\r\n  # more\r\nOTHER="x"\r\n')).toBe(
      '\uFEFF# mine\r\nHARNESS_VERIFY="npm test"\r\n\r\n  # more\r\nOTHER="x"\r\n',
    );
  });

  test('changes the line that counts when there are two', () => {
    expect(change('HARNESS_VERIFY=a\nHARNESS_VERIFY=b')).toBe('HARNESS_VERIFY=a\nHARNESS_VERIFY="npm test"');
  });

  test('rewrites a line of an older installation', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a line of shell, not a template
    expect(change(': "${HARNESS_VERIFY:=old}"\n')).toBe('HARNESS_VERIFY="npm test"\n');
  });

  test('does nothing when there is nothing to change', () => {
    expect(changeSettings('a=1\r\nb=2', [], 'config')).toBe('a=1\r\nb=2');
  });

  test('quotes what a shell would run', () => {
    expect(change('', 'test "$(id)" \\')).toContain('HARNESS_VERIFY="test \\"\\$(id)\\" \\\\"');
  });
});

describe('addIgnoredPaths', () => {
  test('adds the paths that are missing, once', () => {
    const once = addIgnoredPaths('node_modules\n/b\n', ['/a', '/b']);
    expect(once).toBe('node_modules\n/b\n# Harness: what belongs to this host only\n/a\n');
    expect(addIgnoredPaths(once, ['/a', '/b'])).toBe(once);
  });

  test('leaves a last line without a line end whole', () => {
    expect(addIgnoredPaths('dist', ['/a'])).toBe('dist\n# Harness: what belongs to this host only\n/a\n');
  });
});
