import { expect, test } from 'vitest';
import { graphOf } from '../../src/core/graph.ts';
import { graphDot, graphMermaid, graphText } from '../../src/render/graph.ts';
import { aLease, anIssue, aPrd, aWorld, blockedBy, childOf, closed } from '../helpers/world.ts';

const world = aWorld({
  config: { HARNESS_MODE: 'prd' },
  references: { 'acme/lib#1': 'open' },
  leases: [aLease(4, { holder: 'other' })],
  issues: [
    aPrd(1),
    anIssue(2, { ...childOf(1), title: 'First' }),
    anIssue(3, {
      body: childOf(1).body + blockedBy(2, 9, 'acme/lib#1', 404).body,
      title: 'Evil "]--> & <b>',
    }),
    anIssue(4),
    anIssue(8, closed()),
    anIssue(9, { labels: [], ...closed() }),
  ],
});

test('holds everything open and what it waits for, with states', () => {
  const { nodes, edges } = graphOf(world);
  expect(nodes.map(({ name, state, verdict }) => `${name} ${state} ${verdict}`)).toEqual([
    'acme/widget#1 held waiting-for-children',
    'acme/widget#2 ready IMPL',
    'acme/widget#3 held blocked',
    'acme/widget#9 done null',
    'acme/lib#1 open null',
    'acme/widget#404 never null',
    'acme/widget#4 working leased',
  ]);
  expect(edges.map(({ from, to, kind }) => `${from} ${kind} ${to}`)).toEqual([
    'acme/widget#1 contains acme/widget#2',
    'acme/widget#1 contains acme/widget#3',
    'acme/widget#2 blocks acme/widget#3',
    'acme/widget#9 blocks acme/widget#3',
    'acme/lib#1 blocks acme/widget#3',
    'acme/widget#404 blocks acme/widget#3',
  ]);
});

test('is drawn as text', () => {
  expect(graphText(graphOf(world))).toContain('▶ acme/widget#2  IMPL  First\n    belongs to acme/widget#1\n');
  expect(graphText(graphOf(aWorld()))).toBe('There is nothing open.\n');
});

test('is drawn for Mermaid, whatever stands in a title', () => {
  const drawn = graphMermaid(graphOf(world));
  expect(drawn).toContain(
    'n2["acme/widget#35;3 #40;blocked#41;<br>Evil #34;#93;--#62; #38; #60;b#62;"]:::held',
  );
  expect(drawn).toContain('  n1 --> n2\n');
  expect(drawn).toContain('  n0 -.- n2\n');
});

test('is drawn for Graphviz', () => {
  const drawn = graphDot(graphOf(world));
  expect(drawn).toContain(
    '"acme/widget#3" [label="acme/widget#3 (blocked)\\nEvil \\"]--> & <b>", fillcolor="#ffe8a1"];',
  );
  expect(drawn).toContain('"acme/widget#2" -> "acme/widget#3";');
});
