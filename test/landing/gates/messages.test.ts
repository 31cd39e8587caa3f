import { expect, it } from 'vitest';
import { checkedMessage, messagesGate } from '../../../src/landing/gates/messages.ts';

const ask = (message: string, over: { expectsChecks?: boolean; landAsTheyAre?: boolean } = {}) =>
  messagesGate({
    commits: [{ oid: 'a'.repeat(40), text: `tree 1\nauthor A <a@b.example> 0 +0000\n\n${message}` }],
    expectsChecks: false,
    landAsTheyAre: false,
    ...over,
  }).verdict.verdict;

it.each(['[skip ci] x', 'x\n\n[Actions Skip]', 'x\n\n\nskip-checks: true'])(
  'lets no message switch checks off: %j',
  message => {
    expect(ask(message, { expectsChecks: true })).toBe('fail');
    expect(ask(message)).toBe('pass');
  },
);

it.each(['Fixes #1', 'ask @org', 'see a/b#3', 'x\n\nAttempt: 99', 'x\n\nCo-authored-by: A <a>'])(
  'keeps %j out of what lands as it is',
  message => {
    expect(ask(message, { landAsTheyAre: true })).toBe('fail');
    expect(ask(message)).toBe('pass');
  },
);

it('has nothing against what a commit usually says', () => {
  expect(
    ask('Add the export (part 2)\n\nBoth formats: see #7.', { landAsTheyAre: true, expectsChecks: true }),
  ).toBe('pass');
});

it.each([
  ['Fixes #1, asks @org', /^Fixes\u200b #1, asks @\u200borg\n$/],
  ['Add it [skip ci]', /^Add it \[skip\u200b ci\]\n$/],
  ['Add it\n\nskip-checks: true', /^Add it\n$/],
  ['Add it\n\nWhy.\n\nAttempt: 99\nCo-authored-by: A <a>\n', /^Add it\n\nWhy\.\n$/],
  ['Fixes\nAttempt: 9\n#1', /^Fixes\u200b #1\n$/],
  ['x\n\nAtt\u0000empt: 9', /^x\n$/],
  ['Signed-off-by: A <a>', /^Work of an agent\n$/],
])('lets %j through once it is checked', (message, checked) => {
  expect(ask(message, { landAsTheyAre: true, expectsChecks: true })).toBe('fail');
  expect(checkedMessage(message)).toMatch(checked);
  expect(ask(checkedMessage(message), { landAsTheyAre: true, expectsChecks: true })).toBe('pass');
});
