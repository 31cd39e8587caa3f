import { expect, it } from 'vitest';
import type { AgentContext } from '../../../src/adapters/agents/agent.ts';
import { commandAgent, splitCommand } from '../../../src/adapters/agents/command.ts';

it.each([
  ['claude -p', ['claude', '-p']],
  ['  a \t b\n', ['a', 'b']],
  [`sh -c 'echo "hi"; ls'`, ['sh', '-c', 'echo "hi"; ls']],
  [`a "b c" 'd e' f\\ g`, ['a', 'b c', 'd e', 'f g']],
  [`a pre"mid dle"post`, ['a', 'premid dlepost']],
  [`a "" ''`, ['a', '', '']],
  [`a "say \\"hi\\" \\\\ \\n \\$HOME"`, ['a', 'say "hi" \\ \\n $HOME']],
  [`a 'it'\\''s'`, ['a', "it's"]],
  ['a $HOME `b` $(c) | d > e *', ['a', '$HOME', '`b`', '$(c)', '|', 'd', '>', 'e', '*']],
  [`"/Applications/My Agent/bin/agent" --é`, ['/Applications/My Agent/bin/agent', '--é']],
])('splits %j', (command, words) => {
  expect(splitCommand(command)).toEqual(words);
});

it.each(['', '   ', `''`])('refuses %j, which names no program', command => {
  expect(() => splitCommand(command)).toThrow(/HARNESS_AGENT_COMMAND names no program/);
});

it.each([`a "b`, `a 'b`, 'a \\'])('refuses %j, whose quote or backslash leads nowhere', command => {
  expect(() => splitCommand(command)).toThrow(/HARNESS_AGENT_COMMAND has a quote or backslash/);
});

const CONTEXT = { plan: {}, prompt: '/run/prompt.md' } as AgentContext;

it('gives an agent its prompt on standard input, and what model and effort it should use', () => {
  const wish = { program: 'claude -p', model: 'large', effort: 'high', args: ['--max', 'a b'] };
  expect(commandAgent(wish).launch(CONTEXT)).toMatchObject({
    argv: ['claude', '-p', '--max', 'a b'],
    env: { HARNESS_MODEL: 'large', HARNESS_EFFORT: 'high' },
    stdin: '/run/prompt.md',
    ownsTerminal: false,
  });
});

it('can be made without a program, which only a launch needs', () => {
  const agent = commandAgent({ program: '', model: '', effort: '', args: [] });
  expect(() => agent.launch(CONTEXT)).toThrow('names no program');
});
