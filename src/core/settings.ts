import { HarnessError } from '../errors.ts';
import { AGENT_SETTINGS } from './agent-settings.ts';
import { BUDGET_SETTINGS } from './budget-settings.ts';
import {
  ADDRESS,
  BRANCH,
  EMAIL,
  type Form,
  LABEL,
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
  HARNESS_LABEL_READY: {
    home: 'policy',
    type: 'text',
    default: 'ready-for-agent',
    form: LABEL,
    help: 'Label of the issues that agents may take.',
  },
  HARNESS_LABEL_PRD: {
    home: 'policy',
    type: 'text',
    default: 'prd',
    form: LABEL,
    help: 'Label of a PRD issue.',
  },
  HARNESS_LABEL_WORKING: {
    home: 'policy',
    type: 'text',
    default: 'agent-working',
    form: LABEL,
    help: 'Label of an issue that is being worked on; it mirrors the lease.',
  },
  HARNESS_LABEL_BLOCKED: {
    home: 'policy',
    type: 'text',
    default: 'agent-blocked',
    form: LABEL,
    help: 'Label of an issue that waits for a person.',
  },
  HARNESS_LABEL_REVIEWED: {
    home: 'policy',
    type: 'text',
    default: 'reviewed',
    form: LABEL,
    help: 'Label of a PRD whose review is done.',
  },
  HARNESS_LABEL_COORD: {
    home: 'policy',
    type: 'text',
    default: 'coordination',
    form: LABEL,
    help: 'Label of issues that coordinate work over repositories.',
    pending: true,
  },
  HARNESS_LABEL_PAUSED: {
    home: 'policy',
    type: 'text',
    default: 'agent-paused',
    form: LABEL,
    help: 'Label of an issue whose work was checkpointed and waits to be resumed.',
  },
  HARNESS_LABEL_BUG: { home: 'policy', type: 'text', default: 'bug', form: LABEL, help: 'Label of a bug.' },
  HARNESS_LABEL_BUG_TRIAGED: {
    home: 'policy',
    type: 'text',
    default: 'bug-triaged',
    form: LABEL,
    help: 'Label of a bug that was triaged and can be fixed.',
  },
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
  HARNESS_SETUP: {
    home: 'policy',
    type: 'text',
    default: '',
    help: 'Shell command that prepares a fresh checkout (installs packages, say).',
  },
  HARNESS_VERIFY: {
    home: 'policy',
    type: 'text',
    default: '',
    help: 'Shell command that proves a change; exit status 0 means that it may land. Several are separated by ;; and each may begin with its time limit: 30s npm run lint ;; 20m npm test',
  },
  HARNESS_VERIFY_TIMEOUT: {
    home: 'policy',
    type: 'integer',
    min: 1,
    max: 86_400,
    default: 1_800,
    help: 'Seconds that HARNESS_SETUP and each step of HARNESS_VERIFY may take.',
  },
  HARNESS_VERIFY_REPORT: {
    home: 'policy',
    type: 'text',
    default: '',
    help: 'Files or folders, separated by commas, where HARNESS_VERIFY leaves reports of its tests (JUnit or TAP): on a base that fails by itself, they tell which failures are new.',
  },
  HARNESS_RED_FIRST: {
    home: 'policy',
    type: 'choice',
    values: ['warn', 'off'],
    default: 'warn',
    help: 'Whether tests that a change brings fail without the rest of it. warn: HARNESS_VERIFY is run to see, and the receipt says so; a fix of a bug whose test does not fail is refused. off: it is not looked at.',
  },
  HARNESS_UNVERIFIED: {
    home: 'policy',
    type: 'choice',
    values: ['hold', 'land'],
    default: 'hold',
    help: 'Without HARNESS_VERIFY. hold: a change lands once checks of GitHub passed or a person approved it; land: it lands on the other gates alone.',
  },
  HARNESS_CHECKS: {
    home: 'policy',
    type: 'choice',
    values: ['wait', 'require', 'off'],
    default: 'wait',
    help: 'Checks of GitHub on a pull request. wait: those that are reported must pass; require: some must be reported; off: they are not looked at.',
  },
  HARNESS_CHECKS_WAIT: {
    home: 'policy',
    type: 'integer',
    min: 0,
    max: 86_400,
    default: 120,
    help: 'Seconds that a pull request waits for its first check, where the base has checks or there are workflows.',
  },
  HARNESS_CI_ATTEMPTS: {
    home: 'policy',
    type: 'integer',
    min: 1,
    max: 100,
    default: 3,
    help: 'Attempts that may fail the checks of GitHub before the issue is held; its pull request stays open.',
  },
  HARNESS_REVIEW: {
    home: 'policy',
    type: 'choice',
    values: ['off', 'agent', 'human', 'both'],
    default: 'off',
    help: 'Who looks at a change before it lands. agent: a session of its own, with the agent of HARNESS_AGENT_REVIEW. human: a person who may write approves its head on GitHub, or with `harness approve`.',
  },
  HARNESS_REVIEW_ROUNDS: {
    home: 'policy',
    type: 'integer',
    min: 1,
    max: 20,
    default: 3,
    help: 'How often an agent may refuse the changes for an issue, or leave no verdict on one, until a person decides.',
  },
  HARNESS_PROTECT: {
    home: 'policy',
    type: 'text',
    default: '',
    help: 'Patterns of paths that agents must not change, besides the usual ones, separated by commas.',
  },
  HARNESS_UNPROTECT: {
    home: 'policy',
    type: 'text',
    default: '',
    help: 'Patterns of usually protected paths that agents may change, separated by commas.',
  },
  HARNESS_SECRETS_ALLOW: {
    home: 'policy',
    type: 'text',
    default: '',
    help: "Patterns of paths that may hold what looks like a secret (test fixtures, say), separated by commas. This host's own tokens stop a change there, too.",
  },
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

const LABEL_NAMES = SETTING_NAMES.filter(name => name.startsWith('HARNESS_LABEL_')) as LabelSetting[];

type LabelSetting = Extract<SettingName, `HARNESS_LABEL_${string}`>;

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(SETTINGS, name);
}

