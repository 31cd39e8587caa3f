import { fateOf } from '../../core/issue-change.ts';
import { keyIn } from '../../core/markers.ts';
import type { Issue } from '../../core/world.ts';
import type { IssueChange, IssueDraft } from '../../ports.ts';
import { change, type IssueVersion, latest, stateAt } from '../github/history.ts';
import { addIssue, type Remote } from '../github/remote.ts';
import { nameOf, type Process } from '../machines/process.ts';
import { ask, askAgain, doLocally, isAmbiguous, LAG_MS, publicWrite } from '../network.ts';
import { subjectOf, type Universe } from '../universe.ts';

/** The login that all fleets share. */
export const LOGIN = 'fleet-bot';

/** Every state of an issue. Throws, as GitHub says 404, where there is none. */
export function historyOf({ repo, issues }: Remote, number: number) {
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

/** An issue as a replica shows it. */
export function readIssue(universe: Universe, process: Process, { remote, number }: IssuePlace) {
  const history = historyOf(remote, number);
  const serve = () => stateAt(history, replicaTime(universe)) ?? latest(history);
  return ask(universe, process, { to: 'api', name: `read #${number}`, writesTo: null, serve });
}

interface IssueUpdate extends IssuePlace {
  readonly changes: IssueChange;
}

/** After a lost answer it looks, and sends the change again only where the issue is as it was known before. */
export async function updateIssue(
  universe: Universe,
  process: Process,
  update: IssueUpdate,
): Promise<IssueVersion> {
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
export async function createIssue(
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
