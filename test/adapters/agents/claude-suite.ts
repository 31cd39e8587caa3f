import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { waitFor } from '../../helpers/temp.ts';
import { anAgentFleet } from './agent-fleet.ts';
import type { Lane } from './suite.ts';

/** What only Claude Code can do: work in the background, and ask. */
export function describeClaude(title: string, lane: Lane): void {
  type Change = NonNullable<Parameters<typeof anAgentFleet>[2]>;
  const aFleet = async (change: Change = {}, login?: 'key' | 'subscription') =>
    anAgentFleet(lane.programs, await lane.candidate(login), change);
  const inTerminal = (change: Change = {}, login?: 'key' | 'subscription') =>
    aFleet({ mode: 'interactive', ...change }, login);

  describe(`${title}, headless`, () => {
    it('is not done while something of it works in the background', async () => {
      const fleet = await aFleet();
      const session = await fleet.ended('background');
      expect(session).toMatchObject({ exit: { code: 0, reason: 'exited' }, end: { failure: null } });
      expect(existsSync(join(fleet.worktree, 'late.txt'))).toBe(true);
    });

    it('goes on after a 429', async () => {
      const fleet = await aFleet();
      expect((await fleet.ended('throttled-once')).end?.failure).toBeNull();
    });

    it('tells what the attempt cost', async () => {
      const fleet = await aFleet();
      const { usage, agent } = await fleet.ended('work');
      expect(agent).toBe('claude 2.1.197');
      expect(usage).toMatchObject({
        requests: 3,
        tokens: [{ model: 'claude-opus-4-8', input: 300, output: 60, cacheRead: 15, cacheWrite: 21 }],
      });
      expect(usage.costUsd).toBeGreaterThan(0);
    });
  });

  describe(`${title}, in its terminal`, () => {
    it('tells what the attempt cost', async () => {
      const fleet = await inTerminal();
      const { usage, agent } = await fleet.ended('work');
      expect(agent).toBe('claude 2.1.197');
      const tokens = { model: 'claude-opus-4-8', input: 300, output: 60, cacheRead: 15, cacheWrite: 21 };
      expect(usage).toMatchObject({ requests: 3, tokens: expect.arrayContaining([tokens]) });
      expect(usage.costUsd).toBeGreaterThan(0.002);
    });

    it('tells what it costs while it works', async () => {
      const fleet = await inTerminal();
      const { name } = await fleet.behave('busy');
      await waitFor(async () => ((await fleet.find(name)).usage.costUsd ?? 0) > 0.001, 30_000);
      const { state, usage } = await fleet.find(name);
      expect(state).toBe('running');
      expect(usage.activeSeconds).toBeGreaterThan(0);
    });

    it('is not done while something of it works in the background', async () => {
      const fleet = await inTerminal();
      expect((await fleet.ended('background')).end?.failure).toBeNull();
      expect(existsSync(join(fleet.worktree, 'late.txt'))).toBe(true);
    });

    it('lifts its question out of the pane, and takes the answer', async () => {
      const fleet = await inTerminal({ mayAsk: true });
      const { name } = await fleet.behave('ask');
      const asking = await waitFor(async () => {
        const session = await fleet.find(name);
        return session.question === null ? null : session;
      }, 30_000);
      expect(asking).toMatchObject({ state: 'running', question: 'Which colour? (Red, Blue)' });
      expect(await fleet.sessions.deliver(name, 'Green, please.')).toBe('taken');
      const session = await fleet.untilEnded(name, 30_000);
      expect(session).toMatchObject({ exit: { reason: 'finished' }, end: { failure: null } });
    });

    it('goes on without an answer where it may not ask', async () => {
      const fleet = await inTerminal({ repairTurns: 0 });
      const { exit, end } = await fleet.ended('ask');
      expect(exit?.reason).toBe('finished');
      expect(end?.failure).toMatchObject({ class: 'no-outcome' });
    });

    it('says what it wanted to know when nobody answers in time', async () => {
      const fleet = await inTerminal({ mayAsk: true, limitMs: lane.startMs });
      const { end } = await fleet.ended('ask');
      expect(end?.failure).toMatchObject({
        class: 'question',
        message: 'the agent waited for a person: Which colour? (Red, Blue)',
      });
    });
  });
}
