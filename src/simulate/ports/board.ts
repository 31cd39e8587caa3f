import { fateOf } from '../../core/issue-change.ts';
import { commentMarker, keyIn } from '../../core/markers.ts';
import type { Issue } from '../../core/world.ts';
import { HarnessError } from '../../errors.ts';
import type { Board, IssueChange, IssueDraft } from '../../ports.ts';
import { change, type IssueVersion, latest, stateAt } from '../github/history.ts';
import { enqueue, leaveQueue } from '../github/merge-queue.ts';
import { closePull, detailsOf, pullsOf } from '../github/pulls.ts';
import { addIssue, type Remote } from '../github/remote.ts';
import type { Process } from '../machines/process.ts';
import { nameOf } from '../machines/process.ts';
import { ask, askAgain, doLocally, isAmbiguous, LAG_MS, publicWrite } from '../network.ts';
import { remoteOf, subjectOf, type Universe } from '../universe.ts';
import { merging, openPull, pullOf, writesTo } from './pulls.ts';
import { keepIssue, readSnapshot } from './snapshots.ts';

/** The login that all fleets share. */
export const LOGIN = 'fleet-bot';

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

function historyOf({ repo, issues }: Remote, number: number) {
  const history = issues.get(number);
  if (!history) throw new Error(`404: there is no issue ${repo}#${number}`);
  return history;
}

/** A replica is now and then some seconds behind. */
export function replicaTime({ scheduler, random, weather }: Universe): number {
  const isBehind = random.chance(weather.rates.lagging / 10);
  return scheduler.now() - (isBehind ? random.between(100, LAG_MS) : 0);
}

interface IssuePlace {
  readonly remote: Remote;
  readonly number: number;
}

function readIssue(universe: Universe, process: Process, { remote, number }: IssuePlace) {
  const history = historyOf(remote, number);
  const serve = () => stateAt(history, replicaTime(universe)) ?? latest(history);
  return ask(universe, process, { to: 'api', name: `read #${number}`, writesTo: null, serve });
}

interface IssueUpdate extends IssuePlace {
  readonly changes: IssueChange;
}

/** After a lost answer it looks, and sends the change again only where the issue is as it was known before. */
async function updateIssue(universe: Universe, process: Process, update: IssueUpdate): Promise<IssueVersion> {
  const { remote, number, changes } = update;
  const { repo } = remote;
  const isUnderLease = !isCreated(remote, number);
  const writing = publicWrite(universe, repo, number);
  const send = () =>
    ask(universe, process, {
      to: 'api',
      name: `${changes.state ? `state ${changes.state}` : 'labels'} of #${number}`,
      writesTo: isUnderLease ? writing : null,
      serve: () => changeIssue(universe, process, update),
    });
  const { snapshot } = process.machine.disk.snapshots.get(repo) ?? {};
  const before = snapshot?.issues.find(issue => issue.number === number) ?? null;
  try {
    return await send();
  } catch (error) {
    if (!isAmbiguous(error)) throw error;
    const now = await readIssue(universe, process, update);
    const fate = fateOf(changes, { before, now: now.issue });
    if (fate === 'overtaken') throw error;
    return fate === 'made' ? now : send();
  }
}

function changeIssue(universe: Universe, process: Process, { remote, number, changes }: IssueUpdate) {
  const history = historyOf(remote, number);
  const { issue } = latest(history);
  if (changes.labels && !isCreated(remote, number))
    universe.watch.labels(process, remote, { issue: number, from: issue.labels, to: changes.labels });
  // A PRD ends with its issues, and a triage may find that there is nothing to fix.
  const isDone =
    issue.labels.includes('prd') || (issue.labels.includes('bug') && changes.stateReason !== 'completed');
  if (changes.state === 'closed' && issue.state === 'open' && !isDone) universe.watch.closes(remote, number);
  if (changes.state === 'open' && issue.state === 'closed') universe.watch.reopens(remote, number, 'engine');
  change(history, universe.scheduler.now(), {
    ...(changes.labels ? { labels: changes.labels } : {}),
    ...(changes.body === undefined ? {} : { body: changes.body }),
    ...(changes.title === undefined ? {} : { title: changes.title }),
    ...(changes.state ? stateOf(issue, changes) : {}),
  });
  const said = `${changes.state ?? ''} ${changes.labels ? `labels ${changes.labels.join(',')}` : ''}`;
  universe.trace.note(nameOf(process), subjectOf(remote.repo, number), `updates the issue: ${said}`);
  return latest(history);
}

// Closing what is closed changes nothing, not even the reason.
function stateOf(issue: Issue, { state, stateReason }: IssueChange): Partial<Issue> {
  if (!state || issue.state === state) return {};
  return { state, stateReason: stateReason ?? (state === 'closed' ? 'completed' : 'reopened') };
}

/** The engine has created it under the lease of what it was created for. */
const isCreated = (remote: Remote, number: number) =>
  keyIn(latest(historyOf(remote, number)).issue.body) !== null;

/** Creates an issue unless one with its key is there; after a lost answer it looks before it creates again. */
async function createIssue(
  universe: Universe,
  process: Process,
  { remote, draft }: { readonly remote: Remote; readonly draft: IssueDraft },
): Promise<Issue> {
  const [marker = ''] = draft.body.split('\n');
  const own = () =>
    [...remote.issues.values()].map(latest).find(({ issue }) => issue.body.startsWith(marker)) ?? null;
  const asking = { to: 'api' as const, writesTo: null };
  const look = () => askAgain(universe, process, { ...asking, name: 'find issue', serve: own });
  const create = () =>
    ask(universe, process, {
      ...asking,
      name: `create ${draft.title}`,
      serve: () => {
        const facts = { ...draft, at: universe.scheduler.now(), author: LOGIN };
        const { number } = addIssue(remote, 'own', facts);
        universe.trace.note(nameOf(process), subjectOf(remote.repo, number), 'creates the issue');
        return latest(historyOf(remote, number));
      },
    });
  const found = await look();
  if (found) return found.issue;
  try {
    return (await create()).issue;
  } catch (error) {
    if (!isAmbiguous(error)) throw error;
    await doLocally(universe, process, { tookMs: 3_000, run: () => undefined });
    return ((await look()) ?? (await create())).issue;
  }
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
