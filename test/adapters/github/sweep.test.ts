import { describe, expect, it } from 'vitest';
import type { Watch } from '../../../src/adapters/github/snapshot-reader.ts';
import type { Forge } from '../../../src/forge/index.ts';
import { aForge, octokitOf } from '../../forge/a-forge.ts';
import { aBoard, aClock, aSnapshotsDir } from './setup.ts';

const BUSY = { maxAgeMs: 4_000 };
const LIST = '/repos/{owner}/{repo}/issues';
const repoOf = (index: number) => `acme/r${index}`;
const REPOS = Array.from({ length: 20 }, (_, index) => repoOf(index));
/** Looked at so seldom that no sweep asks about them, but they have their share of the token. */
const QUIET = Array.from({ length: 60 }, (_, index) => `acme/quiet${index}`);

/** A forge with twenty repositories of one issue each, all of them looked at as often as may be. */
async function aWideTown() {
  const forge = await aForge();
  for (const repo of REPOS) {
    await forge.addRepository({ owner: 'acme', name: repo.slice('acme/'.length) });
    forge.addIssue({ repo, title: 'one' });
  }
  const watch: Watch = {
    need: () => {},
    watched: account => [
      ...REPOS.map(repo => ({ account, repo, everyMs: BUSY.maxAgeMs })),
      ...QUIET.map(repo => ({ account, repo, everyMs: 60_000 })),
    ],
  };
  const clock = aClock();
  const snapshotsDir = aSnapshotsDir();
  const boardOf = () => aBoard(forge, { clock, snapshotsDir, watch });
  const board = boardOf();
  const lookAtAll = async (other = board) => {
    const seen = await Promise.all(REPOS.map(repo => other.snapshot(repo, BUSY)));
    clock.advance(5_000);
    return seen;
  };
  // Until every mark is known and old enough to prove something.
  for (let round = 0; round < 3; round++) await lookAtAll();
  forge.requests.clear();
  return { forge, clock, boardOf, lookAtAll };
}

const edit = (forge: Forge, repo: string, change: object) =>
  octokitOf(forge).rest.issues.update({ owner: 'acme', repo: repo.slice(5), issue_number: 1, ...change });

describe('a look at many repositories', () => {
  it('costs one point for all of them together', async () => {
    const { forge, lookAtAll } = await aWideTown();
    expect((await lookAtAll()).map(({ read }) => read)).toEqual(REPOS.map(() => 'fresh'));
    expect(forge.requests.count({ route: LIST })).toBe(0);
    expect(forge.requests.all().map(({ route, rateLimitCost }) => [route, rateLimitCost])).toEqual([
      ['/graphql', 1],
    ]);
  });

  it('reads only what has moved', async () => {
    const { forge, lookAtAll } = await aWideTown();
    forge.clock.advance(2_000);
    await edit(forge, repoOf(7), { title: 'new' });
    const seen = await lookAtAll();
    expect(seen[7]?.issues[0]?.title).toBe('new');
    const lists = forge.requests.all({ route: LIST, method: 'GET' });
    expect(lists.map(({ path, status }) => [path.split('?')[0], status])).toEqual([
      ['/repos/acme/r7/issues', 200],
    ]);
  });

  it('sees a second change within the same second', async () => {
    const { forge, clock, lookAtAll } = await aWideTown();
    forge.clock.set(Math.floor(clock.now() / 1000) * 1000);
    await edit(forge, repoOf(7), { title: 'new' });
    await lookAtAll();
    await edit(forge, repoOf(7), { title: 'newer' });
    expect((await lookAtAll())[7]?.issues[0]?.title).toBe('newer');
  });

  it('sees an issue that is new', async () => {
    const { forge, lookAtAll } = await aWideTown();
    forge.addIssue({ repo: repoOf(3), title: 'two' });
    expect((await lookAtAll())[3]?.issues).toHaveLength(2);
  });

  it('still asks each repository by itself from time to time, within the share of a token', async () => {
    const { forge, lookAtAll } = await aWideTown();
    for (let round = 0; round < 12; round++) await lookAtAll();
    expect(forge.requests.count({ route: '/graphql' })).toBe(12);
    expect(forge.requests.count({ route: LIST, status: 304 })).toBe(2 * REPOS.length);
    expect(forge.requests.cost({ route: LIST })).toBe(0);
  });

  it('is shared by the processes of a host', async () => {
    const { forge, boardOf, lookAtAll } = await aWideTown();
    const other = boardOf();
    await Promise.all([lookAtAll(), lookAtAll(other)]);
    expect(forge.requests.count({ route: '/graphql' })).toBe(1);
  });

  it('goes on one by one while GraphQL fails, and no read is stale for it', async () => {
    const { forge, lookAtAll } = await aWideTown();
    forge.faults.add({ kind: 'status', status: 502, route: '/graphql' });
    forge.clock.advance(2_000);
    await edit(forge, repoOf(7), { title: 'new' });
    let seen: Awaited<ReturnType<typeof lookAtAll>> = [];
    for (let round = 0; round < 12; round++) {
      seen = await lookAtAll();
      expect(seen.map(({ read }) => read)).toEqual(REPOS.map(() => 'fresh'));
    }
    expect(seen[7]?.issues[0]?.title).toBe('new');
  });

  it('tells of the others when one repository is gone', async () => {
    const { forge, clock, boardOf } = await aWideTown();
    const board = boardOf();
    forge.clock.advance(2_000);
    await edit(forge, repoOf(7), { title: 'new' });
    expect((await board.snapshot('acme/nowhere', BUSY)).read).toBe('missing');
    expect((await board.snapshot(repoOf(7), BUSY)).issues[0]?.title).toBe('new');
    clock.advance(5_000);
  });
});
