import { type Rule, SETTING_NAMES, SETTINGS, type SettingName } from '../core/settings.ts';

const SECTION = /(<!-- settings: (policy|host) -->\n)[\s\S]*?(<!-- end of settings -->)/g;

/** A document with the tables of settings between its `<!-- settings: policy|host -->` marks made anew. */
export function withSettingTables(document: string): string {
  return document.replace(SECTION, (_, begin: string, home: string, end: string) => {
    const names = SETTING_NAMES.filter(name => SETTINGS[name].home === home);
    return `${begin}${tableOf(names)}\n${end}`;
  });
}

function tableOf(names: readonly SettingName[]): string {
  const rows = names.map(
    name =>
      `| \`${name}\` | ${valuesOf(SETTINGS[name])} | ${defaultOf(SETTINGS[name])} | ${helpOf(SETTINGS[name])} |`,
  );
  return ['| Key | Values | Default | Meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function valuesOf(rule: Rule): string {
  switch (rule.type) {
    case 'text':
      return rule.form?.expected ?? 'text';
    case 'choice':
      return rule.values.map(value => `\`${value}\``).join(', ');
    case 'flag':
      return `\`${rule.on}\`, \`${rule.off}\``;
    case 'integer':
      return `${rule.min} to ${rule.max}`;
    case 'limit':
      return `${rule.min} to ${rule.max}, \`unlimited\``;
    default:
      return rule satisfies never;
  }
}

function defaultOf(rule: Rule): string {
  const value = rule.type === 'flag' ? (rule.default ? rule.on : rule.off) : textOf(rule.default);
  return value === '' ? '' : `\`${value}\``;
}

const textOf = (value: string | number) => (value === Number.POSITIVE_INFINITY ? 'unlimited' : String(value));

function helpOf(rule: Rule): string {
  const help = rule.help.replaceAll('|', '\\|').replaceAll('<', '&lt;');
  return rule.pending ? `${help} *Checked, but not used yet.*` : help;
}
