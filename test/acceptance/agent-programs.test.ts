import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { useFakePrograms } from '../adapters/agents/fake-programs.ts';
import { aTown, type Fleet, ONE_WORKER, until } from './fleet.ts';
import { ended } from './strikes.ts';

const programs = useFakePrograms();

interface Status {
  readonly sessions: readonly { readonly question: string | null; readonly agent: string | null }[];
  readonly agents: readonly { readonly profile: string; readonly breaker: string; readonly until: string }[];
  readonly used: { readonly attempts: number; readonly requests: number | null };
  readonly decision: { readonly holds: readonly { readonly issue: number; readonly reason: string }[] };
}

/** Settings of a fleet whose agent is the fake Claude Code. */
const CLAUDE = {
  HARNESS_AGENT: 'claude',
  HARNESS_CLAUDE_PROGRAM: programs.claude,
  HARNESS_SANDBOX: 'off',
  ANTHROPIC_API_KEY: 'no-key-of-anybody-0123456789',
  IS_SANDBOX: '1',
  HARNESS_PASS_ENV: 'IS_SANDBOX',
};

const statusOf = async (fleet: Fleet): Promise<Status> =>
  JSON.parse((await fleet.harness('status', '--json')).out);

it('tells what agents ask, use and run into, and hands them answers', async () => {
  const town = await aTown();
  const asking = town.issue('behave: ask');
  const limited = town.issue('behave: limited');
  const fleet = await town.fleet('one', { ...CLAUDE, ...ONE_WORKER, HARNESS_AUTONOMOUS: 'false' });
  expect(await fleet.harness('start')).toMatchObject({ exit: 0 });
  await until('the usage limit is known', 60_000, async () => (await statusOf(fleet)).agents.length > 0);
  const failure = town.journal(limited).find(({ op }) => op === 'receipt')?.failure;
  expect(failure).toMatchObject({ class: 'quota', resetsAt: expect.stringMatching(/T02:29:00/) });
  const { agents, decision } = await statusOf(fleet);
  expect(agents).toMatchObject([{ profile: 'claude', breaker: 'open', until: failure?.resetsAt }]);
  expect(decision.holds.find(({ issue }) => issue === limited)?.reason).toContain(failure?.resetsAt ?? '?');

  await until('the question is known', 60_000, async () =>
    (await statusOf(fleet)).sessions.some(({ question }) => question?.includes('Which colour?')),
  );
  const shown = await fleet.harness('explain', String(asking));
  expect(shown.out).toContain('its IMPL session asks: Which colour?');
  await until('the question is in the journal', 60_000, () =>
    town.journal(asking).some(({ op }) => op === 'question'),
  );
  expect(await fleet.harness('answer', String(limited), 'Green')).toMatchObject({ exit: 5 });
  const answered = await fleet.harness('answer', String(asking), 'Green');
  expect(answered).toMatchObject({ exit: 0, out: 'The agent on acme/app#1 has it.' });

  await town.untilClosed([asking]);
  await ended(town, [asking]);
  const usage = town.journal(asking).find(({ op }) => op === 'receipt')?.usage;
  expect(usage).toMatchObject({ requests: expect.any(Number), tokens: [{ model: 'claude-opus-4-8' }] });
  expect(usage?.agentSeconds).toBeGreaterThan(0);
  expect((await statusOf(fleet)).used).toMatchObject({ attempts: 2, requests: expect.any(Number) });
  await fleet.harness('stop');
}, 240_000);

it('goes on in a terminal with the conversation of a headless agent that had to make room', async () => {
  const town = await aTown();
  const issue = town.issue('behave: make-room');
  const fleet = await town.fleet('one', { ...CLAUDE, ...ONE_WORKER });
  const local = path.join(fleet.dir, '.harness/config.local');
  const settings = readFileSync(local, 'utf8');
  writeFileSync(local, `${settings}HARNESS_AGENT_MODE=headless\n`);
  const kept = (attempt: number, end: string) =>
    path.join(fleet.dir, `.harness/run/logs/one-main-i${issue}-a${attempt}.${end}`);
  const read = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  await fleet.harness('start');
  await until('the agent works', 60_000, () => read(kept(1, 'log')).includes('busy-1'));
  await fleet.harness('pause', '--force');
  await until('it has made room', 60_000, () => town.journal(issue).at(-1)?.op === 'release');
  await fleet.harness('stop');
  // The mode that an agent has by itself.
  writeFileSync(local, settings);
  await fleet.harness('start');
  await fleet.harness('resume');
  await town.untilClosed([issue]);
  await ended(town, [issue]);
  const receipts = town.journal(issue).filter(({ op }) => op === 'receipt');
  expect(receipts.map(({ failure }) => failure?.class)).toEqual(['interrupted', undefined]);
  const files = receipts.flatMap(({ log, transcript }) => [log, transcript]);
  expect(files).toEqual(
    [1, 2].flatMap(attempt => ['log', 'transcript.jsonl'].map(end => path.basename(kept(attempt, end)))),
  );
  const [first, second] = [1, 2].map(attempt => read(kept(attempt, 'transcript.jsonl')));
  expect(first).toContain('busy-1');
  expect(second?.startsWith(first ?? '-')).toBe(true);
  const [headless, interactive] = [1, 2].map(attempt => read(kept(attempt, 'log')));
  expect(headless).toContain('* The turn is over');
  expect(interactive).not.toContain('* The turn is over');
  await fleet.harness('stop');
}, 240_000);
