import type { AgentName } from '../../core/agent-settings.ts';
import type { AgentUsage } from '../../ports.ts';
import type { Environment } from '../child-env.ts';
import type { Agent, AgentReader } from './agent.ts';
import { claudeReader } from './claude/reader.ts';
import { claudeScreen } from './claude/screen.ts';
import { claudeAgent } from './claude.ts';
import { codexReader } from './codex/reader.ts';
import { codexAgent } from './codex.ts';
import { commandAgent } from './command.ts';
import type { AgentProfile } from './profile.ts';
import type { AgentScreen } from './screen.ts';

/** The adapter of a profile. `env` is this process's environment. */
export function createAgent(profile: AgentProfile, env: Environment): Agent {
  switch (profile.agent) {
    case 'claude':
      return claudeAgent(profile, env);
    case 'codex':
      return codexAgent(profile, env);
    case 'command':
      return commandAgent(profile);
    default:
      return profile.agent satisfies never;
  }
}

/** What follows an agent's rows and events; null for a program of which nothing is known. */
export function createReader(agent: AgentName, now: () => number, before: AgentUsage): AgentReader | null {
  switch (agent) {
    case 'claude':
      return claudeReader(now, before);
    case 'codex':
      return codexReader(now, before);
    case 'command':
      return null;
    default:
      return agent satisfies never;
  }
}

/** What is known of an agent's screen; null where nothing has to be. */
export const screenOf = (agent: AgentName): AgentScreen | null => (agent === 'claude' ? claudeScreen : null);
