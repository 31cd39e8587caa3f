import { HarnessError } from '../errors.ts';
import { type Rule, SETTING_NAMES, SETTINGS, type SettingName, type Settings } from './settings.ts';

/**
 * The typed settings of a raw `KEY → text` map; keys that are absent or blank have their defaults.
 * Throws `config-invalid` for a value of the wrong type or out of range, and for a label with two meanings. Ignores
 * unknown keys: whoever reads them from a person reports them.
 */
export function parseSettings(raw: Readonly<Record<string, string>>): Settings {
  const parsed = SETTING_NAMES.map(name => [name, parseSetting(name, raw[name])] as const);
  const settings = Object.fromEntries(parsed) as unknown as Settings;
  refuseSharedLabels(settings);
  return settings;
}

const LABEL_NAMES = SETTING_NAMES.filter(name => name.startsWith('HARNESS_LABEL_')) as LabelSetting[];

type LabelSetting = Extract<SettingName, `HARNESS_LABEL_${string}`>;

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
