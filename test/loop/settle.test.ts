import { describe, expect, it } from 'vitest';
import { aStage } from '../helpers/ports.ts';

describe('settling an attempt', () => {
  it('writes nothing that people see after the lease is given back', async () => {
    const stage = aStage({ agents: ['wrong', 'good'] });
    await stage.fleet().finish();
    expect(stage.github.story()).toEqual([
      'claim',
      'receipt:verify',
      'release',
      'claim',
      'landing',
      'receipt',
      'release',
    ]);
    expect(stage.universe.watch.violations).toEqual([]);
  });
});
