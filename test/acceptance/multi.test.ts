import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { aTown, type Fleet, type Town, until } from './fleet.ts';

const HOUSES = ['app', 'lib', 'web'] as const;
type House = (typeof HOUSES)[number];

it('drives several repositories: blockers over their borders, and units that wait for others', async () => {
  const town = await aTown();
  for (const name of ['lib', 'web'] as const) await addRepository(town, name);
  const fleet = await town.fleet('one', { HARNESS_TOPOLOGY: 'multi', HARNESS_POOL: '3' });
  writeTargets(fleet, ['# the fleet', 'lib\tacme/lib', 'app\tacme/app\t-', 'web\tacme/web\tapp\tThe site.']);

  const lib = fileIssue(town, 'lib', 'first');
  const app = fileIssue(town, 'app', 'second', `acme/lib#${lib}`);
  const late = fileIssue(town, 'lib', 'third', `acme/app#${app}`);
  const web = fileIssue(town, 'web', 'last');
  const all = [
    ['lib', lib],
    ['app', app],
    ['lib', late],
    ['web', web],
  ] as const;

  const started = await fleet.harness('start');
  expect(started.err).toBe('');
  expect(started.out).toContain('3 workers on acme/lib, acme/app, acme/web as bot.');
  await until('all are closed', 60_000, async () =>
    (await Promise.all(all.map(one => closedAt(town, one)))).every(at => at > 0),
  );
  expect((await fleet.harness('stop')).exit).toBe(0);

  for (const [earlier, later] of [
    [all[0], all[1]],
    [all[1], all[2]],
    [all[1], all[3]],
  ] as const) {
    expect(await openedAt(town, later)).toBeGreaterThanOrEqual(await closedAt(town, earlier));
  }
  const status = JSON.parse((await fleet.harness('status', '--json')).out);
  expect(status.repos.map((row: { repo: string }) => row.repo)).toEqual(['acme/lib', 'acme/app', 'acme/web']);
  expect(status.decision.units.map((unit: { complete: boolean }) => unit.complete)).toEqual([
    true,
    true,
    true,
  ]);
}, 240_000);

it('files what belongs to another repository there, and ends the PRD after it', async () => {
  const town = await aTown();
  await addRepository(town, 'lib');
  const agent = path.join(import.meta.dirname, 'agents/stages.mjs');
  const fleet = await town.fleet('one', {
    ...{ HARNESS_TOPOLOGY: 'multi', HARNESS_MODE: 'prd', HARNESS_VERIFY: 'true' },
    HARNESS_AGENT_COMMAND: `"${process.execPath}" "${agent}"`,
  });
  writeTargets(fleet, ['app\tacme/app', 'lib\tacme/lib\t-\tAll that is noted.']);
  const prd = town.forge.addIssue({
    repo: 'acme/app',
    title: 'Two files',
    body: 'Its notes belong to lib.\n\n## Acceptance criteria\n\n1. There is a file work/one\n2. There is a file work/two\n',
    labels: ['prd'],
    author: 'bot',
  });
  const prompt = await fleet.harness('prompt', 'decompose', `acme/app#${prd}`);
  expect(prompt.out).toContain('lib (acme/lib): All that is noted.');
  await fleet.harness('start');
  await town.untilClosed([prd], 90_000);
  await fleet.harness('stop');
  const [note] = await read<readonly Filed[]>(town, 'acme/lib/issues?state=all&direction=asc');
  const [, one] = (await read<readonly Filed[]>(town, 'acme/app/issues?state=all&direction=asc')).filter(
    ({ pull_request: pull }) => !pull,
  );
  expect(note).toMatchObject({ number: 1, title: 'Note work/one', state: 'closed' });
  expect(note?.body).toContain(`Wanted by acme/app#${prd}.`);
  expect(one).toMatchObject({ title: 'Write work/one', state: 'closed' });
  expect(one?.body).toContain('## Blocked by\n\n- acme/lib#1');
  expect(await openedAt(town, ['app', one?.number ?? 0])).toBeGreaterThanOrEqual(
    await closedAt(town, ['lib', 1]),
  );
}, 240_000);

interface Filed {
  readonly number: number;
  readonly title: string;
  readonly state: string;
  readonly body: string;
  readonly pull_request?: object;
}

