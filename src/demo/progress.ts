import { setTimeout as pause } from 'node:timers/promises';
import type { DemoBoard, IssueView } from './board.ts';

/** Where one issue stands, as the forge shows it. */
export interface Standing {
  readonly number: number;
  readonly title: string;
  readonly phase: 'waiting' | 'working' | 'landing' | 'done';
  /** What the engine says about it; empty when it has said nothing. */
  readonly note: string;
}

/**
 * Looks at the forge until every issue is closed, and until nothing is to come after them, telling `show` of each look
 * that found a change.
 */
export async function watchIssues(
  board: DemoBoard,
  {
    show,
    isOver,
    signal,
    limitMs,
  }: {
    show: (standings: readonly Standing[]) => void;
    isOver: () => Promise<boolean>;
    signal: AbortSignal;
    limitMs: number;
  },
): Promise<'done' | 'interrupted' | 'too-long'> {
  const deadline = performance.now() + limitMs;
  let last = '';
  while (!signal.aborted) {
    const standings = await readStandings(board);
    const now = JSON.stringify(standings);
    if (now !== last) show(standings);
    last = now;
    if (standings.every(({ phase }) => phase === 'done') && (await isOver())) return 'done';
    if (performance.now() > deadline) return 'too-long';
    await pause(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
  return 'interrupted';
}

const LOOK_MS = 200;

async function readStandings(board: DemoBoard): Promise<readonly Standing[]> {
  const [issues, pulls] = await Promise.all([board.issues(), board.pulls()]);
  const withPull = new Set(pulls.filter(pull => pull.merged_at === null).map(pull => pull.head.ref));
  return Promise.all(
    issues.map(async issue => ({
      number: issue.number,
      title: issue.title,
      phase: phaseOf(issue, withPull.has(`issue/${issue.number}`)),
      note: await board.statusOf(issue.number),
    })),
  );
}

function phaseOf(issue: IssueView, hasOpenPull: boolean): Standing['phase'] {
  if (issue.state === 'closed') return 'done';
  if (hasOpenPull) return 'landing';
  return issue.labels.some(({ name }) => name === 'agent-working') ? 'working' : 'waiting';
}
