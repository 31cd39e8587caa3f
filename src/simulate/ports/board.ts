import { commentMarker } from '../../core/markers.ts';
import { HarnessError } from '../../errors.ts';
import type { Board } from '../../ports.ts';
import { change } from '../github/history.ts';
import { enqueue, leaveQueue } from '../github/merge-queue.ts';
import { closePull, detailsOf, pullsOf } from '../github/pulls.ts';
import type { Remote } from '../github/remote.ts';
import { nameOf, type Process } from '../machines/process.ts';
import { ask, askAgain, doLocally, isAmbiguous, publicWrite } from '../network.ts';
import { remoteOf, type Universe } from '../universe.ts';
import { createIssue, historyOf, LOGIN, readIssue, updateIssue } from './issues.ts';
import { merging, openPull, pullOf, writesTo } from './pulls.ts';
import { keepIssue, readSnapshot } from './snapshots.ts';

/** GitHub's API as one process sees it, with the same care about lost answers as the real board takes. */
export function simulateBoard(universe: Universe, process: Process): Board {
  const remote = (repo: string) => remoteOf(universe, repo);
  return {
    login: () => doLocally(universe, process, { tookMs: 1, run: () => LOGIN }),
    snapshot: (repo, { maxAgeMs }) => readSnapshot(universe, process, { repo, maxAgeMs }),
    references: () => doLocally(universe, process, { tookMs: 1, run: () => ({}) }),
    issue: async (repo, number) => {
      const read = await readIssue(universe, process, { remote: remote(repo), number });
      keepIssue(process.machine, repo, read);
      return read.issue;
    },
    updateIssue: async (repo, number, changes) => {
      const written = await updateIssue(universe, process, { remote: remote(repo), number, changes });
      keepIssue(process.machine, repo, written);
      return written.issue;
    },
    createIssue: (repo, draft) => createIssue(universe, process, { remote: remote(repo), draft }),
    linkIssue: (repo, number, { parent, blockedBy }) =>
      askAgain(universe, process, {
        to: 'api',
        name: `link #${number}`,
        writesTo: null,
        serve: () => {
          const links = { parent: parent === null ? null : `${repo}#${parent}`, blockedBy };
          change(historyOf(remote(repo), number), universe.scheduler.now(), links);
        },
      }),
    comments: async (repo, number) => {
      const serve = () =>
        (remote(repo).comments.get(number) ?? []).map(({ author, key, body }) => ({
          author: author === 'engine' ? LOGIN : author,
          body: author === 'engine' ? `${commentMarker(key)}\n${body}` : body,
          createdAt: null,
        }));
      // The issue, which was read just before, says how many there are.
      if (serve().length === 0) return [];
      return ask(universe, process, { to: 'api', name: `comments of #${number}`, writesTo: null, serve });
    },
    putComment: (repo, number, comment) =>
      putComment(universe, process, { remote: remote(repo), number, ...comment }),
    pullsOf: (repo, branch) =>
      ask(universe, process, {
        to: 'api',
        name: `pulls of ${branch}`,
        writesTo: null,
        serve: () => pullsOf(remote(repo), branch).map(detailsOf),
      }),
    pull: (repo, number) =>
      ask(universe, process, {
        to: 'api',
        name: `pull #${number}`,
        writesTo: null,
        serve: () => ({ title: `#${number}`, pull: detailsOf(pullOf(remote(repo), number)), reviews: [] }),
      }),
    openPull: async (repo, draft) => detailsOf(await openPull(universe, process, remote(repo), draft)),
    mergePull: (repo, number, merge) => merging(universe, process, { remote: remote(repo), number, merge }),
    failedChecks: () =>
      ask(universe, process, {
        to: 'api',
        name: 'failed checks',
        writesTo: null,
        serve: () => [{ name: 'build', summary: 'it is broken', url: null, log: null }],
      }),
    queueSight: (repo, number) =>
      ask(universe, process, {
        to: 'api',
        name: `queue of #${number}`,
        writesTo: null,
        serve: () => pullOf(remote(repo), number).queue,
      }),
    enqueuePull: (repo, number, sha) => {
      const pull = pullOf(remote(repo), number);
      return askAgain(universe, process, {
        to: 'api',
        name: `enqueue #${number}`,
        writesTo: writesTo(universe, remote(repo), pull),
        serve: () => enqueue(remote(repo), pull, sha),
      });
    },
    dequeuePull: (repo, number) => {
      const pull = pullOf(remote(repo), number);
      return askAgain(universe, process, {
        to: 'api',
        name: `dequeue #${number}`,
        writesTo: writesTo(universe, remote(repo), pull),
        serve: () => leaveQueue(remote(repo), pull, { reason: 'manual', by: LOGIN }),
      });
    },
    closePull: async (repo, number) => {
      const pull = pullOf(remote(repo), number);
      await askAgain(universe, process, {
        to: 'api',
        name: `close #${number}`,
        writesTo: writesTo(universe, remote(repo), pull),
        serve: () => closePull(universe, remote(repo), pull, nameOf(process)),
      });
    },
  };
}

interface CommentDraft {
  readonly remote: Remote;
  readonly number: number;
  readonly key: string;
  readonly body: string;
}

/** Finds the comment, then edits or creates it; after a lost answer it looks before it creates again. */
async function putComment(universe: Universe, process: Process, draft: CommentDraft): Promise<void> {
  const { remote, number, key, body } = draft;
  const own = () =>
    remote.comments.get(number)?.find(one => one.author === 'engine' && one.key === key) ?? null;
  const find = () => ask(universe, process, { to: 'api', name: 'find comment', writesTo: null, serve: own });
  const writes = { to: 'api' as const, writesTo: publicWrite(universe, remote.repo, number) };
  const create = () =>
    ask(universe, process, {
      ...writes,
      name: `comment on #${number}`,
      serve: () => {
        universe.watch.comments(process, writes.writesTo, key);
        const known = remote.comments.get(number) ?? [];
        remote.comments.set(number, [...known, { author: 'engine', key, body }]);
      },
    });

  const found = await find();
  if (found) {
    const edit = () => {
      found.body = body;
    };
    return askAgain(universe, process, { ...writes, name: `edit comment on #${number}`, serve: edit });
  }
  await createOnce(universe, process, `${remote.repo}#${number} ${key}`, async () => {
    for (let isLast = false; ; isLast = true) {
      try {
        return await create();
      } catch (error) {
        if (!isAmbiguous(error)) throw error;
        // As long as a replica, or a request that was given up, may be behind.
        await doLocally(universe, process, { tookMs: 3_000, run: () => undefined });
        if (await find()) return;
        if (isLast) throw error;
      }
    }
  });
}

/** Creates what is at no place yet, unless what a process of this machine has sent for it may still be under way. */
async function createOnce(
  { scheduler }: Universe,
  { machine: { disk } }: Process,
  place: string,
  create: () => Promise<void>,
): Promise<void> {
  const begun = disk.creations.get(place) ?? Number.NEGATIVE_INFINITY;
  if (scheduler.now() - begun < UNDER_WAY_MS) {
    throw new HarnessError(
      'github-unreachable',
      `what was to be created for ${place} may still be under way.`,
    );
  }
  disk.creations.set(place, scheduler.now());
  try {
    await create();
    disk.creations.delete(place);
  } catch (error) {
    if (!isAmbiguous(error)) disk.creations.delete(place);
    throw error;
  }
}

const UNDER_WAY_MS = 15_000;
