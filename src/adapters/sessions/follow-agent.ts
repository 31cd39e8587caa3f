import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentReader } from '../agents/agent.ts';
import { createReader, screenOf } from '../agents/create-agent.ts';
import { eventsFile, parseEvent } from '../agents/events.ts';
import { promptLine } from '../agents/first-prompt.ts';
import { parseRow } from '../agents/rows.ts';
import { layPrompt } from '../agents/tray.ts';
import { writeAtomic } from '../atomic-file.ts';
import { unlessMissing } from '../missing.ts';
import { followCounts } from './follow-counts.ts';
import { followLines, type LineFollower, splitLines } from './follow-lines.ts';
import { type KeptTranscript, keepTranscript } from './keep-transcript.ts';
import type { LaunchFile } from './launch-file.ts';
import type { Pane } from './pane.ts';
import { type SessionReport, sessionPaths, sessionTranscript } from './session-files.ts';
import { silentSigns } from './silent-signs.ts';
import { type StallWatch, watchForStall } from './stall-watch.ts';
import { type BeginningWatch, watchBeginning } from './watch-beginning.ts';

/** What is learnt of an agent while it runs, kept as `report.json`. */
export interface FollowedAgent {
  /** Takes what it prints. */
  onOutput(chunk: Buffer): void;
  /** Resolves when it should be ended: its turn is over and it stays, or it gives no sign of life. */
  readonly overdue: Promise<Overdue>;
  /** Reads what is left to read, and writes the last report. */
  close(): void;
}

type Overdue = 'finished' | 'stalled' | 'unbegun';

interface Watched {
  /** Shows text to people, in the log and where possible in the pane. */
  readonly show: (text: Buffer) => void;
  /** The pane of an agent that has it as its terminal. */
  readonly pane: Pane | null;
}

export function followAgent(launch: LaunchFile, watched: Watched): FollowedAgent {
  const reader = createReader(launch.agent, Date.now, launch.usedBefore);
  return reader === null ? followOutput(launch, watched) : followReader(launch, reader, watched);
}

/** A program that tells nothing of itself: only what it prints and does can be seen. */
function followOutput(launch: LaunchFile, { show }: Watched): FollowedAgent {
  const stall = stallOf(launch, () => false);
  const { overdue, stop } = watchTime(() => (stall.isStalled(false) ? 'stalled' : null));
  return {
    onOutput: chunk => {
      stall.sign();
      show(chunk);
    },
    overdue,
    close: stop,
  };
}

function stallOf(launch: LaunchFile, nudge: () => boolean): StallWatch {
  return watchForStall({ now: Date.now, stallMs: launch.stallMs, showsLife: signsOf(launch), nudge });
}

function signsOf({ cwd, record, ownsTerminal }: LaunchFile): () => boolean {
  const tree = { leaders: [], mark: record.plan.nonce };
  return silentSigns({ dir: cwd, tree, ownsTerminal, now: Date.now });
}

function beginningOf(launch: LaunchFile, { show, pane }: Watched): BeginningWatch {
  const { prompt } = sessionPaths(launch.runDir, launch.record.plan.name);
  return watchBeginning({
    now: Date.now,
    beginMs: launch.beginMs,
    showsLife: signsOf(launch),
    screen: screenOf(launch.agent),
    pane,
    prompt: { text: readFileSync(prompt, 'utf8'), line: promptLine(prompt) },
    tell: line => show(Buffer.from(`* ${line}\n`)),
  });
}

