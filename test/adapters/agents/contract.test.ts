import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { AgentContext } from '../../../src/adapters/agents/agent.ts';
import { commandAgent } from '../../../src/adapters/agents/command.ts';
import { quoteWord } from '../../../src/adapters/agents/command-line.ts';
import { mayPass } from '../../../src/adapters/child-env.ts';
import { agentEnv } from '../../../src/adapters/sessions/agent-env.ts';
import { sessionPaths } from '../../../src/adapters/sessions/session-files.ts';
import { parseOutcome } from '../../../src/contracts.ts';
import { makeFleet, makePlan, useSessionHost } from '../sessions/fixture.ts';

const host = useSessionHost();
const text = readFileSync('docs/agents.md', 'utf8');

/** The code block of `language` that begins with `start`. */
function codeBlock(language: string, start: string): string {
  const blocks = [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, name, code]) => ({
    name,
    code: code ?? '',
  }));
  const block = blocks.find(({ name, code }) => name === language && code.startsWith(start));
  if (!block) throw new Error(`docs/agents.md has no ${language} block that starts with ${start}.`);
  return block.code;
}

it('documents an outcome that is valid', () => {
  expect(parseOutcome(codeBlock('json', '{'))).toMatchObject({ kind: 'valid' });
});

it('documents an agent that works', async () => {
  const fleet = makeFleet(host, '', {
    agentFor: () =>
      commandAgent({
        program: `sh -c ${quoteWord(codeBlock('sh', '#!/bin/sh'))}`,
        model: '',
        effort: '',
        args: [],
      }),
  });
  execFileSync('git', ['init', '-q'], { cwd: fleet.worktree });
  const { name } = await fleet.start();
  const session = await fleet.untilEnded(name);
  expect(session).toMatchObject({
    exit: { code: 0 },
    outcome: { kind: 'valid', outcome: { status: 'done' } },
  });
  const log = execFileSync('git', ['log', '--format=%an: %s'], { cwd: fleet.worktree, encoding: 'utf8' });
  expect(log).toBe('Ada: Note issue 7\n');
});

it('documents every variable that agents get, and the ones that they never do', () => {
  const paths = sessionPaths('/run', 'x');
  const review = { head: 'c'.repeat(40), session: 'x', criteria: [] };
  const env = agentEnv({ plan: makePlan({ review }), title: '', paths, identity: { name: '', email: '' } });
  const wished = commandAgent({ program: 'x', model: '', effort: '', args: [] }).launch(
    {} as AgentContext,
  ).env;
  const own = Object.keys({ ...env, ...wished }).filter(name => name.startsWith('HARNESS_'));
  const section = text.split('**Its environment**')[1]?.split('\n## ')[0] ?? '';
  expect([...section.matchAll(/^\| `(HARNESS_\w+)`/gm)].map(([, name]) => name).sort()).toEqual(own.sort());

  const never = /^Some variables never pass.*$/m.exec(text)?.[0] ?? '';
  const names = [...never.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name ?? '');
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter(mayPass)).toEqual([]);
});
