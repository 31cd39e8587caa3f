import { parseSetting } from '../../core/parse-settings.ts';
import { type Rule, SETTINGS, type SettingName } from '../../core/settings.ts';
import { messageOf } from '../../errors.ts';
import { parseRepository } from './remote.ts';
import type { KnownRemote } from './repository.ts';

/** One setting to ask a person for. */
export interface Question {
  readonly name: SettingName;
  /** What Enter alone answers. */
  readonly proposal: string;
  /** What the proposal rests on; empty when there is nothing to say. */
  readonly because: string;
}

/** Asks at the terminal; null when the person gave up (Ctrl-C, Escape). */
export async function askSetting({ name, proposal, because }: Question): Promise<string | null> {
  const { isCancel, select, text } = await import('@clack/prompts');
  const rule: Rule = SETTINGS[name];
  const message = `${rule.help}${because === '' ? '' : ` (found: ${because})`}`;
  const answer =
    rule.type === 'choice'
      ? await select({ message, initialValue: proposal, options: rule.values.map(value => ({ value })) })
      : await text({ message, initialValue: proposal, validate: value => problemOf(name, value ?? '') });
  return isCancel(answer) ? null : (answer ?? '').trim();
}

function problemOf(name: SettingName, value: string): string | undefined {
  if (name === 'HARNESS_REPO' && parseRepository(value.trim()) === null) return 'Expected owner/name.';
  try {
    parseSetting(name, value);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** Asks which of several remotes is meant; null when the person gave up. */
export async function askRemote(remotes: readonly KnownRemote[]): Promise<KnownRemote | null> {
  const { isCancel, select } = await import('@clack/prompts');
  const answer = await select({
    message: 'Which remote holds the issues to work on?',
    options: remotes.map(remote => ({ value: remote, label: `${remote.name} (${remote.repo})` })),
  });
  return isCancel(answer) ? null : answer;
}
