import { mkdtempSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildSessionHost, makeFleet } from './fixture.ts';

let sessionHost = '';
beforeAll(async () => {
  sessionHost = await buildSessionHost(mkdtempSync('/tmp/hz-'));
});

const FINISH = `
import { readFileSync, writeFileSync } from 'node:fs';
const e = process.env;
console.log('read', readFileSync(0, 'utf8').length);
writeFileSync(e.HARNESS_OUTCOME, JSON.stringify({
  version: 1, nonce: e.HARNESS_NONCE, repo: e.HARNESS_REPO, issue: Number(e.HARNESS_ISSUE),
  status: 'done', summary: 'Said hello.', criteria: [], blockers: [], discoveries: [] }));
`;

describe('sessions', () => {
  it('runs an agent to its outcome', async () => {
    const fleet = makeFleet(sessionHost, FINISH);
    const { name } = await fleet.start();
    const session = await fleet.untilEnded(name);
    expect(session).toMatchObject({ exit: { code: 0, reason: 'exited' }, outcome: { kind: 'valid' } });
  });
});
