import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { growthOf } from './growth.mjs';
import { fileIssues } from './issues.mjs';
import { pick } from './pick.mjs';
import { isWorker, killAll, processesOf, sizeOf } from './processes.mjs';
import { report, say } from './report.mjs';
import { strike } from './strike.mjs';
import { addHost, openTown } from './town.mjs';
import { problemsOf, progressOf } from './verdict.mjs';

/** Plays one soak in a directory of its own, which is removed, and returns the exit status. */
export async function soak({ issues, hosts: hostCount, ...pace }) {
  const root = mkdtempSync(path.join(tmpdir(), 'harness-soak-'));
  const town = await openTown(root);
  const hosts = [];
  try {
    for (let at = 1; at <= hostCount; at += 1) hosts.push(await addHost(town, `h${at}`));
    const numbers = await fileIssues(town, issues);
    return await play({ town, hosts, numbers, ...pace });
  } finally {
    for (const { home } of hosts) killAll(processesOf(home));
    await town.close();
    rmSync(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

async function play({ town, hosts, numbers, killEverySeconds, limitSeconds }) {
  const startedAt = performance.now();
  for (const { harness } of hosts) await harness('start');
  const witnesses = processesOf(hosts[0].home).filter(isWorker);
  const samples = [];
  const kills = {};
  let nextKillAt = performance.now() + killPauseMs(killEverySeconds);
  let saidAt = 0;
  let mergedBefore = 0;
  let movedAt = 0;
  let retries = 0;
  for (;;) {
    await pause(1_000);
    const seconds = (performance.now() - startedAt) / 1000;
    samples.push(witnesses.map(({ pid }) => sizeOf(pid)));
    if (performance.now() > nextKillAt) {
      const what = await strike(pick(hosts), hosts[0]);
      kills[what] = (kills[what] ?? 0) + 1;
      nextKillAt = performance.now() + killPauseMs(killEverySeconds);
    }
    const { merged, left, isOver } = progressOf(town.git, numbers);
    if (merged > mergedBefore) movedAt = seconds;
    mergedBefore = merged;
    if (seconds - movedAt > STUCK_SECONDS) {
      // An agent that was killed three times on one issue opens its breaker: only a person closes it at once.
      for (const number of left) await hosts[0].harness('retry', String(number)).catch(say);
      retries += left.length;
      movedAt = seconds;
    }
    if (seconds - saidAt >= 30) {
      saidAt = seconds;
      say(`${seconds.toFixed(0)} s: ${merged} of ${numbers.length} issues merged`);
    }
    if (isOver) break;
    if (seconds > limitSeconds) break;
  }
  const seconds = (performance.now() - startedAt) / 1000;
  for (const { harness } of hosts) await harness('stop');
  const growth = growthOf(samples);
  const problems = [...(await problemsOf(town, numbers)), ...growth.flatMap(grownTooFar)];
  report({ town, numbers, seconds, kills, retries, growth, problems });
  const left = hosts.flatMap(({ home }) => processesOf(home));
  if (left.length > 0) say(`left over: ${left.map(({ command }) => command).join(', ')}`);
  return problems.length + left.length > 0 ? 1 : 0;
}

const grownTooFar = ({ worker, isFlat }) => (isFlat ? [] : [`worker ${worker} has grown`]);

const STUCK_SECONDS = 60;

const killPauseMs = seconds => seconds * 2_000 * Math.random();
