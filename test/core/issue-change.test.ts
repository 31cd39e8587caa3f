import { describe, expect, it } from 'vitest';
import { fateOf } from '../../src/core/issue-change.ts';
import { fitBody } from '../../src/core/markers.ts';
import { anIssue } from '../helpers/world.ts';

const before = anIssue(1, { labels: ['ready', 'urgent'], state: 'open', title: 'One', body: 'Do it.' });
const labels = ['ready', 'urgent', 'agent-working'];

describe('a change whose answer was lost', () => {
  it.each([
    ['made', 'all of it is there', { labels, state: 'closed' }, { labels, state: 'closed' }],
    [
      'made',
      'labels differ in order and case alone',
      { labels },
      { labels: ['URGENT', 'agent-working', 'ready'] },
    ],
    ['made', 'somebody changed something else since', { labels }, { labels, title: 'Two', state: 'closed' }],
    ['unmade', 'nothing has happened', { labels, state: 'closed' }, {}],
    ['unmade', 'somebody changed something else meanwhile', { labels }, { title: 'Two', body: 'Do more.' }],
    ['overtaken', 'somebody took a label away', { labels }, { labels: ['ready'] }],
    ['overtaken', 'somebody added a label', { labels }, { labels: ['ready', 'urgent', 'discuss'] }],
    [
      'overtaken',
      'somebody put another label in the place of one',
      { labels },
      { labels: ['ready', 'discuss'] },
    ],
    ['overtaken', 'somebody added a label to what was made', { labels }, { labels: [...labels, 'discuss'] }],
    ['overtaken', 'half of it is so', { labels, state: 'closed' }, { state: 'closed' }],
    ['overtaken', 'somebody has opened it again', { state: 'closed' }, { stateReason: 'reopened' }],
    [
      'made',
      'somebody has closed it for another reason',
      { state: 'closed' },
      { state: 'closed', stateReason: 'not_planned' },
    ],
    ['overtaken', 'somebody has written another text', { body: 'Done.' }, { body: 'Do more.' }],
    ['overtaken', 'somebody has written another title', { title: 'Three' }, { title: 'Two' }],
  ] as const)('is %s where %s', (fate, _when, change, since) => {
    expect(fateOf(change, { before, now: { ...before, ...since } })).toBe(fate);
  });

  it('is made where a text was cut to fit', () => {
    const body = 'a'.repeat(70_000);
    expect(fateOf({ body }, { before, now: { ...before, body: fitBody(body) } })).toBe('made');
  });

  it('is not sent again where nobody knows what was before', () => {
    expect(fateOf({ labels }, { before: null, now: before })).toBe('overtaken');
    expect(fateOf({ labels }, { before: null, now: { ...before, labels } })).toBe('made');
  });
});
