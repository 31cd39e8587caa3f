import { LEVEL, PLACES, WORDS } from './setting-forms.ts';
import type { Rule } from './settings.ts';
import type { StageKind } from './world.ts';

/** The programs that have an adapter of their own, and `command` for any other. */
export type AgentName = 'claude' | 'codex' | 'command';

const AGENT_OF_STAGE = {
  home: 'host',
  type: 'choice',
  values: ['same', 'claude', 'codex', 'command'],
  default: 'same',
  help: 'The agent of this stage; same: as HARNESS_AGENT says.',
} as const satisfies Rule;

const MODEL_OF_STAGE = {
  home: 'host',
  type: 'text',
  default: '',
  help: 'The model of this stage; empty: as HARNESS_MODEL says.',
} as const satisfies Rule;

const EFFORT_OF_STAGE = {
  home: 'host',
  type: 'text',
  default: '',
  form: LEVEL,
  help: 'How hard the model of this stage thinks; empty: as HARNESS_EFFORT says.',
} as const satisfies Rule;

const ARGS_OF_STAGE = {
  home: 'host',
  type: 'text',
  default: '',
  form: WORDS,
  help: 'More arguments for the agent of this stage, after those that it gets everywhere.',
} as const satisfies Rule;

const AGENT_OF_SIZE = {
  home: 'host',
  type: 'choice',
  values: ['same', 'claude', 'codex', 'command'],
  default: 'same',
  help: 'The agent of IMPL and FIX on issues with this `size:` label; same: as for the stage.',
} as const satisfies Rule;

const MODEL_OF_SIZE = {
  home: 'host',
  type: 'text',
  default: '',
  help: 'The model of IMPL and FIX on issues with this `size:` label; empty: as for the stage.',
} as const satisfies Rule;

const EFFORT_OF_SIZE = {
  home: 'host',
  type: 'text',
  default: '',
  form: LEVEL,
  help: 'How hard the model thinks in IMPL and FIX on issues with this `size:` label; empty: as for the stage.',
} as const satisfies Rule;

const ARGS_OF_SIZE = {
  home: 'host',
  type: 'text',
  default: '',
  form: WORDS,
  help: 'More arguments for the agent of IMPL and FIX on issues with this `size:` label, after those of the stage.',
} as const satisfies Rule;

