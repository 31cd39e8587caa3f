import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBoard } from '../../../src/core/board.ts';
import { cyclesIn } from '../../../src/core/findings/cycles.ts';
import { isInOrder } from '../../../src/core/findings/in-order.ts';
import { hopelessIn } from '../../../src/core/findings/progress.ts';
import { waitGraphOf } from '../../../src/core/wait-graph.ts';
import type { World } from '../../../src/core/world.ts';
import { anyWorld } from '../../helpers/any-world.ts';
import {
  aMultiWorld,
  anIssue,
  aPrd,
  aRepo,
  aTarget,
  aWorld,
  blockedBy,
  childOf,
  closed,
} from '../../helpers/world.ts';

const areInOrder = (world: World) => readBoard(world).units.every(isInOrder);

describe('a board is in order', () => {
  test.each([
    [
      'whose issues wait for earlier ones',
      [anIssue(5), anIssue(6, blockedBy(5)), anIssue(7, blockedBy(5, 6))],
    ],
    ['whose children belong to a PRD', [aPrd(4), anIssue(5, childOf(4)), anIssue(6, childOf(4))]],
    ['whose blockers are done', [anIssue(5, blockedBy(6)), anIssue(6, closed())]],
    ['that waits for what cannot be seen', [anIssue(5, blockedBy('other/place#9'))]],
    ['whose closed issues waited for anything', [anIssue(5, { ...closed(), ...blockedBy(6) }), anIssue(6)]],
  ])('%s', (_what, issues) => {
    expect(areInOrder(aWorld({ issues }))).toBe(true);
  });
});

describe('a board is not in order', () => {
  test.each([
    ['whose issue waits for a later one', [anIssue(5, blockedBy(6)), anIssue(6)]],
    ['whose issue waits for itself', [anIssue(5, blockedBy(5))]],
    ['whose issue waits for what does not exist', [anIssue(5, blockedBy(404))]],
    [
      'whose issue waits for what will not be done',
      [anIssue(4, closed('not_planned')), anIssue(5, blockedBy(4))],
    ],
    ['whose issue waits for a PRD', [aPrd(3), aPrd(4), anIssue(5, blockedBy(4))]],
    ['whose PRD waits for something', [anIssue(3), aPrd(4, blockedBy(3))]],
    ['whose PRD belongs to another', [aPrd(3), aPrd(4, childOf(3))]],
    ['whose issue waits for that of a stranger', [anIssue(4, { author: 'eve' }), anIssue(5, blockedBy(4))]],
  ])('%s', (_what, issues) => {
    expect(areInOrder(aWorld({ issues, config: { HARNESS_MODE: 'prd' } }))).toBe(false);
  });

  test('that waits for an issue of another unit', () => {
    const repos = {
      'acme/app': aRepo([anIssue(5, blockedBy('acme/lib#4'))]),
      'acme/lib': aRepo([anIssue(4)]),
    };
    expect(areInOrder(aMultiWorld([aTarget('app'), aTarget('lib')], repos))).toBe(false);
  });
});

test('nothing waits in a circle, or for what never comes, on any board that is in order', () => {
  fc.assert(
    fc.property(anyWorld, world => {
      const board = readBoard(world);
      if (!board.units.every(isInOrder)) return;
      const graph = waitGraphOf(board);
      expect(cyclesIn(graph)).toEqual([]);
      expect(hopelessIn(graph, [])).toEqual(new Set());
    }),
    { numRuns: 500 },
  );
});
