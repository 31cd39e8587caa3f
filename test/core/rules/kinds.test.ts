import { describe, expect, test } from 'vitest';
import { dispatches, findings } from '../../helpers/decided.ts';
import { aLease, anIssue, aWorld } from '../../helpers/world.ts';

describe('kinds of issue', () => {
  test.each([
    ['child', { labels: ['ready-for-agent'] }, 'IMPL 5'],
    ['child in another case', { labels: ['Ready-For-Agent'] }, 'IMPL 5'],
    ['plain', { labels: ['enhancement'] }, null],
    ['PRD', { labels: ['PRD'] }, 'DECOMPOSE 5'],
    ['PRD by its title', { labels: [], title: '[AFK] PRD: search' }, 'DECOMPOSE 5'],
    ['PRD although it is ready', { labels: ['ready-for-agent', 'prd'] }, 'DECOMPOSE 5'],
    ['PRD although it is a bug', { labels: ['bug', 'prd'] }, 'DECOMPOSE 5'],
    ['not a PRD by a part of its title', { labels: [], title: 'About [AFK] PRD: search' }, null],
    ['bug although it is ready', { labels: ['ready-for-agent', 'bug'] }, null],
    ['bug that is triaged', { labels: ['ready-for-agent', 'bug-triaged'] }, null],
  ])('%s', (_kind, facts, expected) => {
    const world = aWorld({ config: { HARNESS_MODE: 'prd' }, issues: [anIssue(5, facts)] });
    expect(dispatches(world)).toEqual(expected === null ? [] : [expected]);
  });

  test('compares configured labels without case, too', () => {
    const world = aWorld({
      config: { HARNESS_LABEL_READY: 'Agent: GO' },
      issues: [anIssue(5, { labels: ['agent: go'] })],
    });
    expect(dispatches(world)).toEqual(['IMPL 5']);
  });

  test('reports labels that contradict each other', () => {
    const world = aWorld({
      config: { HARNESS_MODE: 'prd' },
      issues: [
        anIssue(5, { labels: ['prd', 'ready-for-agent'] }),
        anIssue(6, { labels: ['ready-for-agent', 'priority:1', 'priority:2'] }),
        anIssue(7, { labels: ['ready-for-agent', 'agent-working', 'agent-blocked'] }),
        anIssue(8, { labels: ['ready-for-agent', 'bug'] }),
        anIssue(9, { labels: ['ready-for-agent', 'agent-working', 'agent-blocked'] }),
      ],
      // Its change waits for a person's word.
      leases: [aLease(9)],
    });
    expect(findings(world)).toEqual([
      'contradictory-labels 5',
      'contradictory-labels 6',
      'contradictory-labels 7',
    ]);
  });
});
