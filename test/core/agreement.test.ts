import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decideLanes } from '../../src/core/decide.ts';
import { explain, standings } from '../../src/core/explain.ts';
import { graphOf } from '../../src/core/graph.ts';
import { nextSteps } from '../../src/core/next.ts';
import type { World } from '../../src/core/world.ts';
import { anyWorld } from '../helpers/any-world.ts';
import { aBug, aWorld } from '../helpers/world.ts';

/** What `harness status` says of each issue: the code of its hold, else the kinds of the actions on it. */
function statusOf(world: World): ReadonlyMap<string, readonly string[]> {
  const { actions, holds } = decideLanes(world);
  const said = new Map<string, readonly string[]>();
  for (const { repo, issue, kind } of actions) {
    const name = `${repo}#${issue}`;
    said.set(name, [...(said.get(name) ?? []), kind]);
  }
  for (const { repo, issue, code } of holds) said.set(`${repo}#${issue}`, [code]);
  return said;
}

test('status, explain, graph and next say the same of every issue of any world', () => {
  fc.assert(
    fc.property(anyWorld, world => {
      const status = statusOf(world);
      const drawn = new Map(graphOf(world).nodes.map(({ name, verdict }) => [name, verdict]));
      const all = standings(world);
      for (const { name, verdict } of all) {
        expect(status.get(name) ?? [''], name).toContain(verdict);
        expect(drawn.get(name), name).toBe(verdict);
        const { hold, actions } = explain(world, name);
        expect(hold ? [hold.code] : actions.map(({ kind }) => kind), name).toEqual(status.get(name) ?? []);
      }
      const starting = new Set(all.flatMap(({ name, verdict }) => (STARTS.has(verdict) ? [name] : [])));
      for (const { frees } of nextSteps(world)) {
        expect(frees.filter(name => starting.has(name))).toEqual([]);
      }
    }),
    { numRuns: 100 },
  );
});

const STARTS: ReadonlySet<string> = new Set(['DECOMPOSE', 'IMPL', 'REVIEW', 'TRIAGE', 'FIX', 'no-slot']);

test('a second bug waits for the first, wherever it is looked at', () => {
  const world = aWorld({ issues: [aBug(5), aBug(6)] });
  expect(statusOf(world)).toEqual(
    new Map([
      ['acme/widget#5', ['TRIAGE']],
      ['acme/widget#6', ['no-slot']],
    ]),
  );
  expect(explain(world, '6').hold?.reason).toBe('the lane takes acme/widget#5 first');
});
