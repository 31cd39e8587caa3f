import { expect, it } from 'vitest';
import type { FailureClass } from '../../src/core/contracts.ts';
import type { Engine } from '../../src/loop/engine.ts';
import type { Conversation, SessionLaunch } from '../../src/ports.ts';
import { aStage } from '../helpers/ports.ts';

const CONVERSATION: Conversation = {
  agent: 'claude',
  id: 'c1',
  transcript: '/run/logs/x-a1.transcript.jsonl',
  usage: { requests: 1, tokens: null, costUsd: null, activeSeconds: null },
};

/** Plays an issue whose first attempt fails so, on a host that has its conversation; tells what the second one got. */
async function secondLaunch(
  failed: FailureClass,
  {
    config = {},
    edit = false,
  }: { readonly config?: Readonly<Record<string, string>>; readonly edit?: boolean },
) {
  const launches: SessionLaunch[] = [];
  const asked: unknown[] = [];
  const stage = aStage({ agents: ['silent', 'good'], config });
  const remembering = (engine: Engine): Engine => ({
    ...engine,
    sessions: {
      ...engine.sessions,
      list: async () =>
        (await engine.sessions.list()).map(session => {
          const failure = session.end?.failure && { ...session.end.failure, class: failed };
          return failure ? { ...session, end: { failure, resetsAt: null } } : session;
        }),
      launch: (name, launch) => {
        launches.push(launch);
        return engine.sessions.launch(name, launch);
      },
      conversation: async (...which) => {
        asked.push(which);
        return CONVERSATION;
      },
    },
  });
  const here = stage.fleet('h1', remembering);
  await here.untilAgentsStop();
  if (edit) stage.github.edit(1, { body: 'Do something else.' });
  await here.finish();
  return { first: launches[0], second: launches[1], asked };
}

it.each(['quota', 'interrupted'] as const)(
  'goes on with its conversation after it was cut short: %s',
  async failed => {
    const { first, second, asked } = await secondLaunch(failed, {});
    expect(first?.resume).toBeNull();
    expect(second?.resume).toEqual(CONVERSATION);
    expect(second?.prompt).toMatch(/^You were interrupted.*\n.*\n.*This is your task again/);
    expect(second?.prompt).toContain('Wants own.');
    expect(asked).toEqual([[expect.stringMatching(/-i1$/), 1]]);
  },
);

it.each([
  ['it failed', 'agent-crash', {}],
  ['another agent works now', 'quota', { config: { HARNESS_AGENT: 'codex' } }],
  ['sessions have the configuration of the user', 'quota', { config: { HARNESS_AGENT_CONFIG: 'user' } }],
  ['the issue says something else now', 'interrupted', { edit: true }],
] as const)('begins a new conversation where %s', async (_why, failed, change) => {
  const { second } = await secondLaunch(failed, change);
  expect(second?.resume).toBeNull();
  expect(second?.prompt).not.toContain('You were interrupted');
});
