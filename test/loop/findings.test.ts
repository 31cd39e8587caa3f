import { expect, it } from 'vitest';
import type { Finding } from '../../src/core/decision.ts';
import { createFindingsLog } from '../../src/loop/findings.ts';

const aFinding = (code: Finding['code'], issues: readonly number[] = [5]): Finding => ({
  code,
  repo: 'acme/app',
  issues,
  message: `${code} is there.`,
  fix: 'Mend it.',
});

it('says a finding once per state, not once per tick', () => {
  const said: string[] = [];
  const say = createFindingsLog({
    debug: () => {},
    info: message => said.push(message),
    warn: message => said.push(message),
  });
  say([aFinding('self-block')]);
  say([aFinding('self-block')]);
  expect(said).toEqual(['self-block is there. Mend it.']);
  say([aFinding('self-block'), aFinding('self-block', [6])]);
  expect(said).toHaveLength(2);
  say([]);
  expect(said.slice(2)).toEqual(['settled: self-block', 'settled: self-block']);
  say([aFinding('self-block')]);
  expect(said).toHaveLength(5);
});
