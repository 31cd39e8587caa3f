import type { Universe } from '../universe.ts';
import { watchCheckpoints } from './checkpoints.ts';
import { watchJournals } from './journals.ts';
import { watchMerges } from './merges.ts';
import { watchReceipts } from './receipts.ts';
import { createSigns, type Scene } from './scene.ts';
import { watchSessions } from './sessions.ts';
import type { Rule, Violation, Watch } from './watch.ts';
import { watchWorktrees } from './worktrees.ts';
import { watchWrites } from './writes.ts';

/** A watch over a universe, which is asked for only when something happens in it; `only` that promise, or all. */
export function createWatch(universe: () => Universe, only: Rule | null): Watch {
  const violations: Violation[] = [];
  const now = () => universe().scheduler.now();
  const fail: Scene['fail'] = (rule, subject, message) => {
    if (only === null || only === rule) violations.push({ rule, subject, message, at: now() });
    universe().trace.note('watch', subject, `VIOLATION of ${rule}: ${message}`);
  };
  const scene = { universe, fail, signs: createSigns(now) };
  const journals = watchJournals(scene);
  const merges = watchMerges(scene);
  const sessions = watchSessions(scene);
  const writes = watchWrites(scene);
  const checkpoints = watchCheckpoints(scene);
  return {
    violations,
    fail,
    ...journals,
    ...merges,
    ...sessions,
    ...writes,
    ...watchWorktrees(scene),
    lookAtLiveWork: checkpoints.lookAtLiveWork,
    movesBranch: (remote, move) => {
      writes.movesBranch(remote, move);
      checkpoints.movesBranch(remote, move);
    },
    launches: (process, launch) => {
      sessions.launches(process, launch);
      checkpoints.launches(process, launch);
    },
    appends: (remote, append) => {
      journals.appends(remote, append);
      checkpoints.appends(remote, append);
      watchReceipts(scene, remote, append.update, merges.isUnverified);
    },
  };
}
