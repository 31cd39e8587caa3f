import { expect, test } from 'vitest';
import { circlesIn } from '../../src/core/circles.ts';
import { edgesOf, reachable, reversed } from '../../src/core/edges.ts';

const edges = (count: number, pairs: readonly (readonly [number, number])[]) =>
  edgesOf(count, { from: pairs.map(([from]) => from), to: pairs.map(([, to]) => to) });

test.each([
  ['no edges', [], []],
  [
    'a chain',
    [
      [0, 1],
      [1, 2],
      [2, 3],
    ],
    [],
  ],
  [
    'a diamond',
    [
      [0, 1],
      [0, 2],
      [1, 3],
      [2, 3],
    ],
    [],
  ],
  ['a node that leads to itself', [[2, 2]], [[2]]],
  [
    'two nodes that lead to each other',
    [
      [1, 3],
      [3, 1],
    ],
    [[1, 3]],
  ],
  [
    'a ring with a tail',
    [
      [0, 1],
      [1, 2],
      [2, 1],
      [2, 3],
    ],
    [[1, 2]],
  ],
  [
    'two rings in one',
    [
      [0, 1],
      [1, 0],
      [1, 2],
      [2, 1],
    ],
    [[0, 1, 2]],
  ],
  [
    'two rings apart',
    [
      [0, 1],
      [1, 0],
      [2, 3],
      [3, 2],
      [1, 2],
    ],
    [
      [2, 3],
      [0, 1],
    ],
  ],
] as const)('finds the circles in %s', (_what, pairs, expected) => {
  expect(circlesIn(edges(4, pairs))).toEqual(expected);
});

test('walks chains and rings of any length without exhausting the stack', () => {
  const count = 200_000;
  const chain = Array.from({ length: count - 1 }, (_none, node) => [node, node + 1] as const);
  expect(circlesIn(edges(count, chain))).toEqual([]);
  expect(circlesIn(edges(count, [...chain, [count - 1, 0]]))).toHaveLength(1);
});

test('turns edges round, and follows them', () => {
  const given = edges(4, [
    [0, 1],
    [2, 1],
    [1, 3],
  ]);
  expect([...reachable(given, [0])]).toEqual([0, 1, 3]);
  expect([...reachable(reversed(given), [1])]).toEqual([1, 0, 2]);
});
