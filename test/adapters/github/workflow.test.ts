import { expect, it } from 'vitest';
import { aClone, aForgeWithRepository, commitFile, git } from '../../forge/a-forge.ts';
import { aBoard, aClock, NOW } from './setup.ts';

const REPO = 'acme/app';
const CONTENTS = '/repos/{owner}/{repo}/contents/{path}';

it('is read with the repository when its branch has moved, and what was valid last outlives what is not', async () => {
  const forge = await aForgeWithRepository();
  const clock = aClock();
  const board = aBoard(forge, { workflow: true, clock });
  const clone = await aClone(forge);
  const read = async () => {
    clock.advance(61_000);
    const { workflow, workflowText } = await board.snapshot(REPO, NOW);
    return [workflow, workflowText];
  };
  const push = async (text: string) => {
    await commitFile(clone, 'WORKFLOW.md', text);
    await git(clone, 'push', '--quiet', 'origin', 'main');
    forge.requests.clear();
    return read();
  };
  expect(await read()).toEqual([null, null]);
  expect(await push('Be kind.')).toEqual([null, 'Be kind.']);
  const asked = () => forge.requests.count({ route: CONTENTS });
  expect(asked()).toBe(1);
  expect(await read()).toEqual([null, 'Be kind.']);
  expect(asked()).toBe(1);
  const wrong = '---\npoling:\n  interval_ms: 5\n---\nBe quick.';
  expect(await push(wrong)).toEqual([expect.stringContaining('line 2: there is no poling'), 'Be kind.']);
  await commitFile(clone, 'other', 'x');
  await git(clone, 'push', '--quiet', 'origin', 'main');
  forge.requests.clear();
  expect(await read()).toEqual([expect.stringContaining('line 2'), 'Be kind.']);
  expect(forge.requests.all({ route: CONTENTS }).map(({ status }) => status)).toEqual([304]);
  // The head is told with its checks.
  expect(forge.requests.count({ route: '/repos/{owner}/{repo}/git/ref/{ref}' })).toBe(0);
  expect(await push('Be quick.')).toEqual([null, 'Be quick.']);
  await git(clone, 'rm', '--quiet', 'WORKFLOW.md');
  await commitFile(clone, 'other', 'y');
  await git(clone, 'push', '--quiet', 'origin', 'main');
  expect(await read()).toEqual([null, null]);
});
