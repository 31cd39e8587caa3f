import { expect, test } from 'vitest';
import { renderSettings, type SettingFact } from '../../src/render/config.ts';

const aSetting = (facts: Partial<SettingFact>): SettingFact => ({
  name: 'HARNESS_MODE',
  value: 'prd',
  origin: 'file',
  where: '/home/amy/code/app/.harness/config:2',
  home: 'policy',
  ...facts,
});

const rows = (...settings: readonly SettingFact[]) =>
  renderSettings(settings, { projectDir: '/home/amy/code/app', color: false }).split('\n');

test('says where each value comes from, as seen from the project', () => {
  expect(rows(aSetting({}))).toContain('  HARNESS_MODE  .harness/config:2  prd');
  expect(rows(aSetting({ where: 'the environment' }))).toContain('  HARNESS_MODE  the environment  prd');
  expect(rows(aSetting({ where: null, origin: 'default' }))).toContain('  HARNESS_MODE  default  prd');
});

test('cuts no value, and lets none push away where another comes from', () => {
  const verify = 'npm run lint ;; '.repeat(20);
  const shown = rows(aSetting({}), aSetting({ name: 'HARNESS_VERIFY', value: verify }));
  expect(shown).toContain('  HARNESS_MODE    .harness/config:2  prd');
  expect(shown).toContain(`  HARNESS_VERIFY  .harness/config:2  ${verify.trim()}`);
});

test('shows a flag as it would be written', () => {
  expect(rows(aSetting({ name: 'HARNESS_CI_GATE', value: false }))[1]).toMatch(/ 0$/);
  expect(rows(aSetting({ name: 'HARNESS_AUTONOMOUS', value: true }))[1]).toMatch(/ true$/);
});
