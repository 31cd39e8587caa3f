import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { unlessMissing } from '../missing.ts';
import { logsDir, readRecord, sessionLog, sessionNames, sessionTranscript } from './session-files.ts';

/**
 * Removes logs and transcripts of sessions that are over, the oldest first, until those of all sessions together have
 * at most `cap` bytes. Those of sessions that are still to be settled stay, and so do the workers' own.
 */
export function sweepLogs(runDir: string, { cap }: { readonly cap: number }): void {
  const wanted = new Set(
    sessionNames(runDir)
      .flatMap(name => readRecord(runDir, name) ?? [])
      .flatMap(({ plan }) => [sessionLog(runDir, plan), sessionTranscript(runDir, plan)]),
  );
  const files = (unlessMissing(() => readdirSync(logsDir(runDir))) ?? [])
    .filter(name => OF_A_SESSION.test(name))
    .flatMap(name => {
      const path = join(logsDir(runDir), name);
      const { size, mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? {};
      return size === undefined || mtimeMs === undefined ? [] : [{ path, size, mtimeMs }];
    })
    .sort((a, b) => a.mtimeMs - b.mtimeMs);
  let excess = files.reduce((sum, { size }) => sum + size, 0) - cap;
  for (const { path, size } of files) {
    if (excess <= 0) return;
    if (wanted.has(path)) continue;
    rmSync(path, { force: true });
    excess -= size;
  }
}

const OF_A_SESSION = /-a\d+\.(?:log|transcript\.jsonl|conversation\.json)$/;
