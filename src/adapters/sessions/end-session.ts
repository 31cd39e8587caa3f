import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { HarnessError } from '../../errors.ts';
import type { EndReason, SessionExit } from '../../ports.ts';
import { writeAtomic } from '../atomic-file.ts';
import { ringBell } from '../bell.ts';
import { endTree, signal } from '../processes/process-tree.ts';
import { identifyProcess, isAlive, type ProcessIdentity } from '../processes.ts';
import type { SessionsOptions } from './options.ts';
import { parseNote, readRecord, readRunning, sessionPaths } from './session-files.ts';

/**
 * Ends a session: asks its host, which ends the agent's processes and leaves the exit file; then ends
 * whatever is left, whoever was killed before. Throws `engine-failed` when a process can't be ended.
 */
export async function endSession(
  { runDir, tmux, graceMs }: SessionsOptions,
  name: string,
  reason: EndReason,
): Promise<void> {
  const pane = (await tmux.listSessions()).find(session => session.name === name);
  const record = readRecord(runDir, name) ?? (pane ? parseNote(pane.note) : null);
  if (record === null) return await tmux.killSession(name);

  const paths = sessionPaths(runDir, name);
  const running = readRunning(paths);
  const host = running?.host ?? (pane ? identifyProcess(pane.pid) : null);
  const wasRunning = host !== null && isAlive(host);
  if (wasRunning) {
    if (existsSync(paths.dir)) writeFileSync(paths.ending, reason, { mode: 0o600 });
    signal(host.pid, 'SIGTERM');
    await waitUntilGone(host, graceMs + HOST_MS);
  }

  const leaders = [host, running?.agent ?? null].flatMap(leader => leader ?? []);
  const survivors = await endTree({ leaders, mark: record.plan.nonce }, { graceMs });
  await tmux.killSession(name);
  if (survivors.length > 0) {
    throw new HarnessError('engine-failed', `Session ${name}: can't end ${survivors.join(', ')}.`);
  }
  if (wasRunning && existsSync(paths.dir) && !existsSync(paths.exit)) {
    const exit: SessionExit = { code: null, signal: 'SIGKILL', reason, endedAt: new Date().toISOString() };
    writeAtomic(paths.exit, JSON.stringify(exit));
    ringBell(runDir, `${name} ended`);
  }
}

/** What a host needs beyond the agent's grace: SIGKILL, the rest of the output, its files. */
const HOST_MS = 4_000;

async function waitUntilGone(host: ProcessIdentity, limitMs: number): Promise<void> {
  const startedAt = performance.now();
  while (isAlive(host) && performance.now() - startedAt < limitMs) await pause(POLL_MS);
}

const POLL_MS = 15;
