import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseReview } from '../../../src/contracts.ts';
import type { Review } from '../../../src/core/contracts.ts';
import { acceptanceBy, openPoints, type ReviewFacts, reviewGate } from '../../../src/landing/gates/review.ts';
import { weakenedGate, weakeningsIn } from '../../../src/landing/gates/weakened.ts';
import { aFile } from './file-patch.ts';

const HEAD = 'a'.repeat(40);
const OTHER = 'b'.repeat(40);

const aReview = (over: Partial<Review> = {}): Review => ({
  version: 1,
  nonce: 'n1',
  repo: 'acme/app',
  issue: 7,
  sha: HEAD,
  summary: 'Looks right.',
  criteria: [
    { id: '1', verdict: 'pass', evidence: 'a.test.ts covers it' },
    { id: '2', verdict: 'pass', evidence: 'read src/a.ts' },
  ],
  findings: [],
  accepts: [],
  ...over,
});

const asked = { nonce: 'n1', repo: 'Acme/App', issue: 7, head: HEAD, criteria: ['1', '2'] };

const facts = (review: unknown, over: Partial<ReviewFacts['asked']> = {}): ReviewFacts => ({
  file: parseReview(typeof review === 'string' ? review : JSON.stringify(review)),
  asked: { ...asked, ...over },
});

const criterion = (id: string, verdict: string, evidence = 'seen') => ({ id, verdict, evidence });
const finding = (id: string, weight: 'must' | 'may') => ({
  id,
  weight,
  path: 'a.ts',
  line: 3,
  message: 'No.',
});

type Case = readonly [title: string, facts: ReviewFacts, verdict: 'pass' | 'fail' | 'unknown'];

const CASES: readonly Case[] = [
  ['every criterion is met', facts(aReview()), 'pass'],
  ['what was found may wait', facts(aReview({ findings: [finding('f1', 'may')] })), 'pass'],
  [
    'a criterion is not met',
    facts({ ...aReview(), criteria: [criterion('1', 'pass'), criterion('2', 'fail')] }),
    'fail',
  ],
  [
    'a criterion is unclear',
    facts({ ...aReview(), criteria: [criterion('1', 'unclear'), criterion('2', 'pass')] }),
    'fail',
  ],
  ['something must change', facts(aReview({ findings: [finding('f1', 'must')] })), 'fail'],
  ['there is none', { file: { kind: 'missing' }, asked }, 'unknown'],
  ['it is empty', facts(''), 'unknown'],
  ['it is prose', facts('VERDICT: PASS'), 'unknown'],
  ['it is an empty object', facts({}), 'unknown'],
  ['it is in a block of Markdown', facts(`\`\`\`json\n${JSON.stringify(aReview())}\n\`\`\``), 'unknown'],
  ['it is about another head', facts(aReview({ sha: OTHER })), 'unknown'],
  ['it abbreviates the head', facts(aReview({ sha: HEAD.slice(0, 12) })), 'unknown'],
  ['it is of another session', facts(aReview({ nonce: 'n0' })), 'unknown'],
  ['it is about another issue', facts(aReview({ issue: 8 })), 'unknown'],
  ['it is about another repository', facts(aReview({ repo: 'acme/other' })), 'unknown'],
  ['it leaves a criterion out', facts({ ...aReview(), criteria: [criterion('1', 'pass')] }), 'unknown'],
  [
    'it names a criterion that is none',
    facts({ ...aReview(), criteria: ['1', '2', '3'].map(id => criterion(id, 'pass')) }),
    'unknown',
  ],
  [
    'it names a criterion twice',
    facts({
      ...aReview(),
      criteria: [criterion('1', 'pass'), criterion('2', 'pass'), criterion('2', 'pass')],
    }),
    'unknown',
  ],
  ['nothing was asked and nothing said', facts({ ...aReview(), criteria: [] }, { criteria: [] }), 'unknown'],
  [
    'it has no evidence',
    facts({ ...aReview(), criteria: [criterion('1', 'pass', ' \n'), criterion('2', 'pass')] }),
    'unknown',
  ],
  [
    'a verdict is another word',
    facts({ ...aReview(), criteria: [criterion('1', 'PASS'), criterion('2', 'pass')] }),
    'unknown',
  ],
  [
    'two findings have one name',
    facts(aReview({ findings: [finding('f1', 'may'), finding('f1', 'may')] })),
    'unknown',
  ],
  ['it has a field that nobody knows', facts({ ...aReview(), approved: true }), 'unknown'],
  ['it is of a newer version', facts({ ...aReview(), version: 2 }), 'unknown'],
  ['it is larger than a review is', facts({ ...aReview(), summary: 'x'.repeat(300_000) }), 'unknown'],
];

