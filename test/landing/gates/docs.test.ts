import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseReview } from '../../../src/contracts.ts';
import { reviewGate } from '../../../src/landing/gates/review.ts';

const text = readFileSync(new URL('../../../docs/gates.md', import.meta.url), 'utf8');

it('the review in the documentation is one, and stops the change as it says', () => {
  const [, example = ''] = /```json review\n([\s\S]*?)```/.exec(text) ?? [];
  const file = parseReview(example);
  expect(file).toMatchObject({ kind: 'valid' });
  const review = JSON.parse(example);
  const asked = { ...review, head: review.sha, criteria: ['1', '2'] };
  expect(reviewGate({ file, asked }).verdict).toMatchObject({
    verdict: 'fail',
    reason: 'not met: 2 (unclear)',
  });
});
