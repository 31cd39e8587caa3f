import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SessionsOptions } from '../../../src/adapters/sessions/options.ts';
import { waitFor } from '../../helpers/temp.ts';
import type { Programs } from '../sessions/fixture.ts';
import { anAgentFleet, type Candidate } from './agent-fleet.ts';

/** How a lane comes to a candidate: a fake program, or the real one with a stub of its model's API. */
export interface Lane {
  readonly programs: Programs;
  /** Called in each test. `login` is what it logs in with. */
  readonly candidate: (login?: 'key' | 'subscription') => Promise<Candidate>;
  /** Seconds since the epoch at which the model's usage limit is lifted. */
  readonly resetsAt: number;
  /** Time in which the program has started and made its first request, also on a busy machine. */
  readonly startMs: number;
}

const FINISHED = {
  state: 'ended',
  exit: { code: 0, reason: 'exited' },
  outcome: { kind: 'valid' },
  end: { failure: null, resetsAt: null },
};

/** What must hold of every headless agent, whatever its program. */
export function describeHeadless(title: string, lane: Lane): void {
  const aFleet = async (change: Partial<SessionsOptions> = {}, login?: 'key' | 'subscription') =>
    anAgentFleet(lane.programs, await lane.candidate(login), change);

  describe(title, () => {
    it('works, leaves its outcome and ends; its stream is shown and counted', async () => {
      const fleet = await aFleet();
      const session = await fleet.ended('work');
      expect(session).toMatchObject(FINISHED);
      expect(fleet.didWork()).toBe(true);
      expect(session.question).toBeNull();
      const [tokens] = session.usage.tokens ?? [];
      expect(tokens).toMatchObject({ output: 60 });
      expect(session.usage.activeSeconds).toBeGreaterThan(0);
      expect(session.conversation?.id).toMatch(/^[0-9a-f-]{36}$/);
      const log = fleet.logOf(session.plan.name);
      expect(log).toMatch(/^» .*git commit/m);
      expect(log).toContain('Done.');
      expect(log).not.toContain('{"type"');
    });

    it('mends an outcome that is not valid when it is told what is wrong', async () => {
      const fleet = await aFleet();
      const session = await fleet.ended('garble');
      expect(session).toMatchObject(FINISHED);
      expect(fleet.logOf(session.plan.name)).toContain('It wanted to stop, but is not done');
    });

    it('is not told more often than that', async () => {
      const fleet = await aFleet({ repairTurns: 2 });
      const session = await fleet.ended('forget');
      expect(session.end?.failure).toMatchObject({ class: 'no-outcome' });
      expect(fleet.logOf(session.plan.name).match(/It wanted to stop/g)).toHaveLength(2);
    });

    it('goes on after a failed request', async () => {
      const fleet = await aFleet();
      expect(await fleet.ended('busy-once')).toMatchObject(FINISHED);
    });

    it.each([
      ['overloaded', 'api'],
      ['break-late', 'api'],
      ['throttled', 'quota'],
      ['refused', 'authentication'],
      ['broke', 'billing'],
    ])('says what ended it: %s', async (word, kind) => {
      const fleet = await aFleet();
      const session = await fleet.ended(word);
      expect(session.exit).toMatchObject({ code: 1, reason: 'exited' });
      expect(session.end?.failure).toMatchObject({ class: kind });
      expect(session.end?.failure?.message).not.toBe('');
    });

    it('says until when a usage limit holds', async () => {
      const fleet = await aFleet({}, 'subscription');
      const { end } = await fleet.ended('limited');
      expect(end?.failure).toMatchObject({ class: 'quota' });
      // Some programs tell a time of day only, without seconds.
      const toldMs = Date.parse(end?.resetsAt ?? '');
      expect(Math.abs(toldMs - lane.resetsAt * 1000)).toBeLessThanOrEqual(60_000);
    });

    it('takes another prompt while it works', async () => {
      const fleet = await aFleet();
      const { name } = await fleet.behave('busy');
      await waitFor(() => fleet.logOf(name).includes('busy-1'), 30_000);
      expect(await fleet.sessions.deliver(name, 'Now finish: "quotes" `x` $(y); é')).toBe('taken');
      expect(await fleet.untilEnded(name, 30_000)).toMatchObject(FINISHED);
      expect(await fleet.sessions.deliver(name, 'More')).toBe('gone');
    });

    it('makes room when it is asked to, and says how far it is', async () => {
      const fleet = await aFleet();
      const { name } = await fleet.behave('busy');
      await waitFor(() => fleet.logOf(name).includes('busy-1'), 30_000);
      expect(await fleet.sessions.checkpoint(name)).toBe('taken');
      const session = await fleet.untilEnded(name, 30_000);
      expect(session).toMatchObject({
        exit: { code: 0, reason: 'exited' },
        handoff: 'Half of it is done.\n',
        end: { failure: { class: 'no-outcome' } },
      });
    });

    it('goes on with the conversation of an earlier session, whose usage is not counted again', async () => {
      const fleet = await aFleet({ repairTurns: 0 });
      const first = await fleet.ended('forget', {
        prompt: 'Keep in mind: first-secret.\n\nbehave: forget\n',
      });
      const { name, attempt } = first.plan;
      await fleet.sessions.discard(name);
      const resume = await fleet.sessions.conversation(name, attempt);
      expect(resume).toEqual(first.conversation);
      // Each attempt has a worktree of its own.
      const worktree = join(fleet.root, 'another');
      execFileSync('git', ['init', '-q', '-b', 'issue/7', worktree]);
      const second = await fleet.ended('remember', { resume }, { worktree, attempt: attempt + 1 });
      expect(second).toMatchObject({ ...FINISHED, conversation: { id: first.conversation?.id } });
      expect(second.usage.tokens?.[0]).toMatchObject({ output: 60 });
    });

    it('is told a prompt of 200 KB whole, whatever is in it', async () => {
      const fleet = await aFleet();
      const junk = `/clear "a" 'b' \`c\` $(d) \\ é 世 ;;\n`.repeat(5_000);
      expect(await fleet.ended('work', { prompt: `${junk}\n\nbehave: work\n` })).toMatchObject(FINISHED);
    });

    it('is killed and leaves nothing behind', async () => {
      const fleet = await aFleet();
      const { name } = await fleet.behave('busy');
      await waitFor(() => fleet.logOf(name).includes('busy-1'), 30_000);
      process.kill(fleet.pidsOf(name).agent, 'SIGKILL');
      const { end } = await fleet.untilEnded(name);
      expect(end?.failure).toMatchObject({ class: 'killed' });
    });

    it('counts as stalled when it gives no sign of life', async () => {
      const fleet = await aFleet({ stallMs: 1_500 });
      const session = await fleet.ended('stall');
      expect(session.exit?.reason).toBe('stalled');
      expect(session.end?.failure).toMatchObject({ class: 'stalled' });
    });
  });
}
