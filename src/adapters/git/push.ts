import { HarnessError } from '../../errors.ts';
import type { PushResult, RefUpdate } from '../../ports.ts';
import type { Archive } from './archive.ts';
import { type Places, pushToPlace } from './choose-place.ts';
import { openClone } from './clone.ts';
import { failureOf, reasonOf } from './failures.ts';
import { parsePorcelain, type RefReport } from './porcelain.ts';
import { type Push, readBack } from './read-back.ts';
import { buildMoves, type Move } from './records.ts';
import { kindOfRef, nameAt } from './ref-names.ts';
import type { Git, GitCommand, GitRun } from './run-git.ts';

// A lease lives 300 s: a push that takes longer than this is better read back than waited for.
const PUSH_LIMIT_MS = 120_000;

/**
 * Moves refs by one atomic push in which every ref must be as expected. An answer that was lost, or that
 * does not say who won, is settled by reading the refs back. If nothing moved, the same commits are sent
 * once more: they can land only once.
 */
export async function pushUpdates(
  git: Git,
  repo: string,
  updates: readonly RefUpdate[],
  { archive, places }: { readonly archive: Archive; readonly places: Places },
): Promise<PushResult> {
  checkRefs(updates);
  const gitDir = await openClone(git, repo);
  const moves: Move[] = [];
  for (const update of updates) moves.push(...(await buildMoves(git, gitDir, update, archive)));
  return pushToPlace(places, repo, {
    send: place => send(git, { repo, gitDir, place, moves }),
    withdraw: () => withdraw(git, { repo, gitDir, place: 'refs', moves }),
  });
}

/** Another fleet may write branches only, and said so while this push was on its way: theirs count from now on. */
async function withdraw(git: Git, { moves, ...push }: Push): Promise<PushResult> {
  const made = moves.flatMap(({ ref, expected, target }) =>
    expected === null && target !== null ? [{ ref, expected: target, target: null }] : [],
  );
  if (made.length > 0) await send(git, { ...push, moves: made });
  return { kind: 'lost', reason: `the refs of ${push.repo} are branches by now` };
}

async function send(git: Git, push: Push): Promise<PushResult> {
  const { moves } = push;
  const command = pushCommand(git, push);

  let reason = '';
  for (const attempt of [1, 2]) {
    const answer = judge(command, await git.attempt(command), push);
    if (answer.kind === 'done') return done(moves);
    if (answer.kind === 'denied') throw answer.error;
    reason = answer.reason;
    // Of a second push this proves nothing: the ref may have moved because the first one landed.
    if (answer.kind === 'stale' && attempt === 1) return { kind: 'lost', reason };
    const found = await readBack(git, push);
    if (found === 'moved') return done(moves);
    if (found === 'other') return { kind: 'lost', reason };
    if (found === 'unreadable') return { kind: 'unknown', reason };
    if (answer.kind === 'refused' && attempt === 2) throw answer.error;
  }
  return { kind: 'unknown', reason };
}

// Every name has one spelling and one kind of content; no slip of a caller moves a tag or a pull request.
function checkRefs(updates: readonly RefUpdate[]): void {
  const refs = updates.map(({ ref }) => ref);
  const wrong = updates.find(({ kind, ref }, at) => !isNameFor(kind, ref) || refs.indexOf(ref) !== at);
  if (refs.length > 0 && !wrong) return;
  throw new HarnessError('engine-failed', `A push of ${wrong?.ref ?? 'nothing'} was asked for.`);
}

function isNameFor(kind: RefUpdate['kind'], ref: string): boolean {
  return kind === 'branch' ? /^refs\/(heads|harness\/wip)\/./.test(ref) : kindOfRef(ref) === kind;
}

function pushCommand(git: Git, { repo, gitDir, place, moves }: Push): GitCommand {
  const leases = moves.map(
    ({ ref, expected }) => `--force-with-lease=${nameAt(place, ref)}:${expected ?? ''}`,
  );
  const refspecs = moves.map(({ ref, target }) => `${target ?? ''}:${nameAt(place, ref)}`);
  const flags = ['--atomic', '--porcelain', '--no-verify', ...leases];
  return {
    gitDir,
    args: ['push', ...flags, git.options.remoteUrl(repo), ...refspecs],
    remote: repo,
    limitMs: PUSH_LIMIT_MS,
  };
}

type Answer =
  | { readonly kind: 'done' }
  /** A ref was not as expected when git looked at it: nothing was sent. */
  | { readonly kind: 'stale'; readonly reason: string }
  /** The remote would not talk to us: nothing was sent. */
  | { readonly kind: 'denied'; readonly error: HarnessError }
  /** The remote, or git, said no. */
  | { readonly kind: 'refused'; readonly reason: string; readonly error: HarnessError }
  | { readonly kind: 'unclear'; readonly reason: string };

function judge(command: GitCommand, run: GitRun, { place, moves }: Push): Answer {
  const reports = parsePorcelain(run.stdout);
  if (run.exit === 0 && moves.every(({ ref }) => isThere(reports.get(nameAt(place, ref)))))
    return { kind: 'done' };
  const rejected = [...reports.values()].filter(({ flag }) => flag === '!');
  const stale = rejected.find(({ summary }) => summary.includes('(stale info)'));
  if (stale) return { kind: 'stale', reason: `${stale.ref} is not as expected` };
  const refusal = rejected.find(({ summary }) => summary.startsWith('[remote rejected]'));
  if (refusal) {
    const reason = `${refusal.ref}: ${refusal.summary}`;
    const error = new HarnessError('github-refused', `${command.remote} refused a push of ${reason}.`);
    return { kind: 'refused', reason, error };
  }
  const error = failureOf(command, run);
  const reason = reasonOf(run);
  if (run.exit === 0 || error.code === 'github-unreachable') return { kind: 'unclear', reason };
  return error.code === 'git-failed' ? { kind: 'refused', reason, error } : { kind: 'denied', error };
}

// A ref that is up to date counts too: no other push than this one can have brought a record's commit there.
const isThere = (report: RefReport | undefined): boolean => report !== undefined && report.flag !== '!';

function done(moves: readonly Move[]): PushResult {
  const tips = moves.flatMap(({ ref, target }) => (target === null ? [] : [[ref, target] as const]));
  return { kind: 'done', tips: Object.fromEntries(tips) };
}
