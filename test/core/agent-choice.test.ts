import { expect, it } from 'vitest';
import { chooseAgent, profileName, sizeOf, type WorkSize } from '../../src/core/agent-choice.ts';
import { parseSettings } from '../../src/core/parse-settings.ts';
import type { StageKind } from '../../src/core/world.ts';

const choiceOf = (
  raw: Readonly<Record<string, string>>,
  size: WorkSize | null = null,
  stage: StageKind = 'IMPL',
) => profileName(chooseAgent(parseSettings(raw), stage, size));

it.each([
  [[], null],
  [['bug', 'priority:1'], null],
  [['size:small'], 'small'],
  [['Size: XL'], 'large'],
  [['size:M'], 'medium'],
  [['size:small', 'size:large'], 'large'],
  [['size:huge'], null],
] as const)('reads the size of work from its labels %j: %s', (labels, size) => {
  expect(sizeOf(labels)).toBe(size);
});

it('gives small work to a cheap model and large work to a strong agent', () => {
  const raw = {
    HARNESS_AGENT: 'claude',
    HARNESS_MODEL: 'sonnet',
    HARNESS_MODEL_SIZE_SMALL: 'haiku',
    HARNESS_AGENT_SIZE_LARGE: 'codex',
    HARNESS_MODEL_SIZE_LARGE: 'gpt-large',
  };
  expect(choiceOf(raw)).toBe('claude/sonnet');
  expect(choiceOf(raw, 'small')).toBe('claude/haiku');
  expect(choiceOf(raw, 'medium')).toBe('claude/sonnet');
  expect(choiceOf(raw, 'large')).toBe('codex/gpt-large');
});

it('looks at the size only where the work itself is done', () => {
  const raw = { HARNESS_AGENT: 'claude', HARNESS_MODEL_SIZE_SMALL: 'haiku' };
  expect(choiceOf(raw, 'small', 'FIX')).toBe('claude/haiku');
  expect(choiceOf(raw, 'small', 'REVIEW')).toBe('claude');
});

it("never gives one agent another one's model", () => {
  const raw = { HARNESS_AGENT: 'claude', HARNESS_MODEL: 'sonnet', HARNESS_MODEL_IMPL: 'opus' };
  expect(choiceOf(raw, 'small')).toBe('claude/opus');
  expect(choiceOf({ ...raw, HARNESS_AGENT_SIZE_SMALL: 'codex' }, 'small')).toBe('codex');
  expect(choiceOf({ ...raw, HARNESS_AGENT_SIZE_SMALL: 'claude' }, 'small')).toBe('claude/sonnet');
  expect(choiceOf({ ...raw, HARNESS_AGENT_IMPL: 'codex', HARNESS_MODEL_IMPL: '' })).toBe('codex');
});

it('has the effort of the size, else of the stage, else the usual one, of the same agent', () => {
  const raw = {
    HARNESS_EFFORT: 'medium',
    HARNESS_EFFORT_FIX: 'high',
    HARNESS_EFFORT_SIZE_SMALL: 'low',
    HARNESS_AGENT_SIZE_LARGE: 'codex',
  };
  const effortOf = (size: WorkSize | null, stage: StageKind) =>
    chooseAgent(parseSettings(raw), stage, size).effort;
  expect(effortOf(null, 'IMPL')).toBe('medium');
  expect(effortOf(null, 'FIX')).toBe('high');
  expect(effortOf('small', 'FIX')).toBe('low');
  expect(effortOf('small', 'REVIEW')).toBe('medium');
  expect(effortOf('large', 'FIX')).toBe('');
});

it('gives each program its own arguments, and those of the stage and the size to the agent named there', () => {
  const raw = {
    HARNESS_AGENT: 'claude',
    HARNESS_AGENT_REVIEW: 'codex',
    HARNESS_AGENT_SIZE_LARGE: 'codex',
    HARNESS_AGENT_SIZE_MEDIUM: 'command',
  };
  const argsOf = (stage: StageKind, size: WorkSize | null = null) =>
    chooseAgent(parseSettings(raw), stage, size).args;
  expect(argsOf('PLAN')).toEqual(['HARNESS_CLAUDE_ARGS', 'HARNESS_AGENT_ARGS', 'HARNESS_ARGS_PLAN']);
  expect(argsOf('REVIEW')).toEqual(['HARNESS_CODEX_ARGS', 'HARNESS_ARGS_REVIEW']);
  expect(argsOf('FIX', 'small')).toEqual([
    'HARNESS_CLAUDE_ARGS',
    'HARNESS_AGENT_ARGS',
    'HARNESS_ARGS_FIX',
    'HARNESS_ARGS_SIZE_SMALL',
  ]);
  expect(argsOf('FIX', 'large')).toEqual(['HARNESS_CODEX_ARGS', 'HARNESS_ARGS_SIZE_LARGE']);
  expect(argsOf('IMPL', 'medium')).toEqual(['HARNESS_ARGS_SIZE_MEDIUM']);
});
