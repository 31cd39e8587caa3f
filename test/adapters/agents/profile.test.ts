import { expect, it } from 'vitest';
import type { AgentContext } from '../../../src/adapters/agents/agent.ts';
import { createAgent } from '../../../src/adapters/agents/create-agent.ts';
import { profileFor } from '../../../src/adapters/agents/profile.ts';
import { parseSettings } from '../../../src/core/parse-settings.ts';
import type { StageKind } from '../../../src/core/world.ts';

const profileOf = (raw: Record<string, string>, stage: StageKind = 'IMPL') =>
  profileFor(parseSettings(raw), stage);

it('is Claude Code, in a terminal, with a configuration of its own, unless something else is said', () => {
  expect(profileOf({})).toEqual({
    agent: 'claude',
    program: 'claude',
    mode: 'interactive',
    model: '',
    effort: '',
    args: [],
    config: 'private',
    mayAsk: false,
  });
});

it('is the command where one is named, and not otherwise', () => {
  expect(profileOf({ HARNESS_AGENT_COMMAND: 'mine -x' })).toMatchObject({
    agent: 'command',
    program: 'mine -x',
  });
  expect(profileOf({ HARNESS_AGENT_COMMAND: 'mine', HARNESS_AGENT: 'codex' }).agent).toBe('codex');
});

it('differs by stage; model, effort and arguments stay with the agent that they are for', () => {
  const raw = {
    HARNESS_AGENT: 'claude',
    HARNESS_MODEL: 'sonnet',
    HARNESS_EFFORT: 'high',
    HARNESS_AGENT_ARGS: `--append-system-prompt 'Be brief.'`,
    HARNESS_MODEL_PLAN: 'opus',
    HARNESS_EFFORT_PLAN: 'max',
    HARNESS_AGENT_REVIEW: 'codex',
    HARNESS_AGENT_TRIAGE: 'codex',
    HARNESS_MODEL_TRIAGE: 'gpt-small',
    HARNESS_EFFORT_TRIAGE: 'low',
  };
  const args = ['--append-system-prompt', 'Be brief.'];
  expect(profileOf(raw, 'IMPL')).toMatchObject({ agent: 'claude', model: 'sonnet', effort: 'high', args });
  expect(profileOf(raw, 'PLAN')).toMatchObject({ agent: 'claude', model: 'opus', effort: 'max', args });
  expect(profileOf(raw, 'REVIEW')).toMatchObject({ agent: 'codex', model: '', effort: '', args: [] });
  expect(profileOf(raw, 'TRIAGE')).toMatchObject({ agent: 'codex', model: 'gpt-small', effort: 'low' });
});

it('gives a reviewer of another program arguments of its own, which an implementer does not get', () => {
  const raw = {
    HARNESS_AGENT: 'claude',
    HARNESS_CLAUDE_ARGS: '--max-turns 40',
    HARNESS_AGENT_ARGS: '--verbose',
    HARNESS_AGENT_REVIEW: 'codex',
    HARNESS_CODEX_ARGS: `-c 'model_provider="azure"'`,
    HARNESS_ARGS_REVIEW: '--search',
  };
  expect(profileOf(raw, 'IMPL').args).toEqual(['--max-turns', '40', '--verbose']);
  expect(profileOf(raw, 'REVIEW').args).toEqual(['-c', 'model_provider="azure"', '--search']);
  expect(() => profileOf({ ...raw, HARNESS_ARGS_REVIEW: `'open` }, 'REVIEW')).toThrow('HARNESS_ARGS_REVIEW');
});

it.each(['9', 'High', 'a"b'])('takes no effort that is no word of a program: %s', effort => {
  expect(() => profileOf({ HARNESS_EFFORT: effort })).toThrow('HARNESS_EFFORT');
});

it('differs by the size of the work', () => {
  const settings = parseSettings({ HARNESS_MODEL_SIZE_SMALL: 'haiku', HARNESS_AGENT_SIZE_LARGE: 'codex' });
  expect(profileFor(settings, 'IMPL', 'small')).toMatchObject({ agent: 'claude', model: 'haiku' });
  expect(profileFor(settings, 'IMPL', 'large')).toMatchObject({ agent: 'codex', program: 'codex' });
});

it('may ask a person where the fleet does not settle questions itself', () => {
  expect(profileOf({ HARNESS_AUTONOMOUS: 'false' }).mayAsk).toBe(true);
});

it('has no terminal by itself where its dialogs would not be answered, or where none is wanted', () => {
  expect(profileOf({ HARNESS_AGENT_MODE: 'headless' }).mode).toBe('headless');
  expect(profileOf({ HARNESS_AGENT_CONFIG: 'user' }).mode).toBe('headless');
  expect(profileOf({ HARNESS_AGENT: 'codex' }).mode).toBe('headless');
});

it('has a terminal only with an adapter, and with a configuration of its own', () => {
  const interactive = { HARNESS_AGENT_MODE: 'interactive' };
  expect(profileOf(interactive).mode).toBe('interactive');
  expect(profileOf({ ...interactive, HARNESS_AGENT_COMMAND: 'mine' }).mode).toBe('headless');
  expect(() => profileOf({ ...interactive, HARNESS_AGENT_CONFIG: 'user' })).toThrow('HARNESS_AGENT_CONFIG');
});

it.each([
  ['claude', '--effort high'],
  ['codex', '-c model_reasoning_effort="high"'],
])('tells %s the effort in its own way, and nothing without one', (agent, words) => {
  const argvOf = (raw: Record<string, string>) => {
    const context = {
      plan: { worktree: '/w' },
      prompt: '/p',
      text: 'Work.',
      dir: '/d',
      resume: null,
    } as AgentContext;
    const hook = { always: 'hook', whenPrompted: 'hook', onCount: 'note' };
    return createAgent(profileOf({ HARNESS_AGENT: agent, ...raw }), {})
      .launch({ ...context, hook })
      .argv.join(' ');
  };
  expect(argvOf({ HARNESS_EFFORT: 'high' })).toContain(words);
  expect(argvOf({})).not.toContain('effort');
});
