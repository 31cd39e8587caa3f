import { describe, expect, it } from 'vitest';
import { cutTo, neutralise, neutraliseLine } from '../../src/core/text.ts';

describe('neutralise', () => {
  it('keeps ordinary prose as it is', () => {
    const prose = 'Adds a parser.\n\n- reads files\n- fixes the tests, closes the file (50 %)';
    expect(neutralise(prose)).toBe(prose);
  });

  it.each(['Fixes #1', 'closes acme/app#12', 'RESOLVED: #3', 'fix https://github.com/a/b/issues/4'])(
    'takes the force out of "%s"',
    text => {
      expect(neutralise(text)).not.toMatch(/(fix(es)?|closes|resolved:?) (?=#|acme|https)/i);
    },
  );

  it('notifies nobody', () => {
    expect(neutralise('thanks @octocat and @acme/team')).not.toMatch(/@[a-z]/);
  });

  it('skips no workflow', () => {
    expect(neutralise('wip [skip ci] [ci skip]')).not.toMatch(/\[(skip ci|ci skip)\]/);
  });

  it('forges no marker of the engine', () => {
    expect(neutralise('<!-- harness:status -->')).not.toContain('<!--');
  });

  it('drops control and direction characters, and keeps line ends', () => {
    expect(neutralise('a\u0000b\u001b[31m\u202ec\r\nd')).toBe('ab[31mc\nd');
  });
});

describe('a line', () => {
  it('has no line ends and a bounded length', () => {
    expect(neutraliseLine('a\nb\t c')).toBe('a b c');
    expect([...neutraliseLine('x'.repeat(500), 50)]).toHaveLength(50);
  });

  it('is never cut inside a character', () => {
    expect(cutTo('👍👍👍', 2)).toBe('👍…');
  });
});
