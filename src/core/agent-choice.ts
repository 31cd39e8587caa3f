import type { AgentName } from './agent-settings.ts';
import type { SettingName, Settings } from './settings.ts';
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
  /** The settings that hold its further arguments, in their order on its command line. */
  readonly args: readonly ArgsSetting[];
}

/** A setting that holds arguments of an agent. */
export type ArgsSetting = Extract<SettingName, `HARNESS_${string}ARGS${string}`>;

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
 * The agent of a stage. The size of the work counts where the work itself is done, and comes first there. Model,
 * effort and arguments go with the agent that is named beside them: HARNESS_MODEL with HARNESS_AGENT, a stage's with
 * the stage's. Of models and efforts the nearest counts; of arguments all do, the nearest last, where programs let
 * it win.
 */
export function chooseAgent(settings: Settings, stage: StageKind, size: WorkSize | null): AgentChoice {
  const usual = usualAgent(settings);
  const wishes: readonly Wish[] = [
    ...(size !== null && WORKS.has(stage) ? [wishFor(settings, SUFFIXES[size])] : []),
    wishFor(settings, stage),
  ];
  const agent = wishes.find(namesAgent)?.agent ?? usual;
  const nearest = wishes.findIndex(namesAgent);
  const heard = [
    ...(nearest === -1 ? wishes : wishes.slice(0, nearest + 1)),
    ...(agent === usual ? [usualWish(settings)] : []),
  ];
  return {
    agent,
    model: heard.find(({ model }) => model !== '')?.model ?? '',
    effort: heard.find(({ effort }) => effort !== '')?.effort ?? '',
    args: [...OF_PROGRAM[agent], ...heard.toReversed().flatMap(({ args }) => args)],
  };
}

/** What is wished for at one place of the settings. */
type Wish = Omit<AgentChoice, 'agent'> & { readonly agent: AgentName | 'same' };

const namesAgent = (wish: Wish): wish is Wish & { readonly agent: AgentName } => wish.agent !== 'same';

const wishFor = (settings: Settings, suffix: StageKind | (typeof SUFFIXES)[WorkSize]): Wish => ({
  agent: settings[`HARNESS_AGENT_${suffix}`],
  model: settings[`HARNESS_MODEL_${suffix}`],
  effort: settings[`HARNESS_EFFORT_${suffix}`],
  args: [`HARNESS_ARGS_${suffix}`],
});

const usualWish = (settings: Settings): Wish => ({
  agent: usualAgent(settings),
  model: settings.HARNESS_MODEL,
  effort: settings.HARNESS_EFFORT,
  args: ['HARNESS_AGENT_ARGS'],
});

const SUFFIXES = { small: 'SIZE_SMALL', medium: 'SIZE_MEDIUM', large: 'SIZE_LARGE' } as const;

const OF_PROGRAM: Readonly<Record<AgentName, readonly ArgsSetting[]>> = {
  claude: ['HARNESS_CLAUDE_ARGS'],
  codex: ['HARNESS_CODEX_ARGS'],
  command: [],
};

const WORKS: ReadonlySet<StageKind> = new Set(['IMPL', 'FIX']);

/** The agent of every stage that names no other. */
export function usualAgent({ HARNESS_AGENT, HARNESS_AGENT_COMMAND }: Settings): AgentName {
  if (HARNESS_AGENT !== 'auto') return HARNESS_AGENT;
  return HARNESS_AGENT_COMMAND === '' ? 'claude' : 'command';
}

/** A choice in a word, for journals and breakers: `claude`, `codex/gpt-small`. Limits don't depend on the effort. */
export const profileName = ({ agent, model }: Pick<AgentChoice, 'agent' | 'model'>): string =>
  model === '' ? agent : `${agent}/${model}`;
