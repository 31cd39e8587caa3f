import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { aTown, until } from '../acceptance/fleet.ts';
import { agentsOf, ended, expectFinished } from '../acceptance/strikes.ts';

it('a disk that is full for a while costs time and nothing else', async context => {
  const town = await aTown();
  const home = path.join(town.root, 'one');
  const isMounted = mount(home);
  context.skip(!isMounted, 'a file system of its own can only be mounted by root');
  const issues = ['slow one', 'slow two'].map(title => town.issue(title));
  issues.push(town.issue('last', { after: issues }));
  const fleet = await town.fleet('one');
  await fleet.harness('start');
  await until('an agent works', 20_000, () => agentsOf(fleet).length > 0);

  const ballast = path.join(home, 'ballast');
  fill(home, ballast);
  await until('the agents have come to their end', 30_000, () => agentsOf(fleet).length === 0);
  await fleet.harness('start');
  expect(statfsSync(home).bavail * statfsSync(home).bsize).toBeLessThan(64 * 1024);
  rmSync(ballast);

  const again = await fleet.harness('start');
  expect(again).toMatchObject({ exit: 0 });
  await town.untilClosed(issues, 90_000);
  await ended(town, issues);
  await expectFinished(town, issues);
  await fleet.harness('stop');
  await expect.poll(() => fleet.processes()).toEqual([]);
}, 240_000);

/** Mounts a small file system for the time of a test; false when that is not allowed. */
function mount(directory: string): boolean {
  mkdirSync(directory);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', directory], { stdio: 'ignore' });
  } catch {
    return false;
  }
  onTestFinished(() => void execFileSync('umount', ['--lazy', directory]));
  return true;
}

function fill(directory: string, ballast: string): void {
  const { bavail, bsize } = statfsSync(directory);
  try {
    writeFileSync(ballast, Buffer.alloc(bavail * bsize));
    for (;;) writeFileSync(ballast, Buffer.alloc(4096), { flag: 'a' });
  } catch {
    // Nothing fits any more.
  }
}
