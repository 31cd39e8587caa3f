import type { Remains } from '../core/resume.ts';
import { messageOf } from '../errors.ts';
import type { Work } from '../landing/gates.ts';
import type { SessionPlan } from '../ports.ts';
import type { Engine } from './engine.ts';
import type { OpenAttempt } from './open-attempt.ts';

/** What was found of an attempt, and what there is in its worktree. */
export interface Found {
  readonly remains: Remains;
  readonly work: Work;
}

/** Looks at everything that an attempt of ours has left. What can't be read counts as work that is to be saved. */
export async function findRemains(engine: Engine, { session, landing, pulls }: OpenAttempt): Promise<Found> {
  const pull = pulls.find(({ headSha }) => headSha === landing?.head);
  const remains: Remains = {
    session: session === null ? 'none' : isLive(session.state) ? 'live' : 'over',
    outcome: session?.outcome.kind ?? 'missing',
    worktree: 'gone',
    hasCommits: false,
    isPushed: landing?.head != null,
    pull: landing?.landed || pull?.merged ? 'merged' : (pull?.state ?? 'none'),
  };
  if (session === null || remains.session === 'live') return { remains, work: NO_WORK };
  try {
    const { plan } = session;
    const work = await inspectWork(engine, plan);
    const hasCommits = work.head !== null && work.head !== plan.base;
    return { remains: { ...remains, worktree: await worktreeOf(engine, plan, work), hasCommits }, work };
  } catch (error) {
    engine.log.warn(`could not look into ${session.plan.worktree}: ${messageOf(error)}`);
    return { remains: { ...remains, worktree: 'dirty' }, work: NO_WORK };
  }
}

async function worktreeOf(
  { repos }: Engine,
  { repo, worktree: path, start: head }: SessionPlan,
  work: Work,
): Promise<Remains['worktree']> {
  if (work.head !== null) return work.dirty.length > 0 ? 'dirty' : 'clean';
  // An agent may have broken its branch, or all of git, and its files are there.
  const saved = await repos.saveWorktree({ repo, path, head, message: 'What a broken worktree holds' });
  return saved === null ? 'gone' : 'dirty';
}

const isLive = (state: string) => state === 'starting' || state === 'running';

const NO_WORK: Work = { head: null, change: null, dirty: [] };

async function inspectWork(engine: Engine, plan: SessionPlan): Promise<Work> {
  const { repo, branch, worktree: path, base } = plan;
  const head = await engine.repos.collect({ repo, path, branch });
  if (!head) return NO_WORK;
  const [change, dirty] = await Promise.all([
    engine.repos.change(repo, { base, head }),
    engine.repos.dirtyPaths({ repo, path, head }),
  ]);
  return { head, change, dirty };
}
