import { describe, expect, it } from 'vitest';
import { mergePull } from '../../src/simulate/github/pulls.ts';
import { BASE } from '../../src/simulate/github/remote.ts';
import { pushToBranch } from '../../src/simulate/people.ts';
import { aStage, type Stage } from '../helpers/ports.ts';

const push = ({ universe, github }: Stage) =>
  pushToBranch({ universe, remote: github.remote, issue: github.issue() });

/** A stage on which the first attempt has published its branch and then failed in its landing. */
async function afterAFailedLanding(stage: Stage) {
  const here = stage.fleet('h1', engine => ({
    ...engine,
    board: {
      ...engine.board,
      mergePull: async () => ({ kind: 'head-moved' }),
    },
  }));
  await here.untilAgentsStop();
  await here.tick();
  expect(stage.github.story()).toEqual(['claim', 'landing', 'receipt:refused', 'release']);
}

describe('commits that a person pushed to the branch of an issue', () => {
  it('are what the next attempt builds on', async () => {
    const stage = aStage();
    await afterAFailedLanding(stage);
    push(stage);
    await stage.fleet('h1').finish();
    expect(stage.github.issue().state).toBe('closed');
    expect(stage.github.files()).toHaveProperty(['note/1'], 'a note of a person');
  });

  it('are built on by another host, too', async () => {
    const stage = aStage({ hosts: 2 });
    await afterAFailedLanding(stage);
    push(stage);
    await stage.fleet('h2').finish();
    expect(stage.github.files()).toHaveProperty(['note/1'], 'a note of a person');
  });

  it('are never overwritten by an attempt that began without them', async () => {
    const stage = aStage();
    await afterAFailedLanding(stage);
    const here = stage.fleet('h1');
    await here.tick();
    push(stage);
    await here.untilAgentsStop();
    await here.tick();
    expect(stage.github.story().slice(4)).toEqual(['claim', 'receipt:refused', 'release']);
    await here.finish();
    expect(stage.github.files()).toHaveProperty(['note/1'], 'a note of a person');
  });
});

describe("an earlier attempt's pull request that a person merges at the new head, before it got its new text", () => {
  it('has landed, and is not opened and merged a second time', async () => {
    const stage: Stage = aStage();
    await afterAFailedLanding(stage);
    const { universe, github } = stage;
    const here = stage.fleet('h1', engine => ({
      ...engine,
      board: {
        ...engine.board,
        openPull: (repo, draft) => {
          mergePull(universe, github.remote, { number: 2, sha: draft.sha, by: 'alice' });
          return engine.board.openPull(repo, draft);
        },
      },
    }));
    await here.finish();
    expect(github.pulls().map(({ number }) => number)).toEqual([2]);
    expect(github.story().slice(4)).toEqual(['claim', 'landing', 'receipt', 'release']);
    expect(github.journal().entries.at(-2)?.landed?.pull).toBe(2);
  });
});

describe('a branch on which a person made what conflicts with the base', () => {
  it('costs no agent, and says what to do', async () => {
    const stage = aStage({ config: { HARNESS_MAX_ATTEMPTS: '2' } });
    const { universe, github } = stage;
    const first = github.remote.branches.get(BASE) ?? '';
    const commit = (text: string) =>
      universe.objects.commit({ files: new Map([['shared', text]]), parents: [first], by: 'person alice' })
        .oid;
    github.remote.branches.set('refs/heads/issue/1', commit('one'));
    github.remote.branches.set(BASE, commit('other'));
    await stage.fleet().finish();
    expect(github.story()).toEqual([
      'claim',
      'receipt:refused',
      'release',
      'claim',
      'receipt:refused',
      'release',
    ]);
    expect(github.journal().entries.at(1)?.failure?.message).toContain('conflicts with the base');
    expect(github.comments()).toEqual([expect.stringContaining('merge it there, or delete the branch')]);
    expect(universe.trace.events.filter(({ text }) => text.startsWith('starts sim-'))).toEqual([]);
  });
});

describe('a branch that a person made before any attempt', () => {
  it('is where the first attempt starts', async () => {
    const stage = aStage();
    const { remote } = stage.github;
    remote.branches.set('refs/heads/issue/1', remote.branches.get(BASE) ?? '');
    push(stage);
    await stage.fleet().finish();
    expect(stage.github.story()).toEqual(['claim', 'landing', 'receipt', 'release']);
    expect(stage.github.files()).toHaveProperty(['note/1'], 'a note of a person');
  });
});

describe('a landing whose commits are gone', () => {
  it('ends, and the issue is worked on anew', async () => {
    const stage = aStage({ hosts: 2 });
    const here = stage.fleet('h1', engine => ({
      ...engine,
      board: { ...engine.board, openPull: () => Promise.reject(new Error('GitHub is down')) },
    }));
    const there = stage.fleet('h2');
    await here.untilAgentsStop();
    await here.tick();
    await there.tick();
    stage.machine('h1').isUp = false;
    stage.github.remote.branches.delete('refs/heads/issue/1');
    await stage.wait(70);
    await there.finish();
    expect(stage.github.story()).toEqual([
      'claim',
      'landing',
      'takeover',
      'receipt:interrupted',
      'release',
      'claim',
      'landing',
      'receipt',
      'release',
    ]);
  });
});
