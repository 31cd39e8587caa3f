import { describe, expect, it } from 'vitest';
import type { GitHubBoard } from '../../../src/adapters/github/board.ts';
import { keyMarker } from '../../../src/core/markers.ts';
import type { FaultEffect, Forge } from '../../../src/forge/index.ts';
import { APP, aClone, aForgeWithRepository, git, octokitOf, pushBranch } from '../../forge/a-forge.ts';
import { aBoard, aSnapshotsDir } from './setup.ts';

const REPO = 'acme/app';
const DRAFT = { head: 'issue/1', sha: '', base: 'main', title: 'One', body: 'Closes #1', isFirst: false };
const NUMBER = 2;

interface Scene {
  readonly forge: Forge;
  /** Head of the branch `issue/1`. */
  readonly sha: string;
}

interface Kind {
  readonly method: 'POST' | 'PATCH' | 'PUT';
  /** How often it is sent before it is given up: what does no harm twice is sent again without a look. */
  readonly tries: 1 | 2;
  /** What is there before. */
  readonly prepare?: (board: GitHubBoard, scene: Scene) => Promise<unknown>;
  readonly write: (board: GitHubBoard, scene: Scene) => Promise<unknown>;
  /** What GitHub has in the end. */
  readonly found: (forge: Forge) => Promise<unknown>;
  readonly expected: unknown;
}

const restOf = (forge: Forge) => octokitOf(forge).rest;
const issuesOf = async (forge: Forge) => {
  const { data } = await restOf(forge).issues.listForRepo({ ...APP, state: 'all', direction: 'asc' });
  return data.filter(({ pull_request }) => !pull_request).map(({ title, state }) => `${title} ${state}`);
};
const commentsOf = async (forge: Forge) =>
  (await restOf(forge).issues.listComments({ ...APP, issue_number: 1 })).data.map(({ body }) => body);
const pullsOf = async (forge: Forge) =>
  (await restOf(forge).pulls.list({ ...APP, state: 'all' })).data.map(
    ({ title, state, merged_at }) => `${title} ${merged_at === null ? state : 'merged'}`,
  );
const marked = (text: string) => `<!-- harness:status -->\n${text}`;
const body = `${keyMarker({ scope: '1', origin: 'abc', key: 'two' })}\n\nDo it.`;
const merge = (sha: string) => ({ sha, method: 'squash', title: 'One (#2)', message: '' }) as const;
const open = (board: GitHubBoard) => board.openPull(REPO, DRAFT);

const KINDS: Readonly<Record<string, Kind>> = {
  'a comment': {
    method: 'POST',
    tries: 1,
    write: board => board.putComment(REPO, 1, { key: 'status', body: 'working' }),
    found: commentsOf,
    expected: [marked('working')],
  },
  'the edit of a comment': {
    method: 'PATCH',
    tries: 2,
    prepare: board => board.putComment(REPO, 1, { key: 'status', body: 'working' }),
    write: board => board.putComment(REPO, 1, { key: 'status', body: 'landed' }),
    found: commentsOf,
    expected: [marked('landed')],
  },
  'an issue': {
    method: 'POST',
    tries: 1,
    write: board => board.createIssue(REPO, { title: 'two', body, labels: [] }),
    found: issuesOf,
    expected: ['one open', 'two open'],
  },
  'the links of an issue': {
    method: 'POST',
    tries: 2,
    prepare: board => board.createIssue(REPO, { title: 'two', body, labels: [] }),
    write: board => board.linkIssue(REPO, NUMBER, { parent: 1, blockedBy: [`${REPO}#1`] }),
    found: async forge => {
      const { data } = await restOf(forge).issues.get({ ...APP, issue_number: NUMBER });
      return [data.parent_issue_url?.split('/').at(-1), data.issue_dependencies_summary?.blocked_by];
    },
    expected: ['1', 1],
  },
  'the change of an issue': {
    method: 'PATCH',
    tries: 1,
    write: board => board.updateIssue(REPO, 1, { state: 'closed', stateReason: 'completed' }),
    found: issuesOf,
    expected: ['one closed'],
  },
  'a pull request': { method: 'POST', tries: 1, write: open, found: pullsOf, expected: ['One open'] },
  'the text of a pull request': {
    method: 'PATCH',
    tries: 2,
    prepare: open,
    write: board => board.openPull(REPO, { ...DRAFT, title: 'Two' }),
    found: pullsOf,
    expected: ['Two open'],
  },
  'a merge': {
    method: 'PUT',
    tries: 1,
    prepare: open,
    write: (board, { sha }) => board.mergePull(REPO, NUMBER, merge(sha)),
    found: async forge => {
      const commits = await git(await aClone(forge), 'log', '--format=%s', 'main');
      return [...(await pullsOf(forge)), commits.split('\n').filter(line => line.includes('One')).length];
    },
    expected: ['One merged', 1],
  },
  'the close of a pull request': {
    method: 'PATCH',
    tries: 2,
    prepare: open,
    write: board => board.closePull(REPO, NUMBER),
    found: pullsOf,
    expected: ['One closed'],
  },
};

type Writer = 'the same process' | 'another process of the host' | 'another host';

/** Whether the first try took effect, and who writes it again. */
const OUTAGES: readonly (readonly [FaultEffect, Writer])[] = [
  [{ kind: 'status-after-effect', status: 502 }, 'the same process'],
  [{ kind: 'status-after-effect', status: 502 }, 'another process of the host'],
  [{ kind: 'drop-after-effect' }, 'another host'],
  [{ kind: 'status', status: 502 }, 'another process of the host'],
];

describe.each(Object.keys(KINDS))('%s whose answer is lost in an outage', name => {
  const { method, tries, prepare, write, found, expected } = KINDS[name] as Kind;

  it.each(OUTAGES)('is there once: after %j it is written again by %s', async (effect, writer) => {
    const forge = await aForgeWithRepository();
    forge.addIssue({ repo: REPO, title: 'one' });
    const sha = /merge|pull/.test(name) ? await pushBranch(await aClone(forge), DRAFT.head) : '';
    const snapshotsDir = aSnapshotsDir();
    const board = aBoard(forge, { snapshotsDir });
    await prepare?.(board, { forge, sha });
    const lost = forge.faults.add({ ...effect, method, count: tries });
    // From then on nobody can look what became of it.
    const ask = async (): Promise<'drop' | 'go-on'> => (lost.hits() > 0 ? 'drop' : 'go-on');
    const outage = forge.faults.add({ kind: 'ask', ask, method: 'GET' });
    await expect(write(board, { forge, sha })).rejects.toMatchObject({ code: 'github-unreachable' });
    expect(lost.hits()).toBe(tries);
    outage.remove();
    const next = {
      'the same process': board,
      'another process of the host': aBoard(forge, { snapshotsDir }),
      'another host': aBoard(forge),
    }[writer];
    await write(next, { forge, sha });
    expect(await found(forge)).toEqual(expected);
  });
});
