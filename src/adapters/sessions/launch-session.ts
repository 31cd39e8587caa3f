import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { HarnessError } from '../../errors.ts';
import type { SessionLaunch } from '../../ports.ts';
import { childEnv } from '../child-env.ts';
import type { Tmux } from '../tmux.ts';
import { writeMissing } from './launch-files.ts';
import type { SessionsOptions } from './options.ts';
import { prepareLaunch } from './prepare-launch.ts';
import { readRecord, type SessionPaths, sessionPaths } from './session-files.ts';

/**
 * Starts the session host of a reserved session in tmux and waits until it says that the agent runs. Throws
 * `tmux-failed` when it doesn't, or when the name is in use.
 */
export async function launchSession(
  options: SessionsOptions,
  name: string,
  launch: SessionLaunch,
): Promise<void> {
  const { runDir, tmux } = options;
  const record = readRecord(runDir, name);
  if (record === null) throw new HarnessError('engine-failed', `Session ${name} was not reserved.`);

  const paths = sessionPaths(runDir, name);
  writeFileSync(paths.prompt, launch.prompt, { mode: 0o600 });
  const file = await prepareLaunch(options, record, launch);
  writeMissing(file.files);
  writeFileSync(paths.launch, JSON.stringify(file), { mode: 0o600 });
  try {
    const isNew = await tmux.newSession({
      name,
      argv: [process.execPath, options.sessionHost, paths.launch],
      cwd: record.plan.worktree,
      env: childEnv(options.env, { pass: [], extras: {} }),
      note: JSON.stringify(record),
    });
    if (!isNew) throw new HarnessError('tmux-failed', `A tmux session ${name} exists already.`);
    await waitUntilStarted(tmux, name, paths);
  } catch (error) {
    rmSync(paths.launch, { force: true });
    throw error;
  }
}

async function waitUntilStarted(tmux: Tmux, name: string, { running, exit }: SessionPaths): Promise<void> {
  const hasSpoken = () => existsSync(running) || existsSync(exit);
  const startedAt = performance.now();
  for (let askedAt = startedAt; !hasSpoken(); await pause(POLL_MS)) {
    const now = performance.now();
    // Each question to tmux starts a program, which would take the processor from the one that is waited for.
    if (now - askedAt < ASK_MS) continue;
    askedAt = now;
    const isThere = await tmux.hasSession(name);
    // Looked at again: a host that has ended since has written its exit file before.
    if (hasSpoken()) return;
    if (!isThere || now - startedAt > START_MS) {
      throw new HarnessError('tmux-failed', `Session ${name} did not start.`);
    }
  }
}

const START_MS = 20_000;
const ASK_MS = 500;
const POLL_MS = 10;
