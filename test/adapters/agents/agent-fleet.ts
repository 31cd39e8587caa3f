import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAgent } from '../../../src/adapters/agents/create-agent.ts';
import type { AgentProfile } from '../../../src/adapters/agents/profile.ts';
import type { SessionsOptions } from '../../../src/adapters/sessions/options.ts';
import type { SessionLaunch, SessionPlan } from '../../../src/ports.ts';
import { makeFleet, type Programs } from '../sessions/fixture.ts';

/** A program to drive, and what it needs around it. */
export interface Candidate {
  readonly agent: 'claude' | 'codex';
  readonly program: string;
  readonly args: readonly string[];
  /** Its environment besides that of this process; names in it pass to the agent. */
  readonly env: Readonly<Record<string, string>>;
}

/** A fleet whose agent is a candidate; its worktree is a repository. */
export function anAgentFleet(
  programs: Programs,
  { agent, program, args, env }: Candidate,
  change: Partial<SessionsOptions & Pick<AgentProfile, 'mode' | 'mayAsk' | 'config'>> = {},
) {
  const { mode = 'headless', mayAsk = false, config = 'private', ...options } = change;
  // A program that does not know how to take an effort would refuse to start.
  const choice = { agent, program, model: '', effort: 'high', args } as const;
  const profile: AgentProfile = { ...choice, mode, config, mayAsk };
  const whole = { ...process.env, ...env };
  const fleet = makeFleet(programs, '', {
    agentFor: () => createAgent(profile, whole),
    pass: Object.keys(env),
    graceMs: 5_000,
    env,
    ...options,
  });
  execFileSync('git', ['init', '-q', '-b', 'issue/7'], { cwd: fleet.worktree });
  /** Gives the agent a task, by a word of the script that its model follows. */
  const behave = (word: string, launch: Partial<SessionLaunch> = {}, draft: Partial<SessionPlan> = {}) =>
    fleet.start(draft, { prompt: `Task.\n\nbehave: ${word}\n`, ...launch });
  const ended = async (word: string, launch?: Partial<SessionLaunch>, draft?: Partial<SessionPlan>) => {
    const { name } = await behave(word, launch, draft);
    return await fleet.untilEnded(name, 60_000);
  };
  const didWork = () => existsSync(join(fleet.worktree, 'work', '7.txt'));
  const logOf = (name: string) => readFileSync(join(fleet.runDir, 'logs', `${name}-a1.log`), 'utf8');
  return { ...fleet, behave, ended, didWork, logOf };
}
