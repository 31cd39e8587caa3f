import { parseSetting } from '../../core/parse-settings.ts';
import { SETTINGS, type SettingName } from '../../core/settings.ts';
import type { Checkout } from '../../ports.ts';
import { askRemote, askSetting } from './ask.ts';
import { guessCommands } from './guess.ts';
import { type Answer, currentValue, type SettingsFile } from './plan.ts';
import {
  ambiguousRemotes,
  type FoundRepository,
  knownRemotes,
  namedRepository,
  obviousRemote,
} from './repository.ts';

/** Flags that each answer for one setting. */
export const SETTING_FLAGS = {
  repo: 'HARNESS_REPO',
  mode: 'HARNESS_MODE',
  topology: 'HARNESS_TOPOLOGY',
  base: 'HARNESS_BASE',
  spec: 'HARNESS_SPEC',
  setup: 'HARNESS_SETUP',
  verify: 'HARNESS_VERIFY',
  labelReady: 'HARNESS_LABEL_READY',
  allowAuthors: 'HARNESS_AUTHOR_ALLOWLIST',
  agentCommand: 'HARNESS_AGENT_COMMAND',
  pool: 'HARNESS_POOL',
  cap: 'HARNESS_CAP',
  prefix: 'HARNESS_SESS_PREFIX',
  apiUrl: 'HARNESS_API_URL',
} as const satisfies Record<string, SettingName>;

type Flag = keyof typeof SETTING_FLAGS;

export type SettingFlags = { readonly [F in Flag]?: string | undefined };

/** What the answers are drawn from. */
export interface Findings {
  readonly flags: SettingFlags;
  readonly remote: string | undefined;
  readonly checkout: Checkout | null;
  readonly projectDir: string;
  readonly files: readonly SettingsFile[];
  /** A person is there to be asked. */
  readonly canAsk: boolean;
}

/** Asked in this order; the others have flags only. */
const QUESTIONS: readonly SettingName[] = [
  'HARNESS_REPO',
  'HARNESS_MODE',
  'HARNESS_SPEC',
  'HARNESS_SETUP',
  'HARNESS_VERIFY',
  'HARNESS_AGENT_COMMAND',
  'HARNESS_POOL',
  'HARNESS_CAP',
];

/**
 * All that is known of how the project should be set up: flags, guesses for what is not set yet, and what a
 * person says to both; null when the person gave up.
 */
export async function gatherAnswers(findings: Findings): Promise<readonly Answer[] | null> {
  const repository = await findRepository(findings);
  if (repository === null) return null;
  const flags = answersOfFlags(findings.flags, repository);
  const isOpen = (name: SettingName) =>
    flags.every(flag => flag.name !== name) && currentValue(findings.files, name) === undefined;
  const guesses = (await guess(findings.projectDir, repository)).filter(({ name }) => isOpen(name));
  const answers = [...flags, ...guesses];
  return findings.canAsk ? await askPerson(findings.files, answers) : answers;
}

async function askPerson(
  files: readonly SettingsFile[],
  known: readonly Answer[],
): Promise<readonly Answer[] | null> {
  const answers = new Map(known.map(answer => [answer.name, answer]));
  const proposalFor = (name: SettingName) =>
    answers.get(name)?.value ?? currentValue(files, name) ?? String(SETTINGS[name].default);
  for (const name of QUESTIONS) {
    if (answers.get(name)?.from === 'flag') continue;
    if (name === 'HARNESS_SPEC' && proposalFor('HARNESS_MODE') !== 'planned') continue;
    const because = answers.get(name)?.because ?? '';
    const value = await askSetting({ name, proposal: proposalFor(name), because });
    if (value === null) return null;
    answers.set(name, { name, value, from: 'person', because: '' });
  }
  return [...answers.values()];
}

async function findRepository(findings: Findings): Promise<FoundRepository | null> {
  const remotes = knownRemotes(findings.checkout);
  const named = findings.flags.repo ?? currentValue(findings.files, 'HARNESS_REPO');
  const owner = currentValue(findings.files, 'HARNESS_OWNER');
  if (named !== undefined) return namedRepository(named, { owner, remotes });
  const obvious = obviousRemote(remotes, findings.remote);
  if (obvious === null && !findings.canAsk) throw ambiguousRemotes(remotes);
  const remote = obvious ?? (await askRemote(remotes));
  return remote === null ? null : { ...remote, because: `remote ${remote.name}` };
}

/** Throws `config-invalid` for a value that the setting does not accept. */
function answersOfFlags(flags: SettingFlags, repository: FoundRepository): Answer[] {
  return (Object.entries(SETTING_FLAGS) as [Flag, SettingName][]).flatMap(([flag, name]) => {
    const given = flags[flag]?.trim();
    if (given === undefined) return [];
    const value = flag === 'repo' ? repository.repo : given;
    parseSetting(name, value);
    return [{ name, value, from: 'flag', because: '' }];
  });
}

async function guess(projectDir: string, repository: FoundRepository): Promise<Answer[]> {
  const commands = await guessCommands(projectDir);
  const because = commands?.because ?? '';
  const api = { value: repository.apiUrl, because: repository.because };
  const guesses = [
    { name: 'HARNESS_REPO', value: repository.repo, because: repository.because },
    { name: 'HARNESS_MODE', value: SETTINGS.HARNESS_MODE.default, because: '' },
    { name: 'HARNESS_SETUP', value: commands?.setup ?? '', because },
    { name: 'HARNESS_VERIFY', value: commands?.verify ?? '', because },
    { name: 'HARNESS_AGENT_COMMAND', value: '', because: '' },
    ...(api.value === SETTINGS.HARNESS_API_URL.default ? [] : [{ name: 'HARNESS_API_URL' as const, ...api }]),
  ] as const;
  return guesses.map(answer => ({ ...answer, from: 'guess' }));
}
