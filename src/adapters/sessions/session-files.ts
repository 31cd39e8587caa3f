import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentName } from '../../core/agent-settings.ts';
import type { AgentUsage, SessionExit, SessionPlan } from '../../ports.ts';
import type { AgentReport } from '../agents/agent.ts';
import { writeAtomic } from '../atomic-file.ts';
import { removeTree } from '../git/remove-tree.ts';
import { unlessMissing } from '../missing.ts';
import type { ProcessIdentity } from '../processes.ts';
import type { KeptTranscript } from './keep-transcript.ts';

/** Where the files of one session are. */
export interface SessionPaths {
  readonly dir: string;
  readonly record: string;
  readonly prompt: string;
  /** What the session host is to start; it deletes the file after reading, since it holds the environment. */
  readonly launch: string;
  readonly outcomeDir: string;
  readonly outcome: string;
  /** What a checkpointed agent writes for whoever goes on. */
  readonly handoff: string;
  /** What the agent program and its hooks read and write: settings, events, the tray. */
  readonly agentDir: string;
  /** What the agent told so far; the session host keeps it. */
  readonly report: string;
  readonly running: string;
  /** Why somebody ends the session, for the session host. */
  readonly ending: string;
  readonly exit: string;
}

/** `plan.json`: the session as it was announced. */
export interface SessionRecord {
  readonly plan: SessionPlan;
  /** The worker that announced it. */
  readonly owner: ProcessIdentity;
  /** ISO 8601. */
  readonly reservedAt: string;
}

/** `running.json`: the processes of a session that was started. */
export interface RunningSession {
  readonly host: ProcessIdentity;
  readonly agent: ProcessIdentity;
  /** ISO 8601. */
  readonly startedAt: string;
  /** When its time is up, ISO 8601; null: never. */
  readonly deadline: string | null;
}

/** `report.json`. */
export interface SessionReport extends AgentReport {
  readonly agent: AgentName;
  /** The copy of the transcript; null until the end, and when there is none. */
  readonly keptTranscript: KeptTranscript | null;
  /** What earlier sessions with the same conversation had used; versions before it was told left it out. */
  readonly usedBefore?: AgentUsage;
}

export function sessionPaths(runDir: string, name: string): SessionPaths {
  const dir = join(runDir, 'sessions', name);
  return {
    dir,
    record: join(dir, 'plan.json'),
    prompt: join(dir, 'prompt.md'),
    launch: join(dir, 'launch.json'),
    outcomeDir: join(dir, 'outcome'),
    outcome: join(dir, 'outcome', 'outcome.json'),
    handoff: join(dir, 'outcome', 'handoff.md'),
    agentDir: join(dir, 'agent'),
    report: join(dir, 'report.json'),
    running: join(dir, 'running.json'),
    ending: join(dir, 'ending'),
    exit: join(dir, 'exit.json'),
  };
}

/** Where logs are kept: those of sessions and those of workers. */
export const logsDir = (runDir: string): string => join(runDir, 'logs');

/** The log of one attempt; it outlives the session's other files. */
export function sessionLog(runDir: string, plan: SessionPlan): string {
  return join(logsDir(runDir), `${plan.name}-a${plan.attempt}.log`);
}

/** The transcript of one attempt, for going on with its conversation; it stays beside the log. */
export function sessionTranscript(runDir: string, plan: SessionPlan): string {
  return join(logsDir(runDir), `${plan.name}-a${plan.attempt}.transcript.jsonl`);
}

/**
 * Creates a session's directory with its record, in one step: whoever comes second gets false. A directory
 * without a readable record, as a crash of the host may leave it, is replaced.
 */
export function createSession(runDir: string, record: SessionRecord): boolean {
  const draft = draftDir(runDir);
  const { dir } = sessionPaths(runDir, record.plan.name);
  for (const part of ['outcome', 'agent']) mkdirSync(join(draft, part), { recursive: true, mode: 0o700 });
  writeAtomic(join(draft, 'plan.json'), JSON.stringify(record));
  if (moveDir(draft, dir)) return true;
  if (readRecord(runDir, record.plan.name) === null) {
    moveDir(dir, draftDir(runDir));
    if (moveDir(draft, dir)) return true;
  }
  rmSync(draft, { recursive: true, force: true });
  return false;
}

/** Removes a session's directory, and what interrupted calls have left, whatever rights an agent has given to it. */
export async function removeSession(runDir: string, name: string): Promise<void> {
  const gone = draftDir(runDir);
  moveDir(sessionPaths(runDir, name).dir, gone);
  await removeTree(gone);
  await removeDrafts(runDir);
}

/** The names of all sessions that have a directory. */
export function sessionNames(runDir: string): readonly string[] {
  return entriesOf(runDir).filter(name => !name.startsWith('.'));
}

/** null when there is no readable record of this name. */
export function readRecord(runDir: string, name: string): SessionRecord | null {
  return parseRecord(readJson(sessionPaths(runDir, name).record));
}

/** null until the session host has started the agent. */
export function readRunning(paths: SessionPaths): RunningSession | null {
  return readJson(paths.running) as RunningSession | null;
}

/** null until the agent has told something. */
export function readReport(paths: SessionPaths): SessionReport | null {
  return readJson(paths.report) as SessionReport | null;
}

/** null until the session has ended. */
export function readExit(paths: SessionPaths): SessionExit | null {
  return readJson(paths.exit) as SessionExit | null;
}

/** The record in the note that a session's pane carries; null when there is none. */
export function parseNote(note: string): SessionRecord | null {
  return parseRecord(parseJson(note));
}

function parseRecord(value: unknown): SessionRecord | null {
  const record = value as SessionRecord | null;
  const isWhole =
    typeof record?.plan?.name === 'string' &&
    typeof record.plan.nonce === 'string' &&
    typeof record.plan.repo === 'string' &&
    typeof record.plan.worktree === 'string' &&
    typeof record.owner?.pid === 'number' &&
    typeof record.reservedAt === 'string';
  return isWhole ? record : null;
}

/** null when there is no such file, or no JSON in it. */
function readJson(path: string): unknown {
  return parseJson(unlessMissing(() => readFileSync(path, 'utf8')) ?? '');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const entriesOf = (runDir: string) => unlessMissing(() => readdirSync(join(runDir, 'sessions'))) ?? [];

const draftDir = (runDir: string) => join(runDir, 'sessions', `.${randomBytes(8).toString('hex')}`);

/** Renames a directory; false when `to` is a directory with something in it, or `from` is not there. */
function moveDir(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOENT') return false;
    throw error;
  }
}

async function removeDrafts(runDir: string): Promise<void> {
  for (const name of entriesOf(runDir).filter(entry => entry.startsWith('.'))) {
    const path = join(runDir, 'sessions', name);
    const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - changed > DRAFT_MS) await removeTree(path);
  }
}

/** No call takes longer; an older draft is one that a crash left. */
const DRAFT_MS = 60_000;
