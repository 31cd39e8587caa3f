import path from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';

const PROGRAM = path.resolve(import.meta.dirname, '../../bin/harness');

const aWorld = (issues: readonly object[]) =>
  JSON.stringify({
    version: 1,
    login: 'me',
    config: { HARNESS_REPO: 'acme/app' },
    repos: { 'acme/app': { issues } },
  });

it('waits for a world whose writer needs longer to start than its reader', async () => {
  const script = `{ "$0" --version && "$0" --version && echo "$1"; } | sed 1,2d | "$0" decide --world - --json`;
  const ran = await execa('sh', ['-c', script, PROGRAM, aWorld([])]);
  expect(JSON.parse(ran.stdout)).toMatchObject({ actions: [], units: [{ id: 'main' }] });
});

it.each([['decide'], ['explain']])('cuts nothing of what %s tells another program', async command => {
  const blockers = Array.from({ length: 8 }, (_none, index) => `acme/elsewhere#${index + 100}`);
  const body = `## Blocked by\n${blockers.join('\n')}`;
  const input = aWorld([{ number: 5, labels: ['ready-for-agent'], author: 'me', body }]);
  const { stdout } = await execa(PROGRAM, [command, '--world', '-'], { input });
  expect(stdout).toContain(`waits for ${blockers.map(name => `${name} (unknown)`).join(', ')}`);
});
