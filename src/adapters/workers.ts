import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import type { WorkerRecord, Workers } from '../ports.ts';
import { writeAtomic } from './atomic-file.ts';
import { signal } from './processes/process-tree.ts';
import { identifySelf, isAlive } from './processes.ts';

/** The workers' files in a run directory. */
export function createWorkers(runDir: string): Workers {
  const directory = join(runDir, 'workers');
  const fileOf = (name: string) => join(directory, `${name}.json`);
  const stopFile = join(runDir, 'stop.json');
  return {
    announce(name, version) {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      writeAtomic(fileOf(name), JSON.stringify({ name, version, identity: identifySelf() }));
    },
    dismiss: name => rmSync(fileOf(name), { force: true }),
    list: () =>
      readNames(directory)
        .flatMap(name => readWorker(join(directory, name)))
        .toSorted(byName),
    kill: name => killWorker(fileOf(name)),
    stopDeadline: () => readDeadline(stopFile),
    setStopDeadline(deadline) {
      mkdirSync(runDir, { recursive: true, mode: 0o700 });
      if (deadline === null) rmSync(stopFile, { force: true });
      else writeAtomic(stopFile, JSON.stringify({ deadline }));
    },
  };
}

async function killWorker(path: string): Promise<void> {
  for (;;) {
    const [worker] = readWorker(path);
    if (!worker?.isAlive) return;
    signal(worker.pid, 'SIGKILL');
    await pause(20);
  }
}

const byName = (a: WorkerRecord, b: WorkerRecord) => a.name.localeCompare(b.name, 'en', { numeric: true });

function readDeadline(path: string): number | null {
  try {
    return deadlineSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).deadline;
  } catch {
    return null;
  }
}

const deadlineSchema = z.object({ deadline: z.number() });

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
    return readdirSync(directory).filter(name => /^w\d+\.json$/.test(name));
  } catch {
    return [];
  }
}
