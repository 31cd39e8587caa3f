import { AGENT_SETTINGS } from './agent-settings.ts';
import { BUDGET_SETTINGS } from './budget-settings.ts';
import { LABEL_SETTINGS } from './label-settings.ts';
import { LANDING_SETTINGS } from './landing-settings.ts';
import {
  ADDRESS,
  BRANCH,
  EMAIL,
  type Form,
  LOGINS,
  OWNER,
  PATH,
  REPOSITORY,
  VARIABLES,
} from './setting-forms.ts';

/** Where a setting belongs: shared by every host of a repository, or a matter of this host alone. */
type Home = 'policy' | 'host';

/** What one setting accepts. */
export type Rule = { readonly home: Home; readonly help: string; readonly pending?: true } & (
  | { readonly type: 'text'; readonly default: string; readonly form?: Form }
  | { readonly type: 'choice'; readonly values: readonly string[]; readonly default: string }
  | { readonly type: 'integer'; readonly min: number; readonly max: number; readonly default: number }
  /** A number, or the word `unlimited`, which is infinite. */
  | {
      readonly type: 'limit';
      readonly min: number;
      readonly max: number;
      readonly default: number;
    }
  | { readonly type: 'flag'; readonly on: string; readonly off: string; readonly default: boolean }
);

/**
 * Every setting: the only source of names, types, defaults, ranges and help texts. `docs/configuration.md`
 * is generated from it. `pending` marks a key that is validated but that no code acts on yet.
 */
