import { relative } from 'node:path';
import type { ProjectPaths } from '../../config.ts';
import { SETTINGS, type SettingName } from '../../core/settings.ts';
import type { Invocation } from '../../invocation.ts';
import type { Checkout } from '../../ports.ts';
import type { PlannedIgnoreList } from './ignore.ts';
import { type Answer, currentValue, type PlannedFile } from './plan.ts';

/** What `init` did and what comes next; the output of `harness init --json`. */
export interface InitReport {
  readonly projectDir: string;
  readonly repo: string;
  readonly mode: string;
  readonly apiUrl: string;
  /** Files that were written, with the settings that are new or different in them. */
  readonly written: readonly { readonly path: string; readonly settings: readonly SettingName[] }[];
  /** Settings that were guessed, and what from. */
  readonly guesses: readonly {
    readonly name: SettingName;
    readonly value: string;
    readonly because: string;
  }[];
  readonly warnings: readonly string[];
  readonly next: readonly string[];
}

/** Puts the report together once everything is written. */
export function reportInit(done: {
  readonly paths: ProjectPaths;
  readonly planned: readonly PlannedFile[];
  readonly answers: readonly Answer[];
  readonly ignoreList: PlannedIgnoreList | null;
  readonly problems: readonly string[];
  readonly checkout: Checkout | null;
  readonly env: Invocation['env'];
}): InitReport {
  const { paths, planned, answers, ignoreList } = done;
  const value = (name: SettingName) => currentValue(planned, name) ?? String(SETTINGS[name].default);
  const pathOf = (path: string) => relative(paths.projectDir, path);
  const changed = new Set(planned.flatMap(file => file.changed));
  const isConfigIgnored = done.checkout?.ignored.includes(pathOf(paths.configFile)) ?? false;
  return {
    projectDir: paths.projectDir,
    repo: value('HARNESS_REPO'),
    mode: value('HARNESS_MODE'),
    apiUrl: value('HARNESS_API_URL'),
    written: [
      ...(ignoreList === null ? [] : [{ path: pathOf(ignoreList.path), settings: [] }]),
      ...planned
        .filter(file => file.changed.length > 0)
        .map(file => ({ path: pathOf(file.path), settings: file.changed })),
    ],
    guesses: answers
      .filter(answer => answer.from === 'guess' && answer.because !== '' && changed.has(answer.name))
      .map(({ name, value, because }) => ({ name, value, because })),
    warnings: [
      ...planned.flatMap(file => file.warnings),
      ...done.problems,
      ...(isConfigIgnored
        ? ['git ignores .harness/config here, so other hosts will not see the policy.']
        : []),
    ],
    next: nextSteps({ value, isConfigIgnored, env: done.env }),
  };
}

function nextSteps(state: {
  readonly value: (name: SettingName) => string;
  readonly isConfigIgnored: boolean;
  readonly env: Invocation['env'];
}): readonly string[] {
  const { value } = state;
  return [
    ...agentSteps(value, state.env),
    ...(value('HARNESS_VERIFY') === ''
      ? ['Name the command that proves a change: HARNESS_VERIFY in .harness/config.']
      : []),
    ...(value('HARNESS_TOPOLOGY') === 'multi' ? ['List the repositories in .harness/targets.tsv.'] : []),
    ...(state.isConfigIgnored ? [] : ['Commit .harness/config if you have not, so that hosts agree.']),
    `Label an issue ${value('HARNESS_LABEL_READY')}, then run \`harness start\`.`,
  ];
}

/** What the agent still needs: each session has a configuration of its own, without the user's login. */
function agentSteps(value: (name: SettingName) => string, env: Invocation['env']): readonly string[] {
  const has = (...names: readonly string[]) => names.some(name => env[name]);
  if (value('HARNESS_AGENT_COMMAND') !== '') return [];
  switch (value('HARNESS_AGENT')) {
    case 'command':
      return ['Name your agent: HARNESS_AGENT_COMMAND in .harness/config.local.'];
    case 'codex':
      return has('CODEX_API_KEY', 'OPENAI_API_KEY')
        ? []
        : ['Log Codex in: set CODEX_API_KEY or OPENAI_API_KEY where `harness start` runs.'];
    default:
      return has('ANTHROPIC_API_KEY', 'CLAUDE_CODE_OAUTH_TOKEN', 'ANTHROPIC_AUTH_TOKEN')
        ? []
        : [
            'Log Claude Code in: set ANTHROPIC_API_KEY, or CLAUDE_CODE_OAUTH_TOKEN to what `claude setup-token` prints, where `harness start` runs. Another agent: HARNESS_AGENT in .harness/config.local.',
          ];
  }
}

/** The report for people. */
export function describeReport(report: InitReport): string {
  const files = report.written.map(({ path, settings }) => `  wrote ${[path, ...settings].join(' ')}`);
  const guesses = report.guesses.map(({ name, value, because }) => `  guessed ${name}=${value} (${because})`);
  return [
    `${report.repo} in ${report.projectDir}, mode ${report.mode}`,
    ...(files.length === 0 ? ['  nothing to change'] : files),
    ...guesses,
    ...report.warnings.map(warning => `  warning: ${warning}`),
    '',
    'Next:',
    ...report.next.map(step => `  - ${step}`),
    '',
  ].join('\n');
}
