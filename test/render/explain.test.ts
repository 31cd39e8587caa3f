import { expect, test } from 'vitest';
import { explain } from '../../src/core/explain.ts';
import { renderExplanation } from '../../src/render/explain.ts';
import { anIssue, aWorld, blockedBy } from '../helpers/world.ts';

const world = aWorld({ issues: [anIssue(5, blockedBy('acme/first#1', 'acme/second#2', 'acme/third#3'))] });
const shown = (width: number) => renderExplanation(explain(world, '5'), { width, color: false, now: 0 });
const words = (text: string) => text.replaceAll(/\s+/g, ' ');

test('says beside an open gate what it has seen', () => {
  expect(shown(80)).toContain('  ✓  Is its author trusted?  me\n');
});

test.each([100, 60, 40])('cuts nothing of why a gate is closed at a width of %d', width => {
  const closed = words(
    'acme/first#1 (unknown), acme/second#2 (unknown), acme/third#3 (unknown); until all 3 are closed',
  );
  expect(words(shown(width))).toContain(closed);
  const gates = shown(width)
    .split('\n')
    .filter(line => line.startsWith('     '));
  expect(gates.filter(line => line.length > width)).toEqual([]);
});

test('leaves out what an open gate has seen where there is no room for it', () => {
  expect(shown(26)).toContain('  ✓  Is its author trusted?\n');
});