export const SETTINGS = {
  HARNESS_MODE: {
    home: 'policy',
    type: 'choice',
    values: ['issue-only', 'prd', 'planned'],
    default: 'issue-only',
    help: 'Which stages run: issue-only (IMPL), prd (DECOMPOSE, IMPL, REVIEW) or planned (PLAN and PRD first).',
  },
  HARNESS_TOPOLOGY: {
    home: 'policy',
    type: 'choice',
    values: ['single', 'multi'],
    default: 'single',
    help: 'One repository (single), or the rows of .harness/targets.tsv (multi).',
  },
  HARNESS_OWNER: {
    home: 'policy',
    type: 'text',
    default: '',
    form: OWNER,
    help: 'Owner that a repository named without one belongs to.',
  },
  HARNESS_REPO: {
    home: 'policy',
    type: 'text',
    default: '',
    form: REPOSITORY,
    help: 'The repository to work on, owner/name.',
  },
  HARNESS_BASE: {
    home: 'policy',
    type: 'text',
    default: '',
    form: BRANCH,
    help: "Branch that work starts from and lands on; empty means the repository's default branch.",
  },
  HARNESS_SPEC: {
    home: 'policy',
    type: 'text',
    default: '',
    form: PATH,
    help: 'Path of the specification in the repository (planned mode).',
  },
  HARNESS_MAX_ISSUES: {
    home: 'policy',
    type: 'integer',
    min: 1,
    max: 100,
    default: 30,
    help: 'Issues that one proposal of a stage may create; a proposal with more is refused.',
  },
  HARNESS_PROPOSALS: {
    home: 'policy',
    type: 'choice',
    values: ['apply', 'hold'],
    default: 'apply',
    help: 'What becomes of a sound proposal that files issues (PRDs, the issues of a PRD, the gaps of a review). apply: it is made real at once; hold: it is shown, and waits until a person says `harness approve`, or what is to be different with `harness answer`.',
  },
  HARNESS_AUTONOMOUS: {
    home: 'policy',
    type: 'flag',
    on: 'true',
    off: 'false',
    default: true,
    help: 'true: the fleet settles questions itself; false: agent-blocked issues wait for a person.',
  },
  HARNESS_POOL: {
    home: 'host',
    type: 'integer',
    min: 1,
    max: 64,
    default: 3,
    help: 'Resident workers on this host.',
  },
  HARNESS_CAP: {
    home: 'host',
    type: 'integer',
    min: 1,
    max: 1_000_000,
    default: 3,
    help: 'Agent sessions at a time, per unit.',
  },
  HARNESS_POLL: {
    home: 'host',
    type: 'integer',
    min: 1,
    max: 86_400,
    default: 300,
    help: 'Longest time between two looks at GitHub, in seconds.',
  },
  HARNESS_PRIORITY_POLL: {
    home: 'host',
    type: 'integer',
    min: 1,
    max: 86_400,
    default: 60,
    help: 'Longest time between two looks at GitHub for the bug lane, in seconds.',
  },
  HARNESS_SESS_PREFIX: {
    home: 'host',
    type: 'text',
    default: '',
    help: 'Prefix of the tmux session names; empty means the name of the project directory.',
  },
  HARNESS_PREFIX_COLLISION: {
    home: 'host',
    type: 'choice',
    values: ['refuse', 'warn'],
    default: 'refuse',
    help: 'What start does when another fleet on this host uses the same session prefix.',
  },
  ...LABEL_SETTINGS,
  HARNESS_AUTHOR_ALLOWLIST: {
    home: 'policy',
    type: 'text',
    default: '',
    form: LOGINS,
    help: 'Logins whose issues count besides your own, separated by commas; * means anybody.',
  },
  HARNESS_USE_POLLER: {
    home: 'host',
    type: 'flag',
    on: '1',
    off: '0',
    default: true,
    help: 'Share snapshots between all fleets of this host; 0 makes this fleet read for itself.',
  },
  HARNESS_CHECKPOINT: {
    home: 'host',
    type: 'integer',
    min: 0,
    max: 86_400,
    default: 300,
    help: 'Seconds after which what a live agent has done since is saved on GitHub, with the next sign of life; 0 saves it only at the end.',
  },
  HARNESS_PAUSE_GRACE: {
    home: 'host',
    type: 'integer',
    min: 0,
    max: 86_400,
    default: 300,
    help: 'Seconds that live sessions get to finish when the fleet stops or is paused by force.',
  },
  ...LANDING_SETTINGS,
  HARNESS_PASS_ENV: {
    home: 'policy',
    type: 'text',
    default: '',
    form: VARIABLES,
    help: 'Names of environment variables that agents, setup and verify get, separated by commas.',
  },
  HARNESS_HOST_CAPABILITIES: {
    home: 'host',
    type: 'text',
    default: '',
    help: 'What this host can do, separated by commas; needs:<capability> labels ask for it.',
  },
  HARNESS_WORKTREE_HOOK: {
    home: 'policy',
    type: 'text',
    default: '',
    help: 'Shell command run in each new worktree after HARNESS_SETUP.',
  },
  HARNESS_CI_GATE: {
    home: 'policy',
    type: 'flag',
    on: '1',
    off: '0',
    default: true,
    help: 'Start no new work in the pool while the default branch is red.',
  },
  HARNESS_GAUNTLET_ROUNDS: {
    home: 'policy',
    type: 'integer',
    min: 1,
    max: 20,
    default: 3,
    help: 'Rounds of comparison with the reference that a PRD names as its quality bar; one that loses them all concedes.',
  },
  HARNESS_MERGE: {
    home: 'policy',
    type: 'choice',
    values: ['squash', 'merge', 'rebase', 'ff'],
    default: 'squash',
    help: 'How a change reaches its base. squash, merge, rebase: as GitHub merges pull requests. ff: the very commit that was verified is pushed, together with the lease; its pull request is then merged by itself. Where the branch has a merge queue, that merges in its own way.',
  },
  ...AGENT_SETTINGS,
  ...BUDGET_SETTINGS,
  HARNESS_BACKOFF: {
    home: 'policy',
    type: 'integer',
    min: 0,
    max: 86_400,
    default: 30,
    help: 'Seconds before the second attempt on an issue; doubles with every further failure.',
  },
  HARNESS_LEASE_TTL: {
    home: 'policy',
    type: 'integer',
    min: 5,
    max: 3_600,
    default: 300,
    help: 'Seconds without a sign of life after which another fleet may take over a lease.',
  },
  HARNESS_API_URL: {
    home: 'host',
    type: 'text',
    default: 'https://api.github.com',
    form: ADDRESS,
    help: 'Address of the GitHub API (GitHub Enterprise: https://HOST/api/v3).',
  },
  HARNESS_AUTHOR_NAME: {
    home: 'host',
    type: 'text',
    default: '',
    help: "Author of the agents' commits; empty means the login.",
  },
  HARNESS_AUTHOR_EMAIL: {
    home: 'host',
    type: 'text',
    default: '',
    form: EMAIL,
    help: "E-mail address of the agents' commits; empty means the login's noreply address.",
  },
} as const satisfies Record<string, Rule>;

export type SettingName = keyof typeof SETTINGS;

type ValueOf<R> = R extends { type: 'integer' | 'limit' }
  ? number
  : R extends { type: 'flag' }
    ? boolean
    : R extends { type: 'choice'; values: readonly (infer V)[] }
      ? V
      : string;

/** All settings, validated, under their own names. */
export type Settings = { readonly [N in SettingName]: ValueOf<(typeof SETTINGS)[N]> };

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(SETTINGS, name);
}
