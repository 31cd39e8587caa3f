import { expect, it } from 'vitest';
import type { Packet } from '../../src/core/contracts.ts';
import { aTown, ONE_WORKER, REPO } from './fleet.ts';
import { ended } from './strikes.ts';

interface PullRow {
  readonly number: number;
  readonly body: string;
}

/** GitHub's limit, in code points. */
const LIMIT = 65_536;

it('cuts a pull request that is too long between characters, and keeps all of it in the journal', async () => {
  const town = await aTown();
  const issue = town.issue('wordy');
  const fleet = await town.fleet('one', ONE_WORKER);
  await fleet.harness('start');
  await town.untilClosed([issue]);
  await ended(town, [issue]);
  const [pull] = await town.api<readonly PullRow[]>('pulls?state=all');
  if (!pull) throw new Error('There is no pull request.');
  const points = Array.from(pull.body);
  expect(points).toHaveLength(LIMIT);
  expect(pull.body.length).toBeGreaterThan(LIMIT);
  expect(pull.body).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
  expect(pull.body).toMatch(/the full text is in the journal\._$/);
  expect(pull.body).toContain(`Closes #${issue}`);

  const { out } = await fleet.harness('packet', String(issue), '--json');
  const { packet } = JSON.parse(out) as { readonly packet: Packet };
  expect(packet.criteria).toHaveLength(400);
  expect(packet.criteria.at(-1)).toEqual({
    id: 'criterion 400',
    evidence: expect.stringMatching(/🙂 proof.*proof$/),
  });

  const change = (body: string) =>
    fetch(`${town.forge.apiUrl}/repos/${REPO}/pulls/${pull.number}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${town.token}` },
      body: JSON.stringify({ body }),
    });
  expect((await change('🙂'.repeat(LIMIT))).status).toBe(200);
  expect((await change(`${'🙂'.repeat(LIMIT)}.`)).status).toBe(422);
  await fleet.harness('stop');
});
