import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentReader } from '../agents/agent.ts';
import { createReader } from '../agents/create-agent.ts';
import { eventsFile, parseEvent } from '../agents/events.ts';
import { parseRow } from '../agents/rows.ts';
import { writeAtomic } from '../atomic-file.ts';
import { unlessMissing } from '../missing.ts';
import { followLines, type LineFollower, splitLines } from './follow-lines.ts';
import { keepTranscript } from './keep-transcript.ts';
import type { LaunchFile } from './launch-file.ts';
import { type SessionReport, sessionPaths, sessionTranscript } from './session-files.ts';

/** What is learnt of an agent while it runs, kept as `report.json`. */
export interface FollowedAgent {
  /** Takes what it prints. */
  onOutput(chunk: Buffer): void;
  /** Resolves when it should be ended: its turn is over and it stays, or it gives no sign of life. */
  readonly overdue: Promise<'finished' | 'stalled'>;
  /** Reads what is left to read, and writes the last report. */
  close(): void;
}

/** `show` shows text to people, in the log and where possible in the pane. */
export function followAgent(launch: LaunchFile, show: (text: Buffer) => void): FollowedAgent {
  const reader = createReader(launch.agent, Date.now, launch.usedBefore);
  if (reader === null) return { onOutput: show, overdue: new Promise(() => {}), close: () => {} };

  const { agentDir } = sessionPaths(launch.runDir, launch.record.plan.name);
  let lastSignAt = Date.now();
  const tell = (lines: readonly string[]) => {
    if (lines.length > 0) show(Buffer.from(lines.map(line => `${line}\n`).join('')));
  };
  const onLine = (line: string) => {
    lastSignAt = Date.now();
    const row = parseRow(line);
    tell(row === null ? [line] : reader.readRow(row));
  };
  const output = splitLines(onLine);
  const onEvent = (line: string) => {
    lastSignAt = Date.now();
    const event = parseEvent(line);
    if (event !== null) tell(reader.readEvent(event));
  };
  const events = followLines(eventsFile(agentDir), { from: 0, onLine: onEvent });
  // A program with the terminal to itself prints no rows; its transcript has the same ones.
  const transcript = launch.ownsTerminal ? followTranscript(launch, reader, onLine) : null;
  const writeReport = reportWriter(launch, reader);

  const look = () => {
    transcript?.catchUp();
    events.catchUp();
    writeReport();
  };
  const { overdue, stop } = watchTime(() => {
    look();
    return whyOverdue(launch, reader, Date.now() - lastSignAt);
  });
  return {
    onOutput: output.write,
    overdue,
    close: () => {
      stop();
      output.end();
      look();
      const { transcript: path } = reader.report();
      if (launch.ownsTerminal && path !== null) readSubagents(path, reader);
      const to = sessionTranscript(launch.runDir, launch.record.plan);
      writeReport({ keptTranscript: keepTranscript({ from: path, agentDir, to, secrets: launch.secrets }) });
    },
  };
}

function watchTime(look: () => 'finished' | 'stalled' | null) {
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<'finished' | 'stalled'>(resolve => {
    timer = setInterval(() => {
      const reason = look();
      if (reason !== null) resolve(reason);
    }, LOOK_MS);
  });
  return { overdue, stop: () => clearInterval(timer) };
}

const LOOK_MS = 100;

/** A program at its prompt waits for ever; one that prints ends by itself, and gets the time for it. */
function whyOverdue(
  { ownsTerminal, stallMs }: LaunchFile,
  reader: AgentReader,
  silentMs: number,
): 'finished' | 'stalled' | null {
  const { isDone, isInTool, question } = reader.report();
  if (isDone) return ownsTerminal || silentMs > LINGER_MS ? 'finished' : null;
  const mayBeSilent = stallMs === 0 || isInTool || question !== null;
  return mayBeSilent || silentMs <= stallMs ? null : 'stalled';
}

const LINGER_MS = 30_000;

/** Where the transcript is, the program's first event tells. What an earlier session left in it is known. */
function followTranscript(
  { transcriptStart: from }: LaunchFile,
  reader: AgentReader,
  onLine: (line: string) => void,
): LineFollower {
  let follower: LineFollower | null = null;
  return {
    catchUp: () => {
      const path = reader.report().transcript;
      if (follower === null && path !== null) follower = followLines(path, { from, onLine });
      follower?.catchUp();
    },
  };
}

/** Claude Code keeps the transcripts of subagents beside the main one; they count for what was used. */
function readSubagents(transcript: string, reader: AgentReader): void {
  const dir = join(transcript.replace(/\.jsonl$/, ''), 'subagents');
  for (const name of unlessMissing(() => readdirSync(dir)) ?? []) {
    const onLine = (line: string) => {
      const row = parseRow(line);
      if (row !== null) reader.readRow(row);
    };
    followLines(join(dir, name), { from: 0, onLine }).catchUp();
  }
}

/** Writes `report.json` when it has changed, at most once a second before the end. */
function reportWriter({ runDir, record, agent }: LaunchFile, reader: AgentReader) {
  const { report: path } = sessionPaths(runDir, record.plan.name);
  let written = '';
  let writtenAt = 0;
  return (end?: { readonly keptTranscript: string | null }) => {
    if (end === undefined && Date.now() - writtenAt < REPORT_MS) return;
    const keptTranscript = end?.keptTranscript ?? null;
    const report: SessionReport = { agent, ...reader.report(), keptTranscript };
    const text = JSON.stringify(report);
    if (text === written && existsSync(path)) return;
    try {
      writeAtomic(path, text);
      written = text;
      writtenAt = Date.now();
    } catch {
      // The run directory was deleted; the session host makes it again.
    }
  };
}

const REPORT_MS = 1_000;
