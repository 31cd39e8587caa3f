import { describe, expect, it } from 'vitest';
import { readBody } from '../../../src/core/grammar/body.ts';
import { criteriaOf } from '../../../src/core/grammar/criteria.ts';
import { triageProblems } from '../../../src/core/proposals/check-triage.ts';
import type { TriageProposal } from '../../../src/core/proposals/proposal.ts';
import { isRefinedBy, reportedIn, triagedBody, triageKey } from '../../../src/core/proposals/triaged-body.ts';
import { AROUND } from '../../helpers/proposals.ts';

const aTriage = (facts: Partial<TriageProposal> = {}): TriageProposal => ({
  kind: 'triage',
  verdict: 'bug',
  cause: 'src/a.ts:3 counts from 1.',
  body: 'Run `a`; it prints 2, and should print 1.',
  acceptance: ['A test of `a` fails today and passes then.'],
  scope: ['src/a.ts'],
  ...facts,
});

const REPORT = 'It is off by one!\n\n## Blocked by\n\n- #6\n';
const problemsOf = (triage: TriageProposal, body = REPORT) =>
  triageProblems(triage, { issue: { number: 4, body }, around: AROUND });

describe('a triage', () => {
  it('keeps what the reporter wrote below what was found, however often it is refined', () => {
    expect(problemsOf(aTriage())).toEqual([]);
    const once = triagedBody(aTriage(), triageKey(4, 'one'), REPORT);
    const twice = triagedBody(aTriage({ cause: 'Another.' }), triageKey(4, 'two'), once);
    expect([
      isRefinedBy(once, 4, 'one'),
      isRefinedBy(twice, 4, 'one'),
      isRefinedBy(REPORT, 4, 'one'),
    ]).toEqual([true, false, false]);
    expect(reportedIn(twice).trim()).toBe(REPORT.trim());
    expect(twice).not.toContain('counts from 1');
    const read = readBody({ body: twice, state: 'open' }, { repo: 'acme/widget', hosts: new Set() });
    expect(read.blockedBy.references.map(({ number }) => number)).toEqual([6]);
    expect(criteriaOf({ title: '', body: twice })).toHaveLength(1);
  });

  it.each<[string, Partial<TriageProposal>, string]>([
    ['a duplicate of itself', { verdict: 'duplicate', duplicateOf: '#4' }, 'it is the issue itself'],
    ['a duplicate of nothing', { verdict: 'duplicate' }, 'is no issue'],
    [
      'a duplicate of an issue that is not there',
      { verdict: 'duplicate', duplicateOf: '#99' },
      'is not there',
    ],
    [
      'a duplicate of what was given up',
      { verdict: 'duplicate', duplicateOf: '#8' },
      'closed as not planned',
    ],
    ['a duplicate of a pull request', { verdict: 'duplicate', duplicateOf: 'acme/lib#9' }, 'a pull request'],
    ['a bug that is a duplicate, too', { duplicateOf: '#5' }, 'for a duplicate alone'],
    ['no criteria', { acceptance: [] }, 'at least 1'],
    ['everything as its scope', { scope: ['**'] }, 'claims everything'],
    ['a way out of the repository', { scope: ['../x'] }, 'not a plain path'],
    ['a marker of ours', { cause: '<!-- harness:reported -->' }, 'a marker'],
    ['a criterion of two lines', { acceptance: ['a\n## Parent\n#1'] }, 'one line'],
    ['an open code fence', { body: '```\nrun it' }, 'changes how the issue is read'],
    ['a parent in its prose', { body: 'Part of #7' }, 'changes how the issue is read'],
    ['a question without words', { verdict: 'needs-information', question: ' ' }, 'the question is empty'],
    ['a text without end', { body: 'x'.repeat(30_000) }, 'at most'],
  ])('is refused with %s', (_what, facts, problem) => {
    expect(problemsOf(aTriage(facts)).join('\n')).toContain(problem);
  });

  it('is refused when nothing of the report would fit any more', () => {
    expect(problemsOf(aTriage(), 'y'.repeat(65_500)).join()).toContain('at most 65536 fit');
  });

  it('may name any issue that is alive or done as the original', () => {
    for (const duplicateOf of ['#5', '#6']) {
      expect(problemsOf(aTriage({ verdict: 'duplicate', duplicateOf, body: '', acceptance: [] }))).toEqual(
        [],
      );
    }
  });
});
