import type { AgentName } from '../../core/agent-settings.ts';
import type { Settings } from '../../core/settings.ts';
import type { StageKind } from '../../core/world.ts';
import { HarnessError } from '../../errors.ts';
import { splitWords } from './command-line.ts';

/** Which agent works on a stage, and how. */
export interface AgentProfile {
  readonly agent: AgentName;
  /** Name or path; for `command` the whole command line. */
  readonly program: string;
  readonly mode: 'headless' | 'interactive';
  /** Empty: the program's own choice. */
  readonly model: string;
  readonly args: readonly string[];
  readonly config: 'private' | 'user';
  /** The agent may ask a person. */
  readonly mayAsk: boolean;
}

/**
 * The profile of a stage. HARNESS_MODEL and HARNESS_AGENT_ARGS belong to the agent that HARNESS_AGENT names: a
 * stage that has another one does not get them. Throws `config-invalid` for what can't go together.
 */
export function profileFor(settings: Settings, stage: StageKind): AgentProfile {
  const usual = usualAgent(settings);
  const own = settings[`HARNESS_AGENT_${stage}`];
  const agent = own === 'same' ? usual : own;
  const mode = agent === 'claude' ? settings.HARNESS_AGENT_MODE : 'headless';
  const config = settings.HARNESS_AGENT_CONFIG;
  if (mode === 'interactive' && config === 'user') {
    throw new HarnessError(
      'config-invalid',
      'HARNESS_AGENT_MODE=interactive needs HARNESS_AGENT_CONFIG=private: its dialogs are answered in a configuration of its own.',
    );
  }
  return {
    agent,
    program: programOf(settings, agent),
    mode,
    config,
    model: settings[`HARNESS_MODEL_${stage}`] || (agent === usual ? settings.HARNESS_MODEL : ''),
    args: agent === usual ? splitWords('HARNESS_AGENT_ARGS', settings.HARNESS_AGENT_ARGS) : [],
    mayAsk: !settings.HARNESS_AUTONOMOUS,
  };
}

/** The agent of every stage that names no other. */
export function usualAgent({ HARNESS_AGENT, HARNESS_AGENT_COMMAND }: Settings): AgentName {
  if (HARNESS_AGENT !== 'auto') return HARNESS_AGENT;
  return HARNESS_AGENT_COMMAND === '' ? 'claude' : 'command';
}

function programOf(settings: Settings, agent: AgentName): string {
  switch (agent) {
    case 'claude':
      return settings.HARNESS_CLAUDE_PROGRAM;
    case 'codex':
      return settings.HARNESS_CODEX_PROGRAM;
    case 'command':
      return settings.HARNESS_AGENT_COMMAND;
    default:
      return agent satisfies never;
  }
}
