import { setTimeout as pause } from 'node:timers/promises';
import type { Project } from '../context.ts';
import type { JournalEntry } from '../core/contracts.ts';
import { handoffName, wipRef } from '../loop/checkpoint.ts';
import type { Engine } from '../loop/engine.ts';
import { putDownFleet } from '../loop/worker.ts';
import type { RefsView, Session, SessionPlan } from '../ports.ts';

/** What became of one session that was to end, for people. */
export interface SavedWork {
  readonly repo: string;
  /** null for a stage of a unit as a whole. */
  readonly issue: number | null;
  /** `IMPL`, say. */
  readonly kind: string;
  readonly attempt: number;
  /**
   * `saved`: another host can go on with it. `kept-here`: only this host can. `nothing`: there was nothing to save.
   * `ended`: it had come to its own end. `open`: it is not settled yet; the next start does that.
   */
  readonly state: 'saved' | 'kept-here' | 'nothing' | 'ended' | 'open';
  /** The commit with its work; null when there is none. */
  readonly head: string | null;
  readonly commits: number;
  readonly files: number;
  /** The agent, or the engine for it, wrote down how far it is. */
  readonly hasHandoff: boolean;
  /** Why it ended, and why it could not be saved. */
  readonly reason: string;
}

/** Looks up what the journals say of the attempts of these sessions; what can't be read is `open`. */
export async function savedWorkOf(
  engine: Engine,
  sessions: readonly Session[],
): Promise<readonly SavedWork[]> {
  const repos = [...new Set(sessions.map(({ plan }) => plan.repo))];
  const read = async (repo: string) => [repo, await engine.refs.read(repo).catch(() => null)] as const;
  const views = new Map(await Promise.all(repos.map(read)));
  return Promise.all(sessions.map(({ plan }) => savedWork(engine, plan, views.get(plan.repo) ?? null)));
}

async function savedWork(
  engine: Engine,
  { repo, kind, attempt, nonce, issue }: SessionPlan,
  view: RefsView | null,
): Promise<SavedWork> {
  const isReceipt = ({ op, session }: JournalEntry) => op === 'receipt' && session === nonce;
  const journal = view?.journals.find(({ entries }) => entries.some(isReceipt));
  const receipt = journal?.entries.find(isReceipt);
  const nothing = { repo, issue, kind, attempt, head: null, commits: 0, files: 0, hasHandoff: false };
  if (!view) return { ...nothing, state: 'open', reason: 'its repository could not be read' };
  if (!journal || !receipt) return { ...nothing, state: 'open', reason: 'its attempt has no receipt yet' };
  const { head, base, failure } = receipt;
  if (!failure) return { ...nothing, state: 'ended', head, reason: 'its work has landed' };
  if (!head || !base) return { ...nothing, state: 'nothing', reason: failure.message };
  const { repos, refs } = engine;
  const [change, wip, handoff] = await Promise.all([
    repos.change(repo, { base, head }).catch(() => null),
    issue === null ? null : repos.remoteBranch(repo, wipRef(issue)),
    refs.attachment(repo, journal, handoffName(attempt)),
  ]);
  return {
    ...nothing,
    state: wip === head ? 'saved' : 'kept-here',
    head,
    commits: change?.commits ?? 0,
    files: change?.files.length ?? 0,
    hasHandoff: handoff !== null,
    reason: wip === head ? failure.message : whyNotPushed(receipt),
  };
}

const whyNotPushed = ({ gates, failure }: JournalEntry): string =>
  gates.find(({ gate, verdict }) => gate === 'secrets' && verdict !== 'pass')?.reason ??
  failure?.message ??
  'it could not be pushed';

/** One line for each session. */
export function describeSaved(saved: readonly SavedWork[]): string {
  return saved.map(work => `  ${nameOf(work)}, attempt ${work.attempt}: ${describe(work)}\n`).join('');
}

const nameOf = ({ repo, issue, kind }: SavedWork) =>
  issue === null ? `${kind} of ${repo}` : `${repo}#${issue}`;

function describe({ state, head, commits, files, hasHandoff, reason }: SavedWork): string {
  const size = `${count(commits, 'commit')}, ${count(files, 'file')}${hasHandoff ? ', with a handoff' : ''}`;
  switch (state) {
    case 'saved':
      return `saved as ${head?.slice(0, 10)} (${size})`;
    case 'kept-here':
      return `kept on this host only, as ${head?.slice(0, 10)} (${size}): ${reason}`;
    case 'nothing':
      return `nothing to save: ${reason}`;
    case 'ended':
      return reason;
    case 'open':
      return `not settled: ${reason}; the next start goes on with it`;
    default:
      return state satisfies never;
  }
}

const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;

// After the grace period sessions are ended and their work is pushed; a landing takes as long as its verification.
const SETTLE_MS = 60_000;
const LOOK_MS = 100;

/**
 * Waits until this host has no session any more, and returns all that it saw. The workers bring them to
 * their end; where none lives that is done here.
 */
export async function untilPutDown(
  project: Project,
  engine: Engine,
  { deadline, signal }: { readonly deadline: number; readonly signal: AbortSignal },
): Promise<readonly Session[]> {
  const seen = new Map<string, Session>();
  for (;;) {
    const left = await engine.sessions.list();
    for (const session of left) seen.set(session.plan.nonce, session);
    if (left.length === 0 || signal.aborted || Date.now() > deadline + SETTLE_MS) return [...seen.values()];
    if (aliveWorkers(project).length === 0) await putDownFleet(engine, () => deadline - Date.now());
    await pause(LOOK_MS);
  }
}

/** Living workers of this fleet. */
export const aliveWorkers = ({ workers }: Project) => workers.list().filter(({ isAlive }) => isAlive);
