import { expect, it } from 'vitest';
import { keyMarker } from '../../../src/core/markers.ts';
import { APP, aForgeWithRepository, octokitOf } from '../../forge/a-forge.ts';
import { aBoard, LOST, NOW } from './setup.ts';

const REPO = 'acme/app';
const bodyOf = (key: string) => `${keyMarker({ scope: '1', origin: 'abc', key })}\n\nDo it.`;
const draftOf = (key: string) => ({ title: key, body: bodyOf(key), labels: ['later'] });

it('creates an issue once for each key, whoever asks again', async () => {
  const forge = await aForgeWithRepository();
  const first = await aBoard(forge).createIssue(REPO, draftOf('one'));
  // Somebody else without a snapshot: the key tells.
  const again = await aBoard(forge).createIssue(REPO, draftOf('one'));
  const other = await aBoard(forge).createIssue(REPO, draftOf('two'));
  expect([first.number, again.number, other.number]).toEqual([1, 1, 2]);
  expect(first).toMatchObject({ title: 'one', labels: ['later'], author: 'acme' });
});

it.each(LOST)('creates one when the answer is lost: $kind', async effect => {
  const forge = await aForgeWithRepository();
  const board = aBoard(forge);
  await board.login();
  forge.faults.add({ ...effect, method: 'POST', count: 1 });
  await board.createIssue(REPO, draftOf('one'));
  const { data } = await octokitOf(forge).rest.issues.listForRepo({ ...APP, state: 'all' });
  expect(data).toHaveLength(1);
});

it('does not take the issue of a stranger for its own, whatever key it carries', async () => {
  const forge = await aForgeWithRepository();
  forge.addIssue({ repo: REPO, title: 'mine', body: bodyOf('one'), author: 'mallory' });
  expect((await aBoard(forge).createIssue(REPO, draftOf('one'))).number).toBe(2);
});

it('links an issue to its parent and its blockers, twice without harm', async () => {
  const forge = await aForgeWithRepository();
  const board = aBoard(forge);
  for (const title of ['prd', 'blocker', 'child']) forge.addIssue({ repo: REPO, title });
  const links = { parent: 1, blockedBy: ['acme/app#2'] };
  await board.linkIssue(REPO, 3, links);
  await board.linkIssue(REPO, 3, links);
  const { issues } = await board.snapshot(REPO, NOW);
  expect(issues.find(({ number }) => number === 3)).toMatchObject({
    parent: 'acme/app#1',
    blockedBy: ['acme/app#2'],
  });
});

it.each(LOST)('links an issue although an answer is lost: $kind', async effect => {
  const forge = await aForgeWithRepository();
  const board = aBoard(forge);
  for (const title of ['prd', 'blocker', 'child']) forge.addIssue({ repo: REPO, title });
  for (const route of ['sub_issues', 'dependencies/blocked_by']) {
    const place = `/repos/{owner}/{repo}/issues/{issue_number}/${route}`;
    forge.faults.add({ ...effect, method: 'POST', route: place, count: 1 });
  }
  await board.linkIssue(REPO, 3, { parent: 1, blockedBy: ['acme/app#2'] });
  const { issues } = await board.snapshot(REPO, NOW);
  expect(issues.find(({ number }) => number === 3)).toMatchObject({
    parent: 'acme/app#1',
    blockedBy: ['acme/app#2'],
  });
});
