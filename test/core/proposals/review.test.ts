import { describe, expect, it } from 'vitest';
import { criteriaOf } from '../../../src/core/grammar/criteria.ts';
import { planProblems, prdsProblems } from '../../../src/core/proposals/check-prds.ts';
import { isAllMet, reviewProblems } from '../../../src/core/proposals/check-review.ts';
import type { ReviewProposal, Verdict } from '../../../src/core/proposals/proposal.ts';
import { AROUND, aChild, aMeasure, aProposedPrd, NEIGHBOURS } from '../../helpers/proposals.ts';

const met = (id: string): Verdict => ({ id, verdict: 'met', evidence: 'the test passes' });
const unmet = (id: string): Verdict => ({ ...met(id), verdict: 'unmet' });

const aReview = (facts: Partial<ReviewProposal>): ReviewProposal => ({
  kind: 'review',
  criteria: [met('1'), met('2')],
  gaps: [],
  ...facts,
});

describe('a review', () => {
  it('is taken with a verdict on each criterion', () => {
    expect(reviewProblems(aReview({}), aMeasure(), null, NEIGHBOURS)).toEqual([]);
    expect(isAllMet(aReview({}))).toBe(true);
  });

  it('needs a gap for what is not met, and none for what is', () => {
    const criteria = [met('1'), unmet('2')];
    expect(reviewProblems(aReview({ criteria }), aMeasure(), null, NEIGHBOURS)).toEqual([
      'criterion 2 is not met, and no gap covers it',
    ]);
    expect(
      reviewProblems(
        aReview({ criteria, gaps: [aChild('gap', { covers: ['2'] })] }),
        aMeasure(),
        null,
        NEIGHBOURS,
      ),
    ).toEqual([]);
    expect(
      reviewProblems(aReview({ criteria, gaps: [aChild('gap')] }), aMeasure(), null, NEIGHBOURS).join(),
    ).toContain('covers "1", which is no criterion');
    expect(
      reviewProblems(aReview({ gaps: [aChild('gap', { covers: [] })] }), aMeasure(), null, NEIGHBOURS),
    ).toEqual(['it proposes issues though every criterion is met']);
  });

  it('may file a gap in another unit, when one of its own waits for it', () => {
    const away = { ...aChild('parse', { covers: ['2'] }), unit: 'lib' };
    const of = (...gaps: ReviewProposal['gaps']) =>
      reviewProblems(aReview({ criteria: [met('1'), unmet('2')], gaps }), aMeasure(), null, NEIGHBOURS);
    expect(of(away, aChild('use', { covers: ['2'], blockedBy: ['parse'] }))).toEqual([]);
    expect(of(away)).toEqual(['parse is filed in lib, and no issue of widget waits for it']);
  });

  it('may neither leave out, nor repeat, nor invent a criterion, nor say nothing', () => {
    const criteria = [met('1'), met('1'), met('9'), { ...met('1'), evidence: ' ' }];
    const problems = reviewProblems(aReview({ criteria }), aMeasure(), null, NEIGHBOURS).join('\n');
    for (const part of [
      'no verdict on criterion 2',
      'two verdicts on "1"',
      '"9" is no criterion',
      'is empty',
    ]) {
      expect(problems).toContain(part);
    }
  });
});

describe('a proposal of PRDs for several units', () => {
  const problemsOf = (...prds: ReturnType<typeof aProposedPrd>[]) =>
    prdsProblems(
      { kind: 'prds', prds },
      { around: { ...AROUND, parent: null }, limits: { issues: 3 } },
      NEIGHBOURS,
    );
  const own = aProposedPrd('own');

  it('is taken whether or not one of its own waits for those of others', () => {
    expect(problemsOf(own, aProposedPrd('names', { unit: 'lib' }))).toEqual([]);
    expect(problemsOf({ ...own, blockedBy: ['names'] }, aProposedPrd('names', { unit: 'lib' }))).toEqual([]);
    expect(problemsOf(own, aProposedPrd('later', { unit: 'app', blockedBy: ['own'] }))).toEqual([]);
  });

  it('is refused where nothing would ever come of it', () => {
    expect(problemsOf(aProposedPrd('names', { unit: 'lib' }))).toEqual([
      'none of the PRDs is for widget itself',
    ]);
    expect(problemsOf(own, aProposedPrd('x', { unit: 'rust' }))).toEqual([
      expect.stringContaining('there is no unit "rust"'),
    ]);
    expect(problemsOf({ ...own, blockedBy: ['x'] }, aProposedPrd('x', { unit: 'app' }))).toEqual([
      expect.stringContaining('the unit app starts only when widget is complete'),
    ]);
  });
});

describe('a proposal of PRDs', () => {
  const problemsOf = (...prds: ReturnType<typeof aProposedPrd>[]) =>
    prdsProblems(
      { kind: 'prds', prds },
      { around: { ...AROUND, parent: null }, limits: { issues: 3 } },
      NEIGHBOURS,
    );

  it('is taken when its order makes sense', () => {
    expect(
      problemsOf(aProposedPrd('a'), aProposedPrd('b', { blockedBy: ['a'], qualityBar: 'As good as x.' })),
    ).toEqual([]);
  });

  it('is refused for circles, nothing to test, and too many', () => {
    expect(
      problemsOf(aProposedPrd('a', { blockedBy: ['b'] }), aProposedPrd('b', { blockedBy: ['a'] })).join(),
    ).toContain('circle');
    expect(problemsOf(aProposedPrd('a', { criteria: [] })).join()).toContain('at least 1');
    expect(problemsOf(...['a', 'b', 'c', 'd'].map(key => aProposedPrd(key))).join()).toContain('at most 3');
    expect(problemsOf()).toEqual(['it proposes no PRD']);
  });

  it.each(['```\n- a', 'As good as jq\n\n# Something\n\n- a', '- a\n\n## Tasks\n- b', 'none'])(
    'is refused when its quality bar is not read as it is meant: %j',
    qualityBar => {
      expect(problemsOf(aProposedPrd('a', { qualityBar })).join()).toContain('quality bar is cut short');
    },
  );

  it.each(['As good as jq.', 'As good as others at:\n\n- counting\n- sorting'])('takes %j', qualityBar => {
    expect(problemsOf(aProposedPrd('a', { qualityBar }))).toEqual([]);
  });

  it('comes from a plan that says something', () => {
    expect(planProblems({ kind: 'plan', text: ' ' })).toEqual(['the plan is empty']);
  });
});

describe('the criteria of an issue', () => {
  it('are the items of its list, numbered', () => {
    const body = '## Acceptance criteria\n\n1. First\n   goes on\n- [ ] Second\n\n## Notes\n\n- no criterion';
    expect(criteriaOf({ title: 'T', body })).toEqual([
      { id: '1', text: 'First' },
      { id: '2', text: 'Second' },
    ]);
  });

  it('are the issue itself when it lists none', () => {
    expect(criteriaOf({ title: 'T', body: 'Do it.' })).toEqual([
      { id: '1', text: 'What the issue as a whole asks for: T' },
    ]);
  });
});
