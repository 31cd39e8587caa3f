import { statSync } from 'node:fs';
import type { Session } from '../../ports.ts';
import { isAlive } from '../processes.ts';
import { readOutcome } from './outcome-file.ts';
import {
  type RunningSession,
  readExit,
  readRunning,
  type SessionRecord,
  sessionLog,
  sessionPaths,
} from './session-files.ts';

/** What is true of a session now. `hasPane`: there is a tmux session of its name. */
export async function describeSession(
  runDir: string,
  { record, hasPane }: { record: SessionRecord; hasPane: boolean },
): Promise<Session> {
  const { plan } = record;
  const paths = sessionPaths(runDir, plan.name);
  const log = sessionLog(runDir, plan);
  const running = readRunning(paths);
  const state = stateOf(record, { running, hasPane });
  // Read after looking at the processes: a host that was gone by then had written it.
  const exit = readExit(paths);
  return {
    plan,
    state: exit === null ? state : 'ended',
    startedAt: running?.startedAt ?? record.reservedAt,
    lastActivityAt: statSync(log, { throwIfNoEntry: false })?.mtime.toISOString() ?? null,
    exit,
    outcome: exit !== null || state === 'lost' ? await readOutcome(paths, plan) : { kind: 'missing' },
    log,
  };
}

/**
 * An agent whose host was killed counts as running: it works on and can still deliver. Nobody watches its
 * time any more, so it is lost once that is up.
 */
function stateOf(
  { owner }: SessionRecord,
  { running, hasPane }: { running: RunningSession | null; hasPane: boolean },
): Exclude<Session['state'], 'ended'> {
  if (running !== null) {
    const isOverdue = Date.parse(running.deadline) < Date.now();
    return isAlive(running.host) || (isAlive(running.agent) && !isOverdue) ? 'running' : 'lost';
  }
  if (hasPane) return 'running';
  return isAlive(owner) ? 'starting' : 'lost';
}
