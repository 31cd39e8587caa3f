import type { JournalEntry } from '../core/contracts.ts';
import { foldJournal } from '../core/journal.ts';
import { handoffName, wipRef } from '../loop/checkpoint.ts';
import type { Engine } from '../loop/engine.ts';
import { nameOfWork, waitOf } from '../loop/landing-wait.ts';
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
   * `ended`: it had come to its own end. `waiting`: its change is in a pull request and waits for checks or people.
   * `open`: it is not settled yet; the next start does that.
   */
  readonly state: 'saved' | 'kept-here' | 'nothing' | 'ended' | 'waiting' | 'open';
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

async function savedWork(engine: Engine, plan: SessionPlan, view: RefsView | null): Promise<SavedWork> {
  const { repo, kind, attempt, nonce, issue } = plan;
  const isReceipt = ({ op, session }: JournalEntry) => op === 'receipt' && session === nonce;
  const journal = view?.journals.find(({ entries }) => entries.some(isReceipt));
  const receipt = journal?.entries.find(isReceipt);
  const nothing = { repo, issue, kind, attempt, head: null, commits: 0, files: 0, hasHandoff: false };
  if (!view) return { ...nothing, state: 'open', reason: 'its repository could not be read' };
  if (!journal || !receipt) {
    const wait = await waitOfSession(engine, plan, view);
    return wait === null
      ? { ...nothing, state: 'open', reason: 'its attempt has no receipt yet' }
      : { ...nothing, state: 'waiting', reason: wait };
  }
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

/** What the landing of an attempt that has no receipt waits for, for people; null when it is not known to wait. */
async function waitOfSession(
  engine: Engine,
  { repo, issue, nonce }: SessionPlan,
  { journals }: RefsView,
): Promise<string | null> {
  const journal = journals.find(({ entries }) => foldJournal(entries).open?.session === nonce);
  const snapshot = await engine.board.snapshot(repo, { maxAgeMs: LOOK_MAX_AGE_MS }).catch(() => null);
  if (!journal || !snapshot) return null;
  const at = nameOfWork(engine, repo, issue);
  return waitOf(engine, { issue, at, entries: journal.entries, snapshot })?.reason ?? null;
}

const LOOK_MAX_AGE_MS = 10_000;

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
    case 'waiting':
      return `its change is in a pull request: ${reason}`;
    case 'open':
      return `not settled yet: ${reason}`;
    default:
      return state satisfies never;
  }
}

const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;
