import { setTimeout as pause } from 'node:timers/promises';
import { type Project, withReader } from '../../context.ts';
import { foldJournal } from '../../core/journal.ts';
import type { Invocation } from '../../invocation.ts';
import type { Engine } from '../../loop/engine.ts';

/** An attempt that was open before the fleet started, and what became of it. */
export interface Recovered {
  readonly repo: string;
  /** `issues/7` */
  readonly work: string;
  readonly attempt: number;
  readonly fleet: string;
  /**
   * `settled`: it has its receipt. `goes-on`: its agent lives, or its landing goes on. `others`: another fleet holds
   * it; once that is silent for too long, it is taken over. `open`: nobody came to it in time.
   */
  readonly state: 'settled' | 'goes-on' | 'others' | 'open';
}

/** Every attempt that is held by anybody, with the tip of its journal. */
type Held = Omit<Recovered, 'state'> & {
  readonly tip: string;
  readonly session: string;
  readonly isLanding: boolean;
};

/** Runs `start`, and waits until each attempt that was open before has been looked at. */
export async function withRecovery<T>(
  project: Project,
  io: Invocation,
  start: () => Promise<T>,
): Promise<{ readonly started: T; readonly recovered: readonly Recovered[] }> {
  return withReader(project, io, async engine => {
    const before = await heldIn(project, engine);
    const started = await start();
    const deadline = Date.now() + LOOK_MS;
    for (;;) {
      const recovered = await stateOfAll(project, engine, before);
      const isDone = recovered.every(({ state }) => state !== 'open');
      if (isDone || io.signal.aborted || Date.now() > deadline) return { started, recovered };
      await pause(POLL_MS);
    }
  });
}

const LOOK_MS = 120_000;
const POLL_MS = 250;

async function heldIn(project: Project, { refs }: Engine): Promise<readonly Held[]> {
  const repos = project.units().map(({ repo }) => repo);
  const views = await Promise.all(repos.map(async repo => ({ repo, view: await refs.read(repo) })));
  return views.flatMap(({ repo, view }) =>
    view.journals.flatMap(({ ref, tip, entries }) => {
      const { holder, open, landing } = foldJournal(entries);
      const work = /^refs\/harness\/((?:issues|stages)\/.+)$/.exec(ref)?.[1];
      if (!holder || !open || work === undefined) return [];
      const { attempt, session } = open;
      return [{ repo, work, attempt, fleet: holder.fleet, tip, session, isLanding: landing !== null }];
    }),
  );
}

async function stateOfAll(
  project: Project,
  engine: Engine,
  before: readonly Held[],
): Promise<readonly Recovered[]> {
  const [now, sessions] = await Promise.all([heldIn(project, engine), engine.sessions.list()]);
  return before.map(({ tip, session, isLanding, ...held }) => {
    const still = now.find(other => other.repo === held.repo && other.session === session);
    if (still === undefined) return { ...held, state: 'settled' };
    if (still.fleet !== project.fleet) return { ...held, state: 'others' };
    const here = sessions.find(({ plan }) => plan.nonce === session);
    const isAlive = here?.state === 'running' || here?.state === 'starting';
    // Its lease is taken anew before its landing goes on, and before it is ended, too.
    const lands = still.tip !== tip && (isLanding || here?.outcome.kind === 'valid');
    return { ...held, state: isAlive || lands ? 'goes-on' : 'open' };
  });
}

/** What was recovered, for people. */
export function tellRecovered(recovered: readonly Recovered[]): string {
  if (recovered.length === 0) return 'Nothing was under way.\n';
  const lines = recovered.map(({ repo, work, attempt, fleet, state }) => {
    const what = state === 'others' ? `held by ${fleet}` : WORDS[state];
    return `  ${repo} ${work}, attempt ${attempt}: ${what}\n`;
  });
  return `Was under way:\n${lines.join('')}`;
}

const WORDS = {
  settled: 'has come to its end',
  'goes-on': 'goes on',
  open: 'nobody has looked at it yet; `harness status` shows why',
} as const;
