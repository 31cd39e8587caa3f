import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { expect, it, onTestFinished } from 'vitest';
import { aTown, ONE_WORKER, REPO, type Town } from './fleet.ts';

/** Pushes a branch with one file, and opens its pull request in the name of the account of the fleet. */
async function aPull(
  town: Town,
  { branch, file, body }: { readonly branch: string; readonly file: string; readonly body: string },
): Promise<number> {
  const clone = mkdtempSync(path.join(tmpdir(), 'harness-person-'));
  onTestFinished(() => rmSync(clone, { recursive: true, force: true }));
  const env = { PATH: process.env.PATH ?? '', HOME: clone, GIT_CONFIG_NOSYSTEM: '1' };
  const git = (...args: readonly string[]) =>
    execa('git', ['-c', 'user.name=ann', '-c', 'user.email=ann@example.org', ...args], {
      cwd: clone,
      env,
      extendEnv: false,
    });
  await git('clone', '--quiet', `http://bot:${town.token}@127.0.0.1:${town.forge.port}/${REPO}.git`, 'app');
  writeFileSync(path.join(clone, 'app', file), 'by ann\n');
  const inClone = (...args: readonly string[]) => git('-C', 'app', ...args);
  await inClone('checkout', '--quiet', '-b', branch);
  await inClone('add', '--', file);
  await inClone('commit', '--quiet', '-m', `Write ${file}`);
  await inClone('push', '--quiet', 'origin', branch);
  const response = await fetch(`${town.forge.apiUrl}/repos/${REPO}/pulls`, {
    method: 'POST',
    headers: { authorization: `Bearer ${town.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ title: `Write ${file}`, head: branch, base: 'main', body }),
  });
  return ((await response.json()) as { readonly number: number }).number;
}

it("takes a person's pull request through all gates, and lands what holds", async () => {
  const town = await aTown();
  const settings = { HARNESS_VERIFY: 'test ! -e broken', HARNESS_REVIEW: 'human' };
  const fleet = await town.fleet('one', settings);
  const issue = town.issue('A page');
  const pull = await aPull(town, { branch: 'ann/page', file: 'page', body: `Closes #${issue}` });
  const waits = await fleet.harness('adopt', String(pull));
  expect(waits).toMatchObject({ exit: 5, err: '' });
  expect(waits.out).toMatch(/waits: waits for the review of a person[\s\S]*harness approve/);
  const head = town.git('rev-parse', 'ann/page').trim();
  expect((await fleet.harness('approve', String(issue), '--sha', head)).exit).toBe(0);
  const landed = await fleet.harness('adopt', String(pull), '--json');
  expect(landed).toMatchObject({ exit: 0, err: '' });
  expect(JSON.parse(landed.out)).toMatchObject({ pull: `${REPO}#${pull}`, issue, head, end: 'landed' });
  expect(await town.api(`pulls/${pull}`)).toMatchObject({ merged: true });
  expect(await town.api(`issues/${issue}`)).toMatchObject({ state: 'closed' });
  expect(town.git('show', 'main:page')).toBe('by ann\n');
  // The branch is theirs, and nobody holds anything any more.
  expect(town.git('rev-parse', 'ann/page').trim()).toBe(head);
  expect(town.git('for-each-ref', '--format=%(refname)', 'refs/harness/hosts')).toBe('');
  expect(town.journal(issue).map(({ op, kind }) => `${op} ${kind}`)).toEqual([
    ...['claim ADOPT', 'receipt ADOPT', 'release ADOPT', 'approve ADOPT'],
    ...['claim ADOPT', 'receipt ADOPT', 'release ADOPT'],
  ]);
  const again = await fleet.harness('adopt', String(pull));
  expect(again).toMatchObject({ exit: 5, err: expect.stringContaining('is merged already') });
}, 240_000);

it('tells of the gate that refuses one, and of what it needs first', async () => {
  const town = await aTown();
  const fleet = await town.fleet('one', { ...ONE_WORKER, HARNESS_VERIFY: 'echo looked; test ! -e broken' });
  const pull = await aPull(town, { branch: 'broken', file: 'broken', body: 'No issue.' });
  const nameless = await fleet.harness('adopt', String(pull));
  expect(nameless).toMatchObject({ exit: 2, err: expect.stringContaining('--issue 7') });
  const refused = await fleet.harness('adopt', String(pull), '--title', 'Break it');
  expect(refused).toMatchObject({ exit: 1, err: '' });
  expect(refused.out).toMatch(/does not land \(verify\): .*\n\nlooked/);
  const [filed] = await town.api<readonly { readonly number: number; readonly title: string }[]>(
    'issues?state=open&sort=created&direction=desc',
  );
  expect(filed?.title).toBe('Break it');
  expect(town.journal(filed?.number ?? 0).at(-2)).toMatchObject({
    op: 'receipt',
    failure: { class: 'verify' },
  });
  expect(await town.api(`pulls/${pull}`)).toMatchObject({ state: 'open', merged: false });
}, 240_000);
