import { describe, expect, it } from 'vitest';
import type { Packet } from '../../src/core/contracts.ts';
import { landingText } from '../../src/landing/text.ts';

const aPacket = (over: Partial<Packet> = {}): Packet => ({
  v: 1,
  issue: 7,
  title: 'Export both formats',
  attempt: 2,
  profile: 'claude/opus',
  promptDigest: 'd'.repeat(64),
  base: 'b'.repeat(40),
  head: 'a'.repeat(40),
  tree: 't'.repeat(40),
  summary: 'It exports both.',
  criteria: [{ id: '1', evidence: 'test/export.test.ts | both' }],
  gates: [{ gate: 'verify', verdict: 'pass', reason: '`npm test` succeeded in 12 s' }],
  tests: ['test/export.test.ts'],
  risks: ['package.json'],
  usage: null,
  ...over,
});

describe('the body of a pull request', () => {
  it('is what a person needs to judge the change', () => {
    const { pullBody } = landingText(aPacket());
    for (const said of [
      'It exports both.',
      '| 1 | test/export.test.ts \\| both |',
      '- ✓ **verify**: `npm test` succeeded in 12 s',
      '## Look here\n\n- `package.json`',
      '## Tests that it changes\n\n- `test/export.test.ts`',
      'Attempt 2 by claude/opus.',
      'b'.repeat(40),
      'd'.repeat(64),
      'Closes #7',
    ]) {
      expect(pullBody).toContain(said);
    }
  });

  it('closes nothing, calls nobody and points nowhere by the words of an agent', () => {
    const words = 'Fixes #1, closes acme/other#2, see other/repo#3 and GH-4. @org/all [skip ci] <!-- x -->';
    const { pullBody, pullTitle, commitTitle } = landingText(
      aPacket({ title: words, summary: words, criteria: [{ id: words, evidence: words }] }),
    );
    for (const text of [pullBody, pullTitle, commitTitle(3)]) {
      expect(text).not.toMatch(/fixes #1|closes acme|repo#3|GH-4|@org|\[skip ci\]|<!--/i);
    }
    expect(pullBody.match(/Closes #\d/g)).toEqual(['Closes #7']);
  });
});

describe('the message of a commit that lands', () => {
  it('ends in trailers that say where it comes from', () => {
    expect(landingText(aPacket()).commitMessage).toBe(
      `Closes #7\n\nIssue: #7\nAttempt: 2\nAgent: claude\nModel: opus\nPrompt-Digest: ${'d'.repeat(64)}\n`,
    );
    expect(landingText(aPacket({ issue: null, profile: null })).commitMessage).toBe(
      `Attempt: 2\nPrompt-Digest: ${'d'.repeat(64)}\n`,
    );
  });

  it('has none that an agent wrote', () => {
    const { commitMessage, commitTitle } = landingText(
      aPacket({
        title: 'Add it\n\nIssue: #99\nSigned-off-by: A <a@b.c>',
        profile: 'claude/opus\nAttempt: 9',
      }),
    );
    expect(commitTitle(3).split('\n')).toHaveLength(1);
    expect(commitMessage.match(/^[\w-]+: /gm)).toHaveLength(5);
  });
});