/** The settings that choose the agents of a host and how they run. */
export const AGENT_SETTINGS = {
  HARNESS_AGENT: {
    home: 'host',
    type: 'choice',
    values: ['auto', 'claude', 'codex', 'command'],
    default: 'auto',
    help: 'The agent: claude, codex, or command for what HARNESS_AGENT_COMMAND names; auto: command where that is set, else claude.',
  },
  HARNESS_AGENT_MODE: {
    home: 'host',
    type: 'choice',
    values: ['auto', 'interactive', 'headless'],
    default: 'auto',
    help: 'interactive (claude and codex): the agent has the pane as its terminal, so that a person can attach and steer. headless: it prints what it does and ends by itself. auto: Claude Code is interactive, unless it uses your own configuration; all others are headless.',
  },
  HARNESS_AGENT_COMMAND: {
    home: 'host',
    type: 'text',
    default: '',
    form: WORDS,
    help: 'The agent program and its arguments; quotes group words, no shell is involved. It gets its prompt on standard input.',
  },
  HARNESS_AGENT_ARGS: {
    home: 'host',
    type: 'text',
    default: '',
    form: WORDS,
    help: 'More arguments for the agent that HARNESS_AGENT names, with quotes as in HARNESS_AGENT_COMMAND.',
  },
  HARNESS_CLAUDE_ARGS: {
    home: 'host',
    type: 'text',
    default: '',
    form: WORDS,
    help: 'More arguments for claude wherever it works, with quotes as in HARNESS_AGENT_COMMAND.',
  },
  HARNESS_CODEX_ARGS: {
    home: 'host',
    type: 'text',
    default: '',
    form: WORDS,
    help: 'More arguments for codex wherever it works, with quotes as in HARNESS_AGENT_COMMAND.',
  },
  HARNESS_AGENT_CONFIG: {
    home: 'host',
    type: 'choice',
    values: ['private', 'user'],
    default: 'private',
    help: 'private: each session of claude or codex has a configuration of its own and logs in by an environment variable. user: it uses yours, with your login; nothing of it is changed.',
  },
  HARNESS_CLAUDE_PROGRAM: {
    home: 'host',
    type: 'text',
    default: 'claude',
    help: 'The program of Claude Code, by name or absolute path.',
  },
  HARNESS_CODEX_PROGRAM: {
    home: 'host',
    type: 'text',
    default: 'codex',
    help: 'The program of Codex, by name or absolute path.',
  },
  HARNESS_MODEL: {
    home: 'host',
    type: 'text',
    default: '',
    help: "The model that claude or codex uses; empty: the program's own choice.",
  },
  HARNESS_EFFORT: {
    home: 'host',
    type: 'text',
    default: '',
    form: LEVEL,
    help: "How hard the model thinks, in the program's own levels: low, medium, high and others; empty: the program's own choice.",
  },
  HARNESS_REPAIR_TURNS: {
    home: 'host',
    type: 'integer',
    min: 0,
    max: 8,
    default: 3,
    help: 'How often an agent that stops without a valid outcome hears what is wrong and goes on.',
  },
  HARNESS_STALL_MINUTES: {
    home: 'host',
    type: 'integer',
    min: 0,
    max: 1_440,
    default: 30,
    help: 'Minutes without a sign of life (output, commits, changed files, work of the processor) after which an agent is nudged, and ended when that helps nothing; 0: never.',
  },
  HARNESS_LOGS_MB: {
    home: 'host',
    type: 'limit',
    min: 1,
    max: 1_000_000,
    default: 2_000,
    help: 'Megabytes that the logs and transcripts of sessions may take together; those of the sessions that ended first go.',
  },
  HARNESS_SANDBOX: {
    home: 'host',
    type: 'choice',
    values: ['auto', 'bwrap', 'off'],
    default: 'auto',
    help: 'Run agents, set-up, verification and hooks in a sandbox of bubblewrap: auto: where that works, bwrap: always, off: never.',
  },
  HARNESS_SANDBOX_PATHS: {
    home: 'host',
    type: 'text',
    default: '',
    form: PLACES,
    help: 'Absolute paths that can also be read in the sandbox, separated by commas; with :rw behind one it can be written too.',
  },
  HARNESS_CACHES: {
    home: 'host',
    type: 'choice',
    values: ['private', 'shared'],
    default: 'private',
    help: 'Without a sandbox, where build tools and temporary files of agents, set-up, verification and hooks are: private: in directories of their worktree, so that no attempt can spoil what another builds with; shared: where they always are.',
  },
  HARNESS_AGENT_PLAN: AGENT_OF_STAGE,
  HARNESS_AGENT_PRD: AGENT_OF_STAGE,
  HARNESS_AGENT_DECOMPOSE: AGENT_OF_STAGE,
  HARNESS_AGENT_IMPL: AGENT_OF_STAGE,
  HARNESS_AGENT_REVIEW: AGENT_OF_STAGE,
  HARNESS_AGENT_JUDGE: AGENT_OF_STAGE,
  HARNESS_AGENT_REPLAN: AGENT_OF_STAGE,
  HARNESS_AGENT_TRIAGE: AGENT_OF_STAGE,
  HARNESS_AGENT_FIX: AGENT_OF_STAGE,
  HARNESS_AGENT_INJECT: AGENT_OF_STAGE,
  HARNESS_MODEL_PLAN: MODEL_OF_STAGE,
  HARNESS_MODEL_PRD: MODEL_OF_STAGE,
  HARNESS_MODEL_DECOMPOSE: MODEL_OF_STAGE,
  HARNESS_MODEL_IMPL: MODEL_OF_STAGE,
  HARNESS_MODEL_REVIEW: MODEL_OF_STAGE,
  HARNESS_MODEL_JUDGE: MODEL_OF_STAGE,
  HARNESS_MODEL_REPLAN: MODEL_OF_STAGE,
  HARNESS_MODEL_TRIAGE: MODEL_OF_STAGE,
  HARNESS_MODEL_FIX: MODEL_OF_STAGE,
  HARNESS_MODEL_INJECT: MODEL_OF_STAGE,
  HARNESS_EFFORT_PLAN: EFFORT_OF_STAGE,
  HARNESS_EFFORT_PRD: EFFORT_OF_STAGE,
  HARNESS_EFFORT_DECOMPOSE: EFFORT_OF_STAGE,
  HARNESS_EFFORT_IMPL: EFFORT_OF_STAGE,
  HARNESS_EFFORT_REVIEW: EFFORT_OF_STAGE,
  HARNESS_EFFORT_JUDGE: EFFORT_OF_STAGE,
  HARNESS_EFFORT_REPLAN: EFFORT_OF_STAGE,
  HARNESS_EFFORT_TRIAGE: EFFORT_OF_STAGE,
  HARNESS_EFFORT_FIX: EFFORT_OF_STAGE,
  HARNESS_EFFORT_INJECT: EFFORT_OF_STAGE,
  HARNESS_ARGS_PLAN: ARGS_OF_STAGE,
  HARNESS_ARGS_PRD: ARGS_OF_STAGE,
  HARNESS_ARGS_DECOMPOSE: ARGS_OF_STAGE,
  HARNESS_ARGS_IMPL: ARGS_OF_STAGE,
  HARNESS_ARGS_REVIEW: ARGS_OF_STAGE,
  HARNESS_ARGS_JUDGE: ARGS_OF_STAGE,
  HARNESS_ARGS_REPLAN: ARGS_OF_STAGE,
  HARNESS_ARGS_TRIAGE: ARGS_OF_STAGE,
  HARNESS_ARGS_FIX: ARGS_OF_STAGE,
  HARNESS_ARGS_INJECT: ARGS_OF_STAGE,
  HARNESS_AGENT_SIZE_SMALL: AGENT_OF_SIZE,
  HARNESS_AGENT_SIZE_MEDIUM: AGENT_OF_SIZE,
  HARNESS_AGENT_SIZE_LARGE: AGENT_OF_SIZE,
  HARNESS_MODEL_SIZE_SMALL: MODEL_OF_SIZE,
  HARNESS_MODEL_SIZE_MEDIUM: MODEL_OF_SIZE,
  HARNESS_MODEL_SIZE_LARGE: MODEL_OF_SIZE,
  HARNESS_EFFORT_SIZE_SMALL: EFFORT_OF_SIZE,
  HARNESS_EFFORT_SIZE_MEDIUM: EFFORT_OF_SIZE,
  HARNESS_EFFORT_SIZE_LARGE: EFFORT_OF_SIZE,
  HARNESS_ARGS_SIZE_SMALL: ARGS_OF_SIZE,
  HARNESS_ARGS_SIZE_MEDIUM: ARGS_OF_SIZE,
  HARNESS_ARGS_SIZE_LARGE: ARGS_OF_SIZE,
} as const satisfies Record<string, Rule> & Record<StageSetting, Rule>;

type StageSetting = `HARNESS_${'AGENT' | 'MODEL' | 'EFFORT' | 'ARGS'}_${StageKind}`;
