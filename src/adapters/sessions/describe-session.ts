import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { endOfSession } from '../../core/session-end.ts';
import type { OutcomeFile, Session } from '../../ports.ts';
import { UNKNOWN_USAGE } from '../agents/agent.ts';
import { isAlive } from '../processes.ts';
import { conversationOf } from './kept-conversation.ts';
import { readOutcome } from './outcome-file.ts';
import { readOwnFile } from './own-file.ts';
import {
  type RunningSession,
  readExit,
  readReport,
  readRunning,
  type SessionPaths,
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
  const isOver = exit !== null || state === 'lost';
  const outcome: OutcomeFile = isOver ? await readOutcome(paths, plan) : { kind: 'missing' };
  const report = readReport(paths);
  const { problem = null, question = null, usage = UNKNOWN_USAGE } = report ?? {};
  return {
    plan,
    state: exit === null ? state : 'ended',
    startedAt: running?.startedAt ?? record.reservedAt,
    lastActivityAt: statSync(log, { throwIfNoEntry: false })?.mtime.toISOString() ?? null,
    exit,
    outcome,
    log,
    transcript: report?.keptTranscript?.path ?? null,
    agent: report && [report.agent, report.version].filter(Boolean).join(' '),
    end: isOver ? endOfSession({ exit, outcome, problem, question }) : null,
    usage,
    question: isOver ? null : question,
    conversation: report && conversationOf(report),
    handoff: readHandoff(paths),
    lastWords: isOver ? readEnd(log) : null,
  };
}

function readHandoff({ outcomeDir, handoff }: SessionPaths): string | null {
  const file = readOwnFile({ dir: outcomeDir, path: handoff, maxBytes: HANDOFF_BYTES });
  return file.kind === 'text' && file.text.trim() !== '' ? file.text : null;
}

const HANDOFF_BYTES = 64 * 1024;

/** The last lines of a log; null when there are none. */
function readEnd(log: string): string | null {
  if (!statSync(log, { throwIfNoEntry: false })?.isFile()) return null;
  const file = openSync(log, 'r');
  try {
    const bytes = Buffer.alloc(LAST_WORDS_BYTES);
    const length = readSync(file, bytes, 0, bytes.length, Math.max(0, fstatSync(file).size - bytes.length));
    const text = bytes.subarray(0, length).toString();
    // Its first line, or character, may be cut in two.
    const whole = length < bytes.length ? text : text.slice(text.indexOf('\n') + 1);
    return whole.trim() || null;
  } finally {
    closeSync(file);
  }
}

const LAST_WORDS_BYTES = 2 * 1024;

/**
 * An agent whose host was killed counts as running: it works on and can still deliver. Nobody watches its
 * time any more, so it is lost once that is up.
 */
function stateOf(
  { owner }: SessionRecord,
  { running, hasPane }: { running: RunningSession | null; hasPane: boolean },
): Exclude<Session['state'], 'ended'> {
  if (running !== null) {
    const isOverdue = running.deadline !== null && Date.parse(running.deadline) < Date.now();
    return isAlive(running.host) || (isAlive(running.agent) && !isOverdue) ? 'running' : 'lost';
  }
  if (hasPane) return 'running';
  return isAlive(owner) ? 'starting' : 'lost';
}