/**
 * The typed settings of a raw `KEY → text` map; keys that are absent or blank have their defaults.
 * Throws `config-invalid` for a value of the wrong type or out of range, and for a label with two meanings. Ignores unknown keys: whoever
 * reads them from a person reports them.
 */
export function parseSettings(raw: Readonly<Record<string, string>>): Settings {
  const parsed = SETTING_NAMES.map(name => [name, parseSetting(name, raw[name])] as const);
  const settings = Object.fromEntries(parsed) as unknown as Settings;
  refuseSharedLabels(settings);
  return settings;
}

/** One label for two purposes would make an issue both at once. GitHub's labels differ by more than case. */
function refuseSharedLabels(settings: Settings): void {
  const users = new Map<string, SettingName>();
  for (const name of LABEL_NAMES) {
    const label = settings[name].toLowerCase();
    const other = users.get(label);
    if (other !== undefined) {
      throw new HarnessError(
        'config-invalid',
        `${other} and ${name} name the same label, ${JSON.stringify(settings[name])}.`,
      );
    }
    users.set(label, name);
  }
}

/** One setting's value. Throws `config-invalid`. */
export function parseSetting(name: SettingName, text: string | undefined): string | number | boolean {
  const rule: Rule = SETTINGS[name];
  const value = text?.trim() ?? '';
  if (value === '') return rule.default;
  switch (rule.type) {
    case 'text':
      if (rule.form === undefined || rule.form.pattern.test(value)) return value;
      throw wrong(name, value, rule.form.expected);
    case 'choice':
      if (rule.values.includes(value)) return value;
      throw wrong(name, value, `one of ${rule.values.join(', ')}`);
    case 'flag':
      if (value === rule.on) return true;
      if (value === rule.off) return false;
      throw wrong(name, value, `${rule.on} or ${rule.off}`);
    case 'integer': {
      const number = Number(value);
      if (/^\d+$/.test(value) && number >= rule.min && number <= rule.max) return number;
      throw wrong(name, value, `a whole number from ${rule.min} to ${rule.max}`);
    }
    case 'limit': {
      if (value === 'unlimited') return Number.POSITIVE_INFINITY;
      const number = Number(value);
      if (/^\d+(?:\.\d+)?$/.test(value) && number >= rule.min && number <= rule.max) return number;
      throw wrong(name, value, `a number from ${rule.min} to ${rule.max}, or unlimited`);
    }
    default:
      return rule satisfies never;
  }
}

const wrong = (name: string, value: string, expected: string) =>
  new HarnessError('config-invalid', `${name}: expected ${expected}, got ${JSON.stringify(value)}.`);
