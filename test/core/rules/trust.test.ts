import { describe, expect, test } from 'vitest';
import { dispatches, findings, holds } from '../../helpers/decided.ts';
import { aBug, anIssue, aPrd, aWorld, blockedBy, childOf, closed } from '../../helpers/world.ts';

describe('trust', () => {
  test.each([
    ['the own login', 'me', '', 'me', true],
    ['the own login in another case', 'Me', '', 'ME', true],
    ['a stranger', 'me', '', 'eve', false],
    ['nobody', 'me', '', '', false],
    ['nobody, although anybody is trusted', 'me', '*', '', false],
    ['a listed login', 'me', 'amy, Bob ,', 'bob', true],
    ['an unlisted login', 'me', 'amy,bob', 'eve', false],
    ['the own login beside a list', 'me', 'amy', 'me', true],
    ['anybody', 'me', 'amy, *', 'eve', true],
    ['anybody while the own login is unknown', '', '', 'me', false],
    ['a listed login while the own login is unknown', '', 'amy', 'amy', true],
  ])('of %s', (_who, login, allowList, author, isTrusted) => {
    const world = aWorld({
      login,
      config: { HARNESS_AUTHOR_ALLOWLIST: allowList },
      issues: [anIssue(5, { author })],
    });
    expect(dispatches(world)).toEqual(isTrusted ? ['IMPL 5'] : []);
  });

  test('holds what somebody untrusted edited last', () => {
    const world = aWorld({
      issues: [
        anIssue(5, { lastEditor: 'eve' }),
        anIssue(6, { lastEditor: 'ME' }),
        anIssue(7, { lastEditor: '' }),
      ],
    });
    expect(dispatches(world)).toEqual(['IMPL 6', 'IMPL 7']);
    expect(holds(world)).toEqual({ 5: 'untrusted-edit' });
  });

  test('takes no child of a PRD that somebody untrusted edited last, open or closed', () => {
    const issues = [anIssue(8, childOf(7))];
    const config = { HARNESS_MODE: 'prd' };
    const open = aWorld({ config, issues: [aPrd(7, { lastEditor: 'eve' }), ...issues] });
    expect(holds(open)).toEqual({ 7: 'untrusted-edit', 8: 'prd-blocked' });
    const done = aWorld({ config, issues: [aPrd(7, { lastEditor: 'eve', ...closed() }), ...issues] });
    expect(holds(done)).toEqual({ 8: 'prd-blocked' });
  });

  test("counts a stranger's issue as a blocker, and never as a PRD", () => {
    const world = aWorld({
      config: { HARNESS_MODE: 'prd' },
      issues: [
        aPrd(7, { author: 'eve' }),
        anIssue(5, blockedBy(9)),
        anIssue(6, childOf(7)),
        anIssue(9, { author: 'eve' }),
      ],
    });
    expect(dispatches(world)).toEqual(['IMPL 6']);
    expect(holds(world)).toEqual({ 5: 'blocked' });
  });

  test('asks for the ready label on a bug whose author is trusted only by *', () => {
    const world = aWorld({
      lane: 'bugs',
      config: { HARNESS_AUTHOR_ALLOWLIST: 'amy,*' },
      issues: [
        aBug(5, { author: 'eve' }),
        aBug(6, { author: 'eve', labels: ['bug', 'ready-for-agent'] }),
        aBug(7, { author: 'amy' }),
        aBug(8),
      ],
    });
    expect(dispatches(world)).toEqual(['TRIAGE 6', 'TRIAGE 7', 'TRIAGE 8']);
    expect(holds(world)).toEqual({ 5: 'untrusted-edit' });
  });

  test('reports ready issues that nobody trusted wrote', () => {
    const world = aWorld({
      issues: [
        anIssue(9, { author: 'eve' }),
        anIssue(6, { author: 'eve' }),
        anIssue(7, { author: 'eve', ...closed() }),
      ],
    });
    expect(findings(world)).toEqual(['untrusted-author 6 9']);
  });
});
