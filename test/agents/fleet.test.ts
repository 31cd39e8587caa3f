import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { quoteWord } from '../../src/adapters/agents/command-line.ts';
import { aTown, kill, until } from '../acceptance/fleet.ts';
import { claudeWith, codexWith } from './candidates.ts';
import { endWell, reportPrograms } from './merging.ts';
import { type Model, startModel } from './model.ts';
import { havePinned, type Pinned } from './programs.ts';

const pinned = await Promise.all([havePinned('claude'), havePinned('codex')]);
const { expectMerged } = reportPrograms(pinned);

/** Settings with which a fleet's agent is the real program. */
function settingsFor(one: Pinned, model: Model, mode: string): Readonly<Record<string, string>> {
  const { agent, program, args, env } =
    one.name === 'claude' ? claudeWith(model, one) : codexWith(model, one);
  return {
    HARNESS_AGENT: agent,
    HARNESS_AGENT_MODE: mode,
    [agent === 'claude' ? 'HARNESS_CLAUDE_PROGRAM' : 'HARNESS_CODEX_PROGRAM']: program,
    HARNESS_AGENT_ARGS: args.map(quoteWord).join(' '),
    HARNESS_PASS_ENV: Object.keys(env).join(','),
    ...env,
  };
}

describe.each(pinned)('$name $version', one => {
  // Claude Code has a terminal by itself.
  it.skipIf(one.program === null).each(['headless', one.name === 'claude' ? 'auto' : 'interactive'])(
    'does issues from dispatch to merge, %s',
    async mode => {
      const town = await aTown();
      const model = await startModel();
      const issues = ['work', 'garble', 'work'].map(word => town.issue(`behave: ${word}`));
      const fleet = await town.fleet('one', settingsFor(one, model, mode));
      const started = await fleet.harness('start');
      expect(started).toMatchObject({ exit: 0 });
      await town.untilClosed(issues, 80_000);
      await expectMerged(town, one.name, issues);
      const timesOf = (wanted: string) =>
        issues.flatMap(issue => town.journal(issue).flatMap(({ op, at }) => (op === wanted ? [at] : [])));
      const claims = timesOf('claim').sort();
      // The garbled outcome was mended within its session: no attempt was lost.
      expect(claims).toHaveLength(issues.length);
      // All three were at work at once.
      expect(claims.at(-1)?.localeCompare(timesOf('receipt').sort()[0] ?? '')).toBe(-1);
      await endWell(fleet);
    },
  );

  it.skipIf(one.program === null)('goes on after the tmux server was killed', async () => {
    const town = await aTown();
    const model = await startModel();
    const issue = town.issue('behave: work');
    const fleet = await town.fleet('one', settingsFor(one, model, 'interactive'));
    await fleet.harness('start');
    await until('an agent works', 30_000, () => model.answers.length > 0);
    for (const { pid, command } of fleet.processes()) if (command.startsWith('tmux')) kill(pid);
    expect((await fleet.harness('start')).exit).toBe(0);
    await town.untilClosed([issue], 60_000);
    await expectMerged(town, one.name, [issue]);
    await endWell(fleet);
  });
});

it('goes on in its terminal with what it began headless, when the fleet is started anew', async () => {
  const [claude] = pinned;
  if (claude?.program == null) return;
  const town = await aTown();
  const model = await startModel();
  const issue = town.issue('behave: make-room');
  const { HARNESS_AGENT_MODE, ...settings } = settingsFor(claude, model, 'headless');
  const fleet = await town.fleet('one', settings);
  const local = path.join(fleet.dir, '.harness/config.local');
  const before = readFileSync(local, 'utf8');
  writeFileSync(local, `${before}HARNESS_AGENT_MODE=${HARNESS_AGENT_MODE}\n`);
  await fleet.harness('start');
  await until('an agent works', 30_000, () => model.answers.length > 2);
  await fleet.harness('pause', '--force');
  await fleet.harness('stop');
  writeFileSync(local, before);
  await fleet.harness('start');
  await fleet.harness('resume');
  await town.untilClosed([issue], 80_000);
  await expectMerged(town, claude.name, [issue]);
  const transcript = (attempt: number) =>
    readFileSync(
      path.join(fleet.dir, `.harness/run/logs/one-main-i${issue}-a${attempt}.transcript.jsonl`),
      'utf8',
    );
  expect(transcript(2).startsWith(transcript(1))).toBe(true);
  await endWell(fleet);
});

it('does not start a fleet whose agent has no login', async () => {
  const [claude] = pinned;
  if (claude?.program == null) return;
  const town = await aTown();
  const fleet = await town.fleet('one', {
    HARNESS_AGENT: 'claude',
    HARNESS_CLAUDE_PROGRAM: claude.program,
    HARNESS_PASS_ENV: 'IS_SANDBOX',
    IS_SANDBOX: '1',
  });
  const started = await fleet.harness('start');
  expect(started.exit).toBe(3);
  expect(started.err).toContain('claude setup-token');
});
