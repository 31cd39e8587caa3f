import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { silentSigns } from '../../../src/adapters/sessions/silent-signs.ts';
import { watchForStall } from '../../../src/adapters/sessions/stall-watch.ts';
import { makeFleet, useSessionHost } from './fixture.ts';

/** A watch of 80 s on a clock that only the test moves. */
function aWatch({ canNudge = true } = {}) {
  const clock = { now: 0 };
  const seen = { nudges: 0, lives: false };
  const watch = watchForStall({
    now: () => clock.now,
    stallMs: 80_000,
    showsLife: () => seen.lives,
    nudge: () => {
      seen.nudges += canNudge ? 1 : 0;
      return canNudge;
    },
  });
  /** Looks every second, and says after how many it is stalled; null: it is not. */
  const wait = (seconds: number, mayBeSilent = false): number | null => {
    for (let second = 1; second <= seconds; second += 1) {
      clock.now += 1_000;
      if (watch.isStalled(mayBeSilent)) return second;
    }
    return null;
  };
  return { watch, seen, wait };
}

describe('an agent that gives no sign of life', () => {
  it('is nudged once, and stalled when that helps nothing', () => {
    const { seen, wait } = aWatch();
    expect(wait(80)).toBeNull();
    expect(seen.nudges).toBe(0);
    expect(wait(100)).toBe(42);
    expect(seen.nudges).toBe(1);
  });

  it('goes on when it was nudged and says something, and is not nudged twice', () => {
    const { watch, seen, wait } = aWatch();
    expect(wait(90)).toBeNull();
    watch.sign();
    expect(wait(80)).toBeNull();
    expect(wait(10)).toBe(1);
    expect(seen.nudges).toBe(1);
  });

  it('is stalled at once when it can not be nudged', () => {
    expect(aWatch({ canNudge: false }).wait(100)).toBe(81);
  });

  it('is not stalled while it works without a word, or may be silent', () => {
    const { seen, wait } = aWatch();
    expect(wait(500, true)).toBeNull();
    seen.lives = true;
    expect(wait(500)).toBeNull();
    seen.lives = false;
    expect(wait(500)).not.toBeNull();
  });
});

describe('a silent sign of life', () => {
  const mark = `stall-${process.pid}-${Math.random().toString(36).slice(2)}`;

  function aWorkplace(ownsTerminal = false) {
    const dir = mkdtempSync(join(tmpdir(), 'harness-test-'));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    mkdirSync(join(dir, 'src/deep'), { recursive: true });
    writeFileSync(join(dir, 'src/deep/a.txt'), 'a');
    const tree = { leaders: [], mark };
    return { dir, showsLife: silentSigns({ dir, tree, ownsTerminal, now: Date.now }) };
  }

  it('is a file that changes, at whatever depth', async () => {
    const { dir, showsLife } = aWorkplace();
    await pause(20);
    expect([showsLife(), showsLife()]).toEqual([false, false]);
    await pause(20);
    writeFileSync(join(dir, 'src/deep/a.txt'), 'b');
    expect(showsLife()).toBe(true);
  });

  function work(options: { readonly detached: boolean }) {
    const env = { ...process.env, HARNESS_SESSION: mark };
    const busy = spawn(process.execPath, ['-e', 'for (;;);'], { env, stdio: 'ignore', ...options });
    onTestFinished(() => void busy.kill('SIGKILL'));
  }

  it.each([false, true])('is work of a process of the session, in a terminal: %s', async ownsTerminal => {
    const { showsLife } = aWorkplace(ownsTerminal);
    await pause(20);
    showsLife();
    // What draws in the terminal is in its group; tools have groups of their own.
    work({ detached: ownsTerminal });
    const deadline = Date.now() + 10_000;
    let isAlive = false;
    while (!isAlive && Date.now() < deadline) {
      await pause(50);
      isAlive = showsLife();
    }
    expect(isAlive).toBe(true);
  });

  it('is not what a program draws in its terminal while it waits', async () => {
    const { showsLife } = aWorkplace(true);
    work({ detached: false });
    for (let look = 0; look < 5; look++) {
      await pause(50);
      expect(showsLife()).toBe(false);
    }
  });
});

describe('a session of any program', () => {
  const programs = useSessionHost();

  it('ends when the program is silent for too long, and not while it changes files', async () => {
    const fleet = makeFleet(programs, "say('here'); setInterval(() => {}, 1_000);", { stallMs: 700 });
    const silent = await fleet.start();
    const { exit, end } = await fleet.untilEnded(silent.name);
    expect(exit?.reason).toBe('stalled');
    expect(end?.failure?.class).toBe('stalled');

    const script = `
      let count = 0;
      const timer = setInterval(() => {
        say('progress', ++count);
        if (count === 40) { clearInterval(timer); say('done'); }
      }, 50);`;
    const busy = makeFleet(programs, script, { stallMs: 700 });
    const working = await busy.start();
    expect((await busy.untilEnded(working.name)).exit).toMatchObject({ reason: 'exited', code: 0 });
  });
});
