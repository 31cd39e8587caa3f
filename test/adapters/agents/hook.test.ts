import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { HookFacts } from '../../../src/adapters/agents/answer-hook.ts';
import { promptLine } from '../../../src/adapters/agents/first-prompt.ts';
import { layPrompt } from '../../../src/adapters/agents/tray.ts';
import { makeTempDir } from '../../helpers/temp.ts';
import { makePlan, useSessionHost } from '../sessions/fixture.ts';

const programs = useSessionHost();
const plan = makePlan({});

/** A session's directories, and the hook in them as an agent calls it. */
function aHook({ repairTurns = 2, mayAsk = true } = {}) {
  const root = makeTempDir();
  const facts: HookFacts = {
    plan,
    dir: join(root, 'agent'),
    prompt: join(root, 'prompt.md'),
    mayAsk,
    outcomeDir: join(root, 'outcome'),
    outcome: join(root, 'outcome', 'outcome.json'),
    repairTurns,
  };
  mkdirSync(facts.dir);
  mkdirSync(facts.outcomeDir);
  const file = join(facts.dir, 'hook.json');
  writeFileSync(file, JSON.stringify(facts));
  const call = (input: string) => {
    const run = spawnSync(process.execPath, [programs.hook, file], { input, encoding: 'utf8', env: {} });
    return { status: run.status, stderr: run.stderr, answer: run.stdout ? JSON.parse(run.stdout) : null };
  };
  const stop = (change = {}) =>
    call(JSON.stringify({ hook_event_name: 'Stop', background_tasks: [], ...change }));
  const finish = (change = {}) => writeFileSync(facts.outcome, JSON.stringify({ ...OUTCOME, ...change }));
  const verdicts = () =>
    readFileSync(join(facts.dir, 'events.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line).verdict);
  return { root, facts, call, stop, finish, verdicts };
}

const OUTCOME = {
  version: 1,
  nonce: plan.nonce,
  repo: plan.repo,
  issue: plan.issue,
  status: 'done',
  summary: 'Said hello.',
  criteria: [],
  blockers: [],
  discoveries: [],
};

it('takes the prompt of the session once, however it comes a second time, and all that people type', () => {
  const hook = aHook();
  writeFileSync(hook.facts.prompt, 'Add a greeting.\n\nSay "hello".\n');
  const submit = (prompt: string) =>
    hook.call(JSON.stringify({ hook_event_name: 'UserPromptSubmit', prompt }));
  const line = promptLine(hook.facts.prompt);
  const refused = { decision: 'block', reason: 'You have this prompt already.' };
  expect(submit('Add a greeting.\n\nSay "hello".').answer).toBeNull();
  expect(submit('Add a greeting. Say "hello".').answer).toEqual(refused);
  expect(submit(line).answer).toEqual(refused);
  expect(submit('Say "goodbye", too.').answer).toBeNull();
  const another = aHook();
  expect(
    another.call(JSON.stringify({ hook_event_name: 'UserPromptSubmit', prompt: line })).answer,
  ).toBeNull();
});

it('refuses a question at once where nobody is to be asked, whatever permissions the agent runs with', () => {
  const hook = aHook({ mayAsk: false });
  const { answer } = hook.call(JSON.stringify({ hook_event_name: 'PermissionRequest', tool_name: 'Bash' }));
  expect(answer.hookSpecificOutput.decision).toEqual({
    behavior: 'deny',
    message: expect.stringContaining('Nobody is there to be asked.'),
  });
});

it('lets an agent stop that left a valid outcome', () => {
  const hook = aHook();
  hook.finish();
  expect(hook.stop()).toEqual({ status: 0, stderr: '', answer: null });
  expect(hook.verdicts()).toEqual(['end']);
});

it('says what is missing, and where it belongs', () => {
  const hook = aHook();
  const { answer } = hook.stop();
  expect(answer).toMatchObject({ decision: 'block' });
  expect(answer.reason).toContain('There is no outcome file yet.');
  expect(answer.reason).toContain(hook.facts.outcome);
});

it('says what is wrong, as the engine would', () => {
  const hook = aHook();
  hook.finish({ nonce: 'old', status: 'ready' });
  expect(hook.stop().answer.reason).toMatch(/not valid: status: .*done/);
  hook.finish({ nonce: 'old' });
  expect(hook.stop().answer.reason).toContain('nonce: is "old"');
});

it('gives up after so many times', () => {
  const hook = aHook({ repairTurns: 2 });
  expect([hook.stop(), hook.stop(), hook.stop()].map(({ answer }) => answer?.decision ?? null)).toEqual([
    'block',
    'block',
    null,
  ]);
  expect(hook.verdicts()).toEqual(['go-on', 'go-on', 'end']);
});

it('does not take a stop for the end while something works in the background', () => {
  const hook = aHook();
  expect(hook.stop({ background_tasks: [{ id: 'b1' }] }).answer).toBeNull();
  expect(hook.verdicts()).toEqual(['wait']);
});

it('hands over a prompt at the next tool, or at the stop, which costs no repair', () => {
  const hook = aHook({ repairTurns: 1 });
  const prompt = { kind: 'prompt', text: 'Also mend the footer.' } as const;
  layPrompt(hook.facts.dir, { id: 'a', ...prompt });
  const tool = hook.call(JSON.stringify({ hook_event_name: 'PostToolUse' }));
  expect(tool.answer.hookSpecificOutput.additionalContext).toBe(prompt.text);

  layPrompt(hook.facts.dir, { id: 'b', ...prompt });
  expect(hook.stop().answer).toEqual({ decision: 'block', reason: prompt.text });
  expect(hook.stop().answer.reason).toContain('no outcome file');
  expect(hook.stop().answer).toBeNull();
});

it('leaves a long prompt in a file, since programs cut long answers', () => {
  const hook = aHook();
  const text = `${'é"`$(x);'.repeat(25_000)}the end`;
  layPrompt(hook.facts.dir, { id: 'a', kind: 'prompt', text });
  const { answer } = hook.call(JSON.stringify({ hook_event_name: 'PostToolUse' }));
  const [, file] = /^Read the file (\S+) to its end/.exec(answer.hookSpecificOutput.additionalContext) ?? [];
  expect(readFileSync(file ?? '', 'utf8')).toBe(text);
});

it('lets an agent stop without an outcome that was asked to make room', () => {
  const hook = aHook();
  layPrompt(hook.facts.dir, { id: 'a', kind: 'checkpoint', text: 'Make room.' });
  expect(hook.stop().answer.reason).toBe('Make room.');
  expect(hook.stop().answer).toBeNull();
});

it.each([
  ['is no JSON', 'x'],
  ['is empty', ''],
  ['is none that it knows', '{"hook_event_name":"Later","x":1}'],
  ['is huge', JSON.stringify({ hook_event_name: 'Later', text: 'x'.repeat(5_000_000) })],
])('never stands in the way of an agent whose event %s', (_what, input) => {
  expect(aHook().call(input)).toEqual({ status: 0, stderr: '', answer: null });
});

it('never stands in the way of an agent whose session is gone', () => {
  const hook = aHook();
  rmSync(hook.root, { recursive: true });
  expect(hook.stop()).toEqual({ status: 0, stderr: '', answer: null });
});

it('notes events in short lines', () => {
  const hook = aHook();
  hook.call(
    JSON.stringify({ hook_event_name: 'Later', text: 'x'.repeat(50_000), list: Array(900).fill('y') }),
  );
  expect(readFileSync(join(hook.facts.dir, 'events.jsonl'), 'utf8').length).toBeLessThan(5_000);
});

it('does not keep an agent from stopping with a nudge that came too late', () => {
  const hook = aHook();
  layPrompt(hook.facts.dir, { id: 'nudge', kind: 'nudge', text: 'Go on.' });
  hook.finish();
  expect(hook.stop()).toEqual({ status: 0, stderr: '', answer: null });
});
