import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { type Fleet, kill, type Town, until } from './fleet.ts';

interface PullRow {
  readonly number: number;
  readonly merged_at: string | null;
  readonly head: { readonly ref: string };
}

/** What must be true of finished issues however rough the way there was. */
export async function expectFinished(town: Town, issues: readonly number[]): Promise<void> {
  const pulls = await town.api<PullRow[]>('pulls?state=all&per_page=100');
  for (const issue of issues) {
    const merged = pulls.filter(pull => pull.merged_at !== null && pull.head.ref === `issue/${issue}`);
    expect(merged, `merged pull requests of #${issue}`).toHaveLength(1);
    const entries = town.journal(issue);
    const claimed = entries.filter(entry => entry.op === 'claim').map(entry => entry.attempt);
    const receipts = entries.filter(entry => entry.op === 'receipt').map(entry => entry.attempt);
    expect(receipts, `receipts of #${issue}`).toEqual(claimed);
    expect(entries.at(-1)?.op, `last entry of #${issue}`).toBe('release');
    const text = town.git('show', `main:work/${issue}.txt`);
    expect(text).toBe('right\n');
  }
}

export const ended = (town: Town, issues: readonly number[]) =>
  until('every attempt has its receipt', 60_000, () => {
    const last = town.lastEntries();
    return issues.every(issue => last.get(issue)?.op === 'release');
  });

export const agentsOf = (fleet: Fleet) =>
  fleet.processes().filter(({ command }) => command.includes('scripted.mjs'));

/** Pid of the worker whose log says last that it drives. */
export function driverOf(fleet: Fleet): number {
  const logs = path.join(fleet.dir, '.harness/run/logs');
  const driver = readdirSync(logs).find(name =>
    readFileSync(path.join(logs, name), 'utf8').includes('drives unit'),
  );
  const slot = /worker-w(\d+)/.exec(driver ?? '')?.[1];
  return fleet.processes().find(({ command }) => command.endsWith(` worker --slot ${slot}`))?.pid ?? 0;
}

export function killWorkers(fleet: Fleet): void {
  for (const { pid, command } of fleet.processes()) if (/ worker --slot/.test(command)) kill(pid);
}

export function killAgent(fleet: Fleet): void {
  const [agent] = agentsOf(fleet);
  if (agent) kill(agent.pid);
}

export function killTmux(fleet: Fleet): void {
  for (const { pid, command } of fleet.processes()) if (command.startsWith('tmux')) kill(pid);
}

export function killAll(fleet: Fleet): void {
  for (const { pid } of fleet.processes()) kill(pid);
}

export function loseHost(fleet: Fleet): void {
  killAll(fleet);
  rmSync(path.join(fleet.dir, '.harness/run'), { recursive: true, force: true });
  rmSync(path.join(fleet.home, '.harness'), { recursive: true, force: true });
}