const wrongCasesOf = (gate: (facts: ReviewFacts) => { verdict: { verdict: string } }) =>
  CASES.filter(([, given, verdict]) => gate(given).verdict.verdict !== verdict).map(([title]) => title);

describe('the review gate', () => {
  it.each(CASES)('when %s', (_title, given, verdict) => {
    const result = reviewGate(given);
    expect(result.verdict.verdict).toBe(verdict);
    expect(result.failure?.class ?? null).toBe(verdict === 'pass' ? null : 'review');
  });

  it('passes nothing but a verdict that says pass of every criterion, for this head', () => {
    const verdicts = fc.constantFrom('pass', 'fail', 'unclear');
    const review = fc.record({
      sha: fc.constantFrom(HEAD, OTHER),
      criteria: fc.array(
        fc.record({
          id: fc.constantFrom('1', '2', '3'),
          verdict: verdicts,
          evidence: fc.constantFrom('seen', ''),
        }),
      ),
      weights: fc.array(fc.constantFrom<'must' | 'may'>('must', 'may'), { maxLength: 2 }),
    });
    fc.assert(
      fc.property(review, ({ sha, criteria, weights }) => {
        const findings = weights.map((weight, at) => finding(`f${at}`, weight));
        const { failure } = reviewGate(facts({ ...aReview(), sha, criteria, findings }));
        const isGood =
          sha === HEAD &&
          criteria
            .map(({ id }) => id)
            .sort()
            .join() === '1,2' &&
          criteria.every(({ verdict, evidence }) => verdict === 'pass' && evidence !== '') &&
          !weights.includes('must');
        expect(failure === null).toBe(isGood);
      }),
      { numRuns: 500 },
    );
  });

  const altered = (alter: (review: Review) => Partial<Review>) => (given: ReviewFacts) =>
    reviewGate(
      given.file.kind === 'valid'
        ? { ...given, file: { kind: 'valid', review: { ...given.file.review, ...alter(given.file.review) } } }
        : given,
    );

  it.each<[string, (given: ReviewFacts) => { verdict: { verdict: string } }]>([
    ['passes everything', () => ({ verdict: { verdict: 'pass' } })],
    [
      'takes what it can not read for a pass',
      given => (given.file.kind === 'valid' ? reviewGate(given) : { verdict: { verdict: 'pass' } }),
    ],
    ['does not look at the head', altered(() => ({ sha: HEAD }))],
    ['does not look at the session', altered(() => ({ nonce: 'n1' }))],
    ['does not look at the issue', altered(() => ({ issue: 7 }))],
    ['overlooks findings', altered(() => ({ findings: [] }))],
    [
      'takes unclear for a pass',
      altered(({ criteria }) => ({
        criteria: criteria.map(one => ({
          ...one,
          verdict: one.verdict === 'unclear' ? ('pass' as const) : one.verdict,
        })),
      })),
    ],
    [
      'asks only for what was answered',
      given =>
        reviewGate({
          ...given,
          asked: {
            ...given.asked,
            criteria: given.file.kind === 'valid' ? given.file.review.criteria.map(({ id }) => id) : [],
          },
        }),
    ],
  ])('would be missed if it %s', (_title, broken) => {
    expect(wrongCasesOf(reviewGate)).toEqual([]);
    expect(wrongCasesOf(broken)).not.toEqual([]);
  });
});

it('a review accepts weakened checks by their names, for its head', () => {
  const found = weakeningsIn([aFile('Makefile')], {});
  const accepts = [{ id: 'check-definition:Makefile', reason: 'adds the new target' }];
  const acceptance = acceptanceBy(aReview({ accepts }));
  expect(weakenedGate(found, { head: HEAD, acceptances: [acceptance] }).failure).toBeNull();
  expect(weakenedGate(found, { head: OTHER, acceptances: [acceptance] }).failure).not.toBeNull();
  expect(parseReview(JSON.stringify(aReview({ accepts: [{ id: 'x', reason: ' ' }] }))).kind).toBe('invalid');
});

it('the next attempt answers what is not met and what was found', () => {
  const review = aReview({
    criteria: [
      { id: '1', verdict: 'pass', evidence: 'seen' },
      { id: '2', verdict: 'unclear', evidence: 'no test' },
    ],
    findings: [
      finding('f1', 'must'),
      { ...finding('f2', 'may'), line: null },
      { ...finding('f3', 'may'), path: null },
    ],
  });
  expect(openPoints(review)).toEqual([
    { id: 'criterion 2', text: 'unclear: no test' },
    { id: 'finding f1', text: 'must: a.ts:3: No.' },
    { id: 'finding f2', text: 'may: a.ts: No.' },
    { id: 'finding f3', text: 'may: No.' },
  ]);
});
