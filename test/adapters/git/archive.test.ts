import { expect, it } from 'vitest';
import { createRefs } from '../../../src/adapters/git/refs.ts';
import type { Journal, Refs } from '../../../src/ports.ts';
import { entry } from './records.ts';
import { git, optionsFor, push, REF, REPO, setScene } from './setup.ts';

const ARCHIVE = 'refs/harness/archive';
const OTHER = 'refs/harness/issues/8';

const archive = (refs: Refs, journals: readonly Journal[]) =>
  refs.push(REPO, [{ kind: 'archive', ref: ARCHIVE, journals }]);

/** Two journals, the first with an attachment, as another host left them. */
async function setJournals() {
  const scene = await setScene();
  const refs = createRefs(scene.options);
  await refs.push(REPO, [
    {
      kind: 'journal',
      ref: REF,
      expected: null,
      entries: [entry()],
      attachments: { 'verify.log': 'it broke' },
    },
  ]);
  await push(refs, OTHER, null, [entry()]);
  const { journals } = await refs.read(REPO);
  const there = () => createRefs(optionsFor(`${scene.dir}/there`, scene.server.url));
  return { ...scene, refs, journals, there };
}

const refsOf = (remote: string) =>
  git(remote, ['for-each-ref', '--format=%(refname)', 'refs/harness']).split('\n');

it('takes the refs of journals away and keeps what they say, for every host', async () => {
  const { refs, journals, remote, there } = await setJournals();
  expect(await archive(refs, journals)).toMatchObject({ kind: 'done' });
  expect(refsOf(remote)).toEqual([ARCHIVE]);
  const other = there();
  const view = await other.read(REPO);
  expect(view.journals).toEqual(journals.map(journal => ({ ...journal, isArchived: true })));
  const [first] = view.journals;
  expect(first && (await other.attachment(REPO, first, 'verify.log'))).toBe('it broke');
  expect(git(remote, ['show', `${ARCHIVE}:issues/8.json`])).toContain('"op":"claim"');
});

it('lets an issue be taken again where its journal had ended, by one host', async () => {
  const { refs, journals, there, tipOf } = await setJournals();
  await archive(refs, journals);
  const other = there();
  const [known] = (await other.read(REPO)).journals;
  await refs.read(REPO);
  const claim = entry({ seq: 2, epoch: 2 });
  const take = (by: Refs) =>
    by.push(REPO, [{ kind: 'journal', ref: REF, expected: known?.tip ?? null, entries: [claim] }]);
  const taken = await take(other);
  expect(taken.kind).toBe('done');
  expect((await take(refs)).kind).toBe('lost');
  const [journal] = (await refs.read(REPO)).journals;
  expect(journal).toMatchObject({ ref: REF, tip: tipOf(REF), entries: [{ seq: 1 }, claim] });
  expect(journal?.isArchived).toBeUndefined();
});

it('archives the same issue again, with all that happened to it', async () => {
  const { refs, journals, remote } = await setJournals();
  await archive(refs, journals);
  const [known] = (await refs.read(REPO)).journals;
  await push(refs, REF, known?.tip ?? null, [entry({ seq: 2 })]);
  const again = (await refs.read(REPO)).journals.filter(({ isArchived }) => !isArchived);
  expect(await archive(refs, again)).toMatchObject({ kind: 'done' });
  expect(refsOf(remote)).toEqual([ARCHIVE]);
  expect((await refs.read(REPO)).journals.map(({ entries }) => entries.length)).toEqual([2, 1]);
});

it('moves nothing when one of the journals has moved meanwhile, or another host was faster', async () => {
  const { refs, journals, remote, there } = await setJournals();
  const other = there();
  await other.read(REPO);
  await push(other, REF, journals[0]?.tip ?? null, [entry({ seq: 2 })]);
  expect((await archive(refs, journals)).kind).toBe('lost');
  expect(refsOf(remote)).toHaveLength(2);
  const rest = journals.slice(1);
  expect((await archive(other, rest)).kind).toBe('done');
  expect((await archive(refs, rest)).kind).toBe('lost');
});

it('holds a journal whose file in the archive is of a newer version', async () => {
  const { refs, journals, remote, there } = await setJournals();
  await archive(refs, journals);
  const blob = git(remote, ['hash-object', '-w', '--stdin'], '{"v":2}');
  const issues = git(remote, ['mktree'], `100644 blob ${blob}\t9.json`);
  const tree = git(remote, ['mktree'], `040000 tree ${issues}\tissues`);
  git(remote, ['update-ref', ARCHIVE, git(remote, ['commit-tree', tree, '-m', 'x'])]);
  expect((await there().read(REPO)).journals).toMatchObject([
    { ref: 'refs/harness/issues/9', problem: expect.stringContaining('newer version') },
  ]);
});