it('says what is wrong with the list of repositories, and starts nothing', async () => {
  const town = await aTown();
  const fleet = await town.fleet('one', { HARNESS_TOPOLOGY: 'multi' });
  expect(await fleet.harness('start')).toMatchObject({
    exit: 2,
    err: expect.stringMatching(/targets\.tsv: no repositories are listed\.\nWrite a line for each/),
  });
  for (const [lines, problem] of [
    [
      ['app acme/app'],
      /targets\.tsv:1: no repository in the second column\. Are there blanks where tabs belong/,
    ],
    [['a\tacme/app\tb'], /target a: there is no unit "b" to depend on/],
    [['a\tacme/app\tb', 'b\tacme/lib\ta'], /a, b depend on each other in a circle/],
    [['a\tacme/app', 'a\tacme/lib'], /target a: the id is used twice/],
    [['-x\tacme/app'], /targets\.tsv:1: "-x" can't be an id/],
  ] as const) {
    writeTargets(fleet, lines);
    expect(await fleet.harness('status')).toMatchObject({ exit: 2, err: expect.stringMatching(problem) });
  }
  writeTargets(fleet, ['app\tacme/app', 'gone\tacme/gone']);
  const refused = await fleet.harness('start');
  expect(refused).toMatchObject({ exit: 4, err: expect.stringContaining('acme/gone does not exist') });
  writeTargets(fleet, ['app\tacme/app', 'other\tacme/other']);
  await addRepository(town, 'other');
  expect((await fleet.harness('prompt', 'prd')).err).toContain('Name one with --unit: app, other.');
  const nothing = await fleet.harness('prompt', 'prd', '--unit', 'other');
  expect(nothing).toMatchObject({ exit: 2, err: expect.stringContaining('nothing for PRD to work on') });
  expect((await fleet.harness('retry', '7')).err).toContain('#7 could be any of acme/app#7, acme/other#7.');
});

it('makes the repositories ready, and creates missing ones only when it is told to', async () => {
  const town = await aTown();
  const fleet = await town.fleet('one', { HARNESS_TOPOLOGY: 'multi' });
  writeTargets(fleet, ['app\tacme/app', 'new\tbot/new\tapp\tA new one.']);
  const refused = await fleet.harness('setup');
  expect(refused).toMatchObject({ exit: 4, out: expect.stringContaining('bot/new does not exist') });
  const planned = await fleet.harness('setup', '--create', '--dry-run');
  expect(planned.out).toMatch(
    /bot\/new +would be ready: created; labels ready-for-agent, .*Nothing was changed\./s,
  );
  expect((await fleet.harness('setup', '--create')).out).toMatch(
    /acme\/app +ready\nbot\/new +ready: created; labels /,
  );
  expect(await read(town, 'bot/new')).toMatchObject({ private: true, description: 'A new one.' });
  const again = JSON.parse((await fleet.harness('setup', '--create', '--json')).out);
  const ready = { created: false, labels: [], problems: [] };
  expect(again).toEqual([
    { repo: 'acme/app', ...ready },
    { repo: 'bot/new', ...ready },
  ]);
  expect(town.git('for-each-ref', 'refs/harness')).toBe('');
});

const addRepository = (town: Town, name: string) =>
  town.forge.addRepository({
    owner: 'acme',
    name,
    files: { 'README.md': `# ${name}\n` },
    roles: { bot: 'admin' },
  });

const writeTargets = (fleet: Fleet, lines: readonly string[]) =>
  writeFileSync(path.join(fleet.dir, '.harness/targets.tsv'), `${lines.join('\n')}\n`);

const fileIssue = (town: Town, house: House, title: string, after?: string) =>
  town.forge.addIssue({
    repo: `acme/${house}`,
    title,
    body: after === undefined ? 'Do it.' : `Do it.\n\n## Blocked by\n\n- ${after}\n`,
    labels: ['ready-for-agent'],
    author: 'bot',
  });

/** When an issue was closed, in milliseconds since the epoch; 0 while it is open. */
async function closedAt(town: Town, [house, issue]: readonly [House, number]): Promise<number> {
  const { closed_at: at } = await read<{ closed_at: string | null }>(town, `acme/${house}/issues/${issue}`);
  return at === null ? 0 : Date.parse(at);
}

/** When the pull request of an issue was opened. */
async function openedAt(town: Town, [house, issue]: readonly [House, number]): Promise<number> {
  const route = `acme/${house}/pulls?state=all&head=acme:issue/${issue}`;
  const [pull] = await read<readonly { created_at: string }[]>(town, route);
  return Date.parse(pull?.created_at ?? '');
}

async function read<T>({ forge, token }: Town, route: string): Promise<T> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${forge.apiUrl}/repos/${route}`, { headers });
  return (await response.json()) as T;
}
