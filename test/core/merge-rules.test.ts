import { expect, it } from 'vitest';
import { type MergeRules, mergeObstacles } from '../../src/core/merge-rules.ts';
import type { Settings } from '../../src/core/settings.ts';

const FREE: MergeRules = { signatures: false, linear: false, queue: false, pulls: false, methods: null };
const METHODS = ['squash', 'merge', 'rebase', 'ff'] as const;

it.each<[string, Partial<MergeRules>, readonly Settings['HARNESS_MERGE'][]]>([
  ['nothing', {}, []],
  ['signed commits', { signatures: true }, ['merge', 'rebase', 'ff']],
  ['a history without merges', { linear: true }, ['merge']],
  ['a queue, which merges in its own way,', { queue: true, linear: true, methods: [] }, []],
  ['pull requests', { pulls: true }, ['ff']],
  ['squash merges', { methods: ['squash'] }, ['merge', 'rebase']],
])('a branch that asks for %s refuses just the methods that do not give it', (_what, rules, refused) => {
  const found = METHODS.filter(method => mergeObstacles({ ...FREE, ...rules }, method).length > 0);
  expect(found).toEqual(refused);
});
