import { expect, it } from 'vitest';
import { describeSaved, type SavedWork } from '../../src/commands/saved-work.ts';
import { endOfWait } from '../../src/commands/until-put-down.ts';

const work: SavedWork = {
  repo: 'acme/app',
  issue: 7,
  kind: 'IMPL',
  attempt: 2,
  state: 'saved',
  head: 'a'.repeat(40),
  commits: 1,
  files: 3,
  hasHandoff: true,
  reason: '',
};

it.each<[what: string, facts: Partial<SavedWork>, line: string]>([
  ['an issue', {}, 'acme/app#7, attempt 2: saved as aaaaaaaaaa (1 commit, 3 files, with a handoff)'],
  [
    'a stage, which has no issue',
    { issue: null, kind: 'PLAN', state: 'nothing', reason: 'it was put down' },
    'PLAN of acme/app, attempt 2: nothing to save: it was put down',
  ],
  [
    'what only this host has',
    { state: 'kept-here', reason: 'it holds a secret' },
    'acme/app#7, attempt 2: kept on this host only, as aaaaaaaaaa (1 commit, 3 files, with a handoff): it holds a secret',
  ],
])('says what was saved of %s', (_what, facts, line) => {
  expect(describeSaved([{ ...work, ...facts }])).toBe(`  ${line}\n`);
});

it('is no success while anything is not settled', () => {
  const open = { ...work, state: 'open' } as const;
  const waits = new AbortController().signal;
  expect(endOfWait([work, { ...work, state: 'kept-here' }], waits)).toBe('ok');
  expect(endOfWait([work, open], waits)).toBe('failed');
  expect(endOfWait([work, open], AbortSignal.abort())).toBe('interrupted');
  expect(endOfWait([work], AbortSignal.abort())).toBe('ok');
});
