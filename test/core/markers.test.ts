import { describe, expect, it } from 'vitest';
import { commentMarker, fitBody, startsWithMarker } from '../../src/core/markers.ts';

describe('a marker', () => {
  it('counts only at the very beginning', () => {
    expect(startsWithMarker(`${commentMarker('status')}\ntext`, 'status')).toBe(true);
    expect(startsWithMarker(` ${commentMarker('status')}`, 'status')).toBe(false);
    expect(startsWithMarker(`> ${commentMarker('status')}`, 'status')).toBe(false);
    expect(startsWithMarker(commentMarker('status-2'), 'status')).toBe(false);
  });
});

describe('fitBody', () => {
  it('leaves what fits as it is, counted in code points', () => {
    const longest = '🙂'.repeat(65_536);
    expect(fitBody(longest)).toBe(longest);
    expect(fitBody('')).toBe('');
  });

  it('cuts what does not, and says so', () => {
    const fitted = Array.from(fitBody('🙂'.repeat(65_537)));
    expect(fitted).toHaveLength(65_536);
    expect(fitted[0]).toBe('🙂');
    expect(fitted.join('')).toMatch(/🙂\n\n_Cut to the size that GitHub accepts/u);
  });
});
