import { chooseAgent, type WorkSize } from '../../core/agent-choice.ts';
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
  /** A level in the program's own words. Empty: the program's own choice. */
  readonly effort: string;
  readonly args: readonly string[];
  readonly config: 'private' | 'user';
  /** The agent may ask a person. */
  readonly mayAsk: boolean;
}

/** The profile of a stage, for work of a size. Throws `config-invalid` for what can't go together. */
export function profileFor(settings: Settings, stage: StageKind, size: WorkSize | null = null): AgentProfile {
  const { agent, model, effort, args } = chooseAgent(settings, stage, size);
  return {
    agent,
    program: programOf(settings, agent),
    mode: modeOf(settings, agent),
    config: settings.HARNESS_AGENT_CONFIG,
    model,
    effort,
    args: args.flatMap(name => splitWords(name, settings[name])),
    mayAsk: !settings.HARNESS_AUTONOMOUS,
  };
}

function modeOf(
  { HARNESS_AGENT_MODE: wanted, HARNESS_AGENT_CONFIG: config }: Settings,
  agent: AgentName,
): AgentProfile['mode'] {
  if (agent === 'command') return 'headless';
  if (wanted === 'auto') return agent === 'claude' && config === 'private' ? 'interactive' : 'headless';
  if (wanted === 'interactive' && config === 'user') {
    throw new HarnessError(
      'config-invalid',
      'HARNESS_AGENT_MODE=interactive needs HARNESS_AGENT_CONFIG=private: its dialogs are answered in a configuration of its own.',
    );
  }
  return wanted;
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
