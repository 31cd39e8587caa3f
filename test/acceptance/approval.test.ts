import path from 'node:path';
import { expect, it } from 'vitest';
import { aTown, ONE_WORKER, until } from './fleet.ts';

it('waits for a person, shows what to judge, and lands what is approved with a command', async () => {
  const town = await aTown();
  const issue = town.issue('first');
  const fleet = await town.fleet('one', { ...ONE_WORKER, HARNESS_REVIEW: 'human' });
  await fleet.harness('start');
  const comments = () => town.api<readonly { readonly body: string }[]>(`issues/${issue}/comments`);
  await until('a person is asked', 60_000, async () =>
    /harness approve/.test((await comments())[0]?.body ?? ''),
  );

  const packet = await fleet.harness('packet', String(issue));
  expect(packet).toMatchObject({ exit: 0, err: '' });
  expect(packet.out).toMatch(/✓ verify: .* succeeded in/);
  const { packet: facts } = JSON.parse((await fleet.harness('packet', String(issue), '--json')).out);
  const head = town.git('rev-parse', `issue/${issue}`).trim();
  expect(facts).toMatchObject({ issue, attempt: 1, head });

  const stale = await fleet.harness('approve', String(issue), '--sha', '1234567');
  expect(stale).toMatchObject({ exit: 5, err: expect.stringContaining('is not the head') });
  const approved = await fleet.harness('approve', String(issue), '--sha', head.slice(0, 10), '--json');
  expect(JSON.parse(approved.out)).toEqual({ issue: `acme/app#${issue}`, head, by: 'bot' });
  await town.untilClosed([issue]);
  expect(await town.api(`pulls/${issue + 1}/reviews`)).toEqual([]);
  expect(town.git('log', '-1', '--format=%(trailers)', 'main')).toMatch(
    new RegExp(`^Issue: #${issue}\nAttempt: 1\nAgent: .+\n(Model: .+\n)?Prompt-Digest: [0-9a-f]{64}\n`),
  );
  await fleet.harness('stop');
}, 240_000);

it('shows what a PRD would be cut into, and files it when a person agrees', async () => {
  const town = await aTown();
  const agent = path.join(import.meta.dirname, 'agents/stages.mjs');
  const prd = town.forge.addIssue({
    repo: 'acme/app',
    title: 'One file',
    body: '## Acceptance criteria\n\n1. There is a file work/one\n',
    labels: ['prd'],
    author: 'bot',
  });
  const fleet = await town.fleet('one', {
    ...{ ...ONE_WORKER, HARNESS_MODE: 'prd', HARNESS_PROPOSALS: 'hold', HARNESS_VERIFY: 'true' },
    HARNESS_AGENT_COMMAND: `"${process.execPath}" "${agent}"`,
  });
  await fleet.harness('start');
  const comments = () => town.api<readonly { readonly body: string }[]>(`issues/${prd}/comments`);
  await until('a person is asked', 60_000, async () =>
    /waits for a person/.test((await comments())[0]?.body ?? ''),
  );
  expect((await comments())[0]?.body).toContain('- one: Write work/one; small; covers 1; in work/one');
  const shown = await fleet.harness('approve', String(prd), '--dry-run');
  const [, name = ''] = /^- one: Write work\/one; .*\nIt is (\w{12})\.$/.exec(shown.out) ?? [];
  expect(await fleet.harness('approve', String(prd))).toMatchObject({ exit: 2 });
  expect((await fleet.harness('next')).out).toContain(`harness approve acme/app#${prd} --sha ${name}`);
  const approved = await fleet.harness('approve', String(prd), '--sha', name);
  expect(approved).toMatchObject({ exit: 0, out: expect.stringContaining(`acme/app#${prd} is approved`) });
  await town.untilClosed([prd], 90_000);
  expect(await town.api('issues/2')).toMatchObject({ title: 'Write work/one', state: 'closed' });
  await fleet.harness('stop');
}, 180_000);
