import type { AgentName } from './agent-settings.ts';
import type { Settings } from './settings.ts';
import type { StageKind } from './world.ts';

/** How large a piece of work is, as its `size:` label says. */
export type WorkSize = 'small' | 'medium' | 'large';

/** Which program works, with which model, and how hard that thinks. */
export interface AgentChoice {
  readonly agent: AgentName;
  /** Empty: the program's own choice. */
  readonly model: string;
  /** A level such as `low` or `high`, in the program's own words. Empty: the program's own choice. */
  readonly effort: string;
}

/** The size that labels give; the largest of several, null without one. Labels compare without case. */
export function sizeOf(labels: readonly string[]): WorkSize | null {
  const sizes = labels.flatMap(label => {
    const [, word = ''] = /^size:\s*(\w+)$/i.exec(label.trim()) ?? [];
    return SIZES[word.toLowerCase()] ?? [];
  });
  return (['large', 'medium', 'small'] as const).find(size => sizes.includes(size)) ?? null;
}

const SIZES: Readonly<Record<string, WorkSize>> = {
  xs: 'small',
  s: 'small',
  small: 'small',
  m: 'medium',
  medium: 'medium',
  l: 'large',
  large: 'large',
  xl: 'large',
};

/**
 * The agent of a stage. The size of the work counts where the work itself is done, and comes first there. Model and
 * effort go with the agent that is named beside them: HARNESS_MODEL with HARNESS_AGENT, a stage's with the stage's.
 */
export function chooseAgent(settings: Settings, stage: StageKind, size: WorkSize | null): AgentChoice {
  const usual = usualAgent(settings);
  const wishes = [
    ...(size !== null && WORKS.has(stage) ? [wishForSize(settings, size)] : []),
    {
      agent: settings[`HARNESS_AGENT_${stage}`],
      model: settings[`HARNESS_MODEL_${stage}`],
      effort: settings[`HARNESS_EFFORT_${stage}`],
    },
    { agent: usual, model: '', effort: '' },
  ];
  const named = wishes.findIndex(({ agent }) => agent !== 'same');
  const agent = wishes[named]?.agent ?? usual;
  const usually = { model: settings.HARNESS_MODEL, effort: settings.HARNESS_EFFORT };
  const heard = [...wishes.slice(0, named + 1), ...(agent === usual ? [usually] : [])];
  return {
    agent: agent === 'same' ? usual : agent,
    model: heard.find(({ model }) => model !== '')?.model ?? '',
    effort: heard.find(({ effort }) => effort !== '')?.effort ?? '',
  };
}

const WORKS: ReadonlySet<StageKind> = new Set(['IMPL', 'FIX']);

function wishForSize(settings: Settings, size: WorkSize) {
  const name = size.toUpperCase() as Uppercase<WorkSize>;
  return {
    agent: settings[`HARNESS_AGENT_SIZE_${name}`],
    model: settings[`HARNESS_MODEL_SIZE_${name}`],
    effort: settings[`HARNESS_EFFORT_SIZE_${name}`],
  };
}

/** The agent of every stage that names no other. */
export function usualAgent({ HARNESS_AGENT, HARNESS_AGENT_COMMAND }: Settings): AgentName {
  if (HARNESS_AGENT !== 'auto') return HARNESS_AGENT;
  return HARNESS_AGENT_COMMAND === '' ? 'claude' : 'command';
}

/** A choice in a word, for journals and breakers: `claude`, `codex/gpt-small`. Limits don't depend on the effort. */
export const profileName = ({ agent, model }: Pick<AgentChoice, 'agent' | 'model'>): string =>
  model === '' ? agent : `${agent}/${model}`;
