import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeAtomic } from './atomic-file.ts';
import { identifySelf, isAlive } from './processes.ts';

/** A resident worker of the fleet, as its file in the run directory describes it. */
export interface WorkerRecord {
  /** `w1` */
  readonly name: string;
  readonly pid: number;
  readonly version: string;
  readonly isAlive: boolean;
}

/** Announces this process as a worker. */
export function announceWorker(runDir: string, name: string, version: string): void {
  mkdirSync(workersDir(runDir), { recursive: true, mode: 0o700 });
  writeAtomic(workerFile(runDir, name), JSON.stringify({ name, version, identity: identifySelf() }));
}

/** Takes the announcement back. */
export function dismissWorker(runDir: string, name: string): void {
  rmSync(workerFile(runDir, name), { force: true });
}

/** All announced workers, in order; one that died without a word is there with `isAlive` false. */
export function listWorkers(runDir: string): readonly WorkerRecord[] {
  const names = readNames(workersDir(runDir)).filter(name => /^w\d+\.json$/.test(name));
  const records = names.flatMap(name => readWorker(join(workersDir(runDir), name)));
  return records.toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

/** When a stop was asked for: live sessions have until this time, in milliseconds since the epoch. */
export function readStopDeadline(runDir: string): number | null {
  try {
    return z.object({ deadline: z.number() }).parse(JSON.parse(readFileSync(stopFile(runDir), 'utf8')))
      .deadline;
  } catch {
    return null;
  }
}

/** Tells the workers how long live sessions have; null takes it back. */
export function writeStopDeadline(runDir: string, deadline: number | null): void {
  if (deadline === null) return rmSync(stopFile(runDir), { force: true });
  mkdirSync(runDir, { recursive: true, mode: 0o700 });
  writeAtomic(stopFile(runDir), JSON.stringify({ deadline }));
}

const workerSchema = z.object({
  name: z.string(),
  version: z.string(),
  identity: z.object({ pid: z.number(), started: z.string(), boot: z.string() }),
});

function readWorker(path: string): readonly WorkerRecord[] {
  try {
    const { name, version, identity } = workerSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    return [{ name, version, pid: identity.pid, isAlive: isAlive(identity) }];
  } catch {
    return [];
  }
}

function readNames(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

const workersDir = (runDir: string) => join(runDir, 'workers');
const workerFile = (runDir: string, name: string) => join(workersDir(runDir), `${name}.json`);
const stopFile = (runDir: string) => join(runDir, 'stop.json');
