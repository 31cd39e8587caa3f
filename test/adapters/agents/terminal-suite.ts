import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readReport, sessionPaths } from '../../../src/adapters/sessions/session-files.ts';
import { waitFor } from '../../helpers/temp.ts';
import { anAgentFleet } from './agent-fleet.ts';
import type { Lane } from './suite.ts';

const FINISHED = { exit: { reason: 'finished' }, end: { failure: null } };

/** What must hold of every agent that has the pane as its terminal. */
export function describeTerminal(title: string, lane: Lane): void {
  const aFleet = async (change: Parameters<typeof anAgentFleet>[2] = {}) =>
    anAgentFleet(lane.programs, await lane.candidate(), { mode: 'interactive', ...change });
  type Fleet = Awaited<ReturnType<typeof aFleet>>;
  const aBusyAgent = async (fleet: Fleet) => {
    const { name } = await fleet.behave('busy');
    await waitFor(() => fleet.logOf(name).includes('busy-1'), 30_000);
    return name;
  };

  describe(`${title}, in its terminal`, () => {
    it('works, and is ended when its outcome is valid', async () => {
      const fleet = await aFleet();
      const session = await fleet.ended('work');
      expect(session).toMatchObject(FINISHED);
      expect(fleet.didWork()).toBe(true);
      expect(session.usage.tokens).toContainEqual(expect.objectContaining({ output: 60 }));
      expect(session.usage.activeSeconds).toBeGreaterThan(0);
      // Otherwise it would be taken for one that sits in a dialog, and ended.
      expect(readReport(sessionPaths(fleet.runDir, session.plan.name))?.hasBegun).toBe(true);
      expect(fleet.logOf(session.plan.name)).toMatch(/^» .*git commit/m);
    });

    it('mends an outcome that is not valid when it is told what is wrong', async () => {
      const fleet = await aFleet();
      expect(await fleet.ended('garble')).toMatchObject(FINISHED);
    });

    it('goes on after a failed request', async () => {
      const fleet = await aFleet();
      expect(await fleet.ended('busy-once')).toMatchObject(FINISHED);
    });

    it.each([
      ['overloaded', 'api'],
      ['throttled', 'quota'],
      ['refused', 'authentication'],
      ['forget', 'no-outcome'],
    ])('does not sit there when its turn is over: %s', async (word, kind) => {
      const fleet = await aFleet();
      const session = await fleet.ended(word);
      expect(session.exit?.reason).toBe('finished');
      expect(session.end?.failure).toMatchObject({ class: kind });
    });

    it('takes another prompt while it works', async () => {
      const fleet = await aFleet();
      const name = await aBusyAgent(fleet);
      expect(await fleet.sessions.deliver(name, 'Now finish.')).toBe('taken');
      expect(await fleet.untilEnded(name, 30_000)).toMatchObject(FINISHED);
    });

    it('takes a prompt of 200 KB while it works', async () => {
      const fleet = await aFleet();
      const name = await aBusyAgent(fleet);
      const junk = `"a" 'b' \`c\` $(d) \\ é 世 ;;\n`.repeat(6_000);
      expect(await fleet.sessions.deliver(name, `${junk}Now finish.`)).toBe('taken');
      expect(await fleet.untilEnded(name, 30_000)).toMatchObject(FINISHED);
    });

    it('makes room, and another session goes on with its conversation', async () => {
      const fleet = await aFleet({ repairTurns: 0 });
      const { name } = await fleet.behave('busy', { prompt: 'Keep in mind: first-secret. behave: busy' });
      await waitFor(() => fleet.logOf(name).includes('busy-1'), 30_000);
      expect(await fleet.sessions.checkpoint(name)).toBe('taken');
      const first = await fleet.untilEnded(name, 30_000);
      expect(first).toMatchObject({ exit: { reason: 'finished' }, handoff: 'Half of it is done.\n' });
      await fleet.sessions.discard(name);
      // Each attempt has a worktree of its own.
      const worktree = join(fleet.root, 'another');
      execFileSync('git', ['init', '-q', '-b', 'issue/7', worktree]);
      const second = await fleet.ended('remember', { resume: first.conversation }, { worktree, attempt: 2 });
      expect(second).toMatchObject({ ...FINISHED, conversation: { id: first.conversation?.id } });
      expect(second.usage.tokens).toContainEqual(expect.objectContaining({ output: 60 }));
    });

    it('is told a prompt of 200 KB whole, whatever is in it', async () => {
      const fleet = await aFleet();
      const junk = `/clear "a" 'b' \`c\` $(d) \\ é 世 ;;\n`.repeat(5_000);
      expect(await fleet.ended('work', { prompt: `${junk}\n\nbehave: work\n` })).toMatchObject(FINISHED);
    });

    it('leaves in its log what was on its screen when it gives no sign of life', async () => {
      const fleet = await aFleet({ stallMs: lane.startMs });
      const session = await fleet.ended('stall');
      expect(session.end?.failure).toMatchObject({ class: 'stalled' });
      expect(fleet.logOf(session.plan.name)).toMatch(/On its screen:.*behave: stall/s);
    });

    it('is ended with its pane', async () => {
      const fleet = await aFleet();
      const name = await aBusyAgent(fleet);
      await fleet.tmux.killSession(name);
      const { end } = await fleet.untilEnded(name, 30_000);
      expect(end?.failure).toMatchObject({ class: 'interrupted' });
    });

    it('is killed and leaves nothing behind', async () => {
      const fleet = await aFleet();
      const name = await aBusyAgent(fleet);
      process.kill(fleet.pidsOf(name).agent, 'SIGKILL');
      const { end } = await fleet.untilEnded(name, 30_000);
      expect(end?.failure).toMatchObject({ class: 'killed' });
    });
  });
}
