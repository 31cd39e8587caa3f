import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { aTown, REPO, type Town, until } from './fleet.ts';

const AGENT = path.join(import.meta.dirname, 'agents/stages.mjs');

interface Row {
  readonly number: number;
  readonly title: string;
  readonly state: string;
  readonly closed_at: string | null;
  readonly labels: readonly { readonly name: string }[];
  readonly pull_request?: object;
}

it('plans and builds three repositories in a chain, each from its own page, and fixes a bug first that comes meanwhile', async () => {
  const town = await aTown({ 'README.md': '# app\n', 'SPEC.md': 'Spec: one stream app.\n' });
  const specs = { lib: 'Spec: one stream lib.\n', web: `Spec: one stream web, after ${REPO}#1.\n` };
  for (const [name, spec] of Object.entries(specs)) {
    await town.forge.addRepository({
      owner: 'acme',
      name,
      files: { 'README.md': `# ${name}\n`, 'SPEC.md': spec },
      roles: { bot: 'admin' },
    });
  }
  const first = town.issue('Prepare');
  const fleet = await town.fleet('one', {
    ...{ HARNESS_TOPOLOGY: 'multi', HARNESS_MODE: 'planned', HARNESS_SPEC: 'SPEC.md', HARNESS_POOL: '3' },
    HARNESS_AGENT_COMMAND: `"${process.execPath}" "${AGENT}"`,
    HARNESS_VERIFY: 'test ! -e test/fix.sh || sh test/fix.sh',
  });
  // `app` begins when `lib` is complete; one PRD of `web` waits for an issue of `app`.
  const targets = 'lib\tacme/lib\napp\tacme/app\tlib\nweb\tacme/web\n';
  writeFileSync(path.join(fleet.dir, '.harness/targets.tsv'), targets);
  const started = await fleet.harness('start');
  expect(started).toMatchObject({ exit: 0, err: '' });
  await until('the PRDs of web are filed', 120_000, async () => (await issuesOf(town, 'web')).length > 0);
  const bug = town.forge.addIssue({
    repo: 'acme/web',
    title: 'It is wrong',
    body: 'Look!',
    labels: ['bug'],
    author: 'bot',
  });
  await until('all plans are archived', 240_000, () =>
    ['lib', 'app', 'web'].every(name => isPlanArchived(town, name)),
  );
  await until('all units are complete', 60_000, async () => {
    const { decision } = JSON.parse((await fleet.harness('status', '--json')).out);
    return decision.units.every((unit: { complete: boolean }) => unit.complete);
  });
  await fleet.harness('stop');

  const [lib, app, web] = await Promise.all(['lib', 'app', 'web'].map(name => issuesOf(town, name)));
  const titles = (rows: readonly Row[] | undefined) => rows?.map(({ title, state }) => `${title}: ${state}`);
  expect(titles(lib)).toEqual(['Stream lib: closed', 'Write work/lib: closed']);
  expect(titles(app)).toEqual(['Prepare: closed', 'Stream app: closed', 'Write work/app: closed']);
  expect(titles(web)?.sort()).toEqual([
    'It is wrong: closed',
    'Stream web-late: closed',
    'Stream web: closed',
    'Write work/web-late: closed',
    'Write work/web: closed',
  ]);
  const closedAt = (rows: readonly Row[] | undefined, title: string) =>
    Date.parse(rows?.find(row => row.title === title)?.closed_at ?? '');
  expect(closedAt(app, 'Prepare')).toBeGreaterThanOrEqual(closedAt(lib, 'Stream lib'));
  expect(closedAt(web, 'Write work/web-late')).toBeGreaterThanOrEqual(closedAt(app, 'Prepare'));
  expect(closedAt(web, 'It is wrong')).toBeLessThanOrEqual(closedAt(web, 'Write work/web-late'));
  expect(web?.find(({ number }) => number === bug)?.labels.map(({ name }) => name)).toContain('bug-triaged');
  expect(first).toBe(1);
}, 420_000);

function isPlanArchived({ root }: Town, name: string): boolean {
  const bare = path.join(root, 'forge/git/acme', `${name}.git`);
  const args = ['-C', bare, 'ls-tree', '--name-only', 'HEAD', 'docs/harness/archive/'];
  return execFileSync('git', args, { encoding: 'utf8' }) !== '';
}

async function issuesOf({ forge, token }: Town, name: string): Promise<readonly Row[]> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${forge.apiUrl}/repos/acme/${name}/issues?state=all&direction=asc`, {
    headers,
  });
  return ((await response.json()) as readonly Row[]).filter(row => !row.pull_request);
}