function followReader(launch: LaunchFile, reader: AgentReader, watched: Watched): FollowedAgent {
  const { show } = watched;
  const { agentDir } = sessionPaths(launch.runDir, launch.record.plan.name);
  const stall = stallOf(launch, () => {
    show(Buffer.from('* No sign of life for long; it is asked to go on\n'));
    return layPrompt(agentDir, { id: 'nudge', kind: 'nudge', text: NUDGE });
  });
  const beginning = launch.ownsTerminal ? beginningOf(launch, watched) : null;
  let lastSignAt = Date.now();
  const sign = () => {
    lastSignAt = Date.now();
    stall.sign();
    beginning?.sign();
  };
  const tell = (lines: readonly string[]) => {
    if (lines.length > 0) show(Buffer.from(lines.map(line => `${line}\n`).join('')));
  };
  const onLine = (line: string) => {
    sign();
    const row = parseRow(line);
    tell(row === null ? [line] : reader.readRow(row));
  };
  const output = splitLines(onLine);
  const onEvent = (line: string) => {
    sign();
    const event = parseEvent(line);
    if (event !== null) tell(reader.readEvent(event));
  };
  const events = followLines(eventsFile(agentDir), { from: 0, onLine: onEvent });
  // A program with the terminal to itself prints no rows; its transcript has the same ones.
  const transcript = launch.ownsTerminal ? followTranscript(launch, reader, onLine) : null;
  const subagents = launch.ownsTerminal ? followSubagents(reader) : null;
  const counts = followCounts(launch.counts, reader.readCount);
  const writeReport = reportWriter(launch, reader);

  const look = () => {
    transcript?.catchUp();
    subagents?.catchUp();
    events.catchUp();
    counts.catchUp();
    writeReport();
  };
  const { overdue, stop } = watchTime(() => {
    look();
    const { hasBegun, isDone, isInTool, question } = reader.report();
    // A program at its prompt waits for ever; one that prints ends by itself, and gets the time for it.
    if (isDone) return launch.ownsTerminal || Date.now() - lastSignAt > LINGER_MS ? 'finished' : null;
    if (!hasBegun && beginning?.isOverdue()) return 'unbegun';
    return stall.isStalled(isInTool || question !== null) ? 'stalled' : null;
  });
  return {
    onOutput: output.write,
    overdue,
    close: () => {
      stop();
      output.end();
      look();
      const { transcript: path } = reader.report();
      const kept = { to: sessionTranscript(launch.runDir, launch.record.plan), cap: launch.logCap };
      const { transcriptDirs: dirs, secrets } = launch;
      writeReport({ keptTranscript: keepTranscript({ from: path, dirs, ...kept, secrets }) });
    },
  };
}

function watchTime(look: () => Overdue | null) {
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<Overdue>(resolve => {
    timer = setInterval(() => {
      const reason = look();
      if (reason !== null) resolve(reason);
    }, LOOK_MS);
  });
  return { overdue, stop: () => clearInterval(timer) };
}

const LOOK_MS = 100;

const LINGER_MS = 30_000;

/** What an agent hears that has been silent for too long. */
const NUDGE = `You have given no sign of life for a long time. If something you wait for does not come, stop waiting and go
on without it. If you are stuck, commit what is worth keeping and write the outcome with status "blocked" or
"failed".`;

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

/** Claude Code keeps the transcripts of subagents beside the main one. */
function followSubagents(reader: AgentReader): LineFollower {
  const followers = new Map<string, LineFollower>();
  const onLine = (line: string) => {
    const row = parseRow(line);
    if (row !== null) reader.readSubagent(row);
  };
  return {
    catchUp: () => {
      const { transcript } = reader.report();
      if (transcript === null) return;
      const dir = join(transcript.replace(/\.jsonl$/, ''), 'subagents');
      for (const name of unlessMissing(() => readdirSync(dir)) ?? []) {
        if (!followers.has(name)) followers.set(name, followLines(join(dir, name), { from: 0, onLine }));
      }
      for (const follower of followers.values()) follower.catchUp();
    },
  };
}

/** Writes `report.json` when it has changed, at most once a second before the end. */
function reportWriter({ runDir, record, agent, usedBefore }: LaunchFile, reader: AgentReader) {
  const { report: path } = sessionPaths(runDir, record.plan.name);
  let written = '';
  let writtenAt = 0;
  return (end?: { readonly keptTranscript: KeptTranscript | null }) => {
    if (end === undefined && Date.now() - writtenAt < REPORT_MS) return;
    const keptTranscript = end?.keptTranscript ?? null;
    const report: SessionReport = { agent, ...reader.report(), keptTranscript, usedBefore };
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
