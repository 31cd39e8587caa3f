import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RedBaseFacts, redBaseGate } from '../../../src/landing/gates/red-base.ts';
import { compareTests, failing } from '../../../src/landing/reports/compare.ts';
import type { Report, TestState } from '../../../src/landing/reports/report.ts';

type States = Readonly<Record<string, TestState>>;

const report = (states: States): Extract<Report, { kind: 'read' }> => ({
  kind: 'read',
  tests: new Map(Object.entries(states)),
});

const BASE: States = { a: 'failed', b: 'failed', c: 'passed', d: 'skipped' };

type Case = readonly [title: string, merged: States, mayLand: boolean, mayLandAsFix: boolean];

const CASES: readonly Case[] = [
  ['nothing changed', BASE, true, false],
  ['one failure is mended', { ...BASE, a: 'passed' }, true, true],
  ['all are mended', { a: 'passed', b: 'passed', c: 'passed' }, true, true],
  ['another test fails', { ...BASE, c: 'failed' }, false, false],
  ['one is mended and another fails', { ...BASE, a: 'passed', c: 'failed' }, false, false],
  ['a new test fails', { ...BASE, e: 'failed' }, false, false],
  ['a new test passes', { ...BASE, e: 'passed' }, true, false],
  ['a failing test is gone', { b: 'failed', c: 'passed' }, false, false],
  ['a failing test is skipped', { ...BASE, a: 'skipped' }, false, false],
  ['a passing test is gone, as after a crash', { a: 'failed', b: 'failed' }, false, false],
  ['one is mended and another gone', { a: 'passed', c: 'passed' }, false, false],
  ['a skipped test runs and fails', { ...BASE, d: 'failed' }, false, false],
  ['a skipped test is gone', { a: 'failed', b: 'failed', c: 'passed' }, true, false],
];

const facts = (merged: States, isFix: boolean): RedBaseFacts => ({
  base: report(BASE),
  merged: report(merged),
  isFix,
});

const wrongCasesOf = (gate: (facts: RedBaseFacts) => { readonly failure: unknown }) =>
  CASES.filter(([, merged, change, fix]) => {
    const says = [false, true].map(isFix => gate(facts(merged, isFix)).failure === null);
    return says.join() !== [change, fix].join();
  }).map(([title]) => title);

describe('on a red base', () => {
  it.each(CASES)('%s', (_title, merged, mayLand, mayLandAsFix) => {
    expect(redBaseGate(facts(merged, false)).failure === null).toBe(mayLand);
    expect(redBaseGate(facts(merged, true)).failure === null).toBe(mayLandAsFix);
  });

  it('a report that can not be relied on blocks', () => {
    const broken: Report = { kind: 'unreadable', problem: 'it lists no test' };
    for (const given of [
      { base: broken, merged: report({}) },
      { base: report(BASE), merged: broken },
    ]) {
      expect(redBaseGate({ ...given, isFix: false })).toMatchObject({
        verdict: { verdict: 'unknown', reason: expect.stringContaining('it lists no test') },
        failure: { class: 'verify' },
      });
    }
  });

  it('says which tests, and how many', () => {
    expect(redBaseGate(facts({ ...BASE, c: 'failed' }, false)).verdict.reason).toBe(
      'new failures: c (2 failed on the base, 3 fail with the change)',
    );
    expect(redBaseGate(facts(BASE, false)).verdict.reason).toMatch(/none of them new$/);
  });

  it('a fix that may land leaves a part of the failures, and nothing else', () => {
    const states = fc.constantFrom<TestState>('passed', 'failed', 'skipped');
    const anyReport = fc
      .dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), states, { noNullPrototype: true })
      .map(report);
    fc.assert(
      fc.property(anyReport, anyReport, (base, merged) => {
        if (redBaseGate({ base, merged, isFix: true }).failure !== null) return;
        const before = failing(base.tests);
        expect(failing(merged.tests).every(id => before.includes(id))).toBe(true);
        expect(failing(merged.tests).length).toBeLessThan(before.length);
        expect(before.every(id => merged.tests.has(id))).toBe(true);
      }),
    );
  });

  const withMerged = (alter: (id: string, state: TestState) => TestState) => (given: RedBaseFacts) =>
    redBaseGate({ ...given, merged: report(alterAll(given.merged, alter)) });
  const alterAll = (merged: Report, alter: (id: string, state: TestState) => TestState): States =>
    merged.kind === 'read' ? Object.fromEntries([...merged.tests].map(([id, s]) => [id, alter(id, s)])) : {};

  it.each<[string, (given: RedBaseFacts) => { readonly failure: unknown }]>([
    ['lets everything pass', () => ({ failure: null })],
    ['asks no fix to mend anything', given => redBaseGate({ ...given, isFix: false })],
    [
      'takes what is skipped for mended',
      withMerged((_id, state) => (state === 'skipped' ? 'passed' : state)),
    ],
    [
      'overlooks new failures',
      withMerged((id, state) => (state === 'failed' && !(BASE[id] === 'failed') ? 'passed' : state)),
    ],
  ])('a gate that %s is noticed', (_title, broken) => {
    expect(wrongCasesOf(redBaseGate)).toEqual([]);
    expect(wrongCasesOf(broken)).not.toEqual([]);
  });
});

it('tells tests apart that fail anew, are mended and are gone', () => {
  const merged = report({ a: 'passed', c: 'failed', e: 'failed' });
  expect(compareTests(report(BASE).tests, merged.tests)).toEqual({
    fresh: ['c', 'e'],
    mended: ['a'],
    gone: ['b'],
    failingBefore: 2,
    failingNow: 2,
  });
});
