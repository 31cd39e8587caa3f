import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { aTown, type Fleet, ONE_WORKER, REPO, type Town, until } from './fleet.ts';

/** Commits a policy to the default branch, as a person would. */
const commitPolicy = (town: Town, fleet: Fleet, text: string) =>
  commit(town, fleet, { '.harness/config': text });

async function commit(town: Town, fleet: Fleet, files: Readonly<Record<string, string>>): Promise<void> {
  const dir = mkdtempSync(path.join(town.root, 'policy-'));
  const git = (...args: string[]) => execa('git', ['-C', dir, ...args], { env: fleet.env, extendEnv: false });
  await git(
    'clone',
    '--quiet',
    `http://bot:${fleet.env.HARNESS_TOKEN}@127.0.0.1:${town.forge.port}/${REPO}.git`,
    '.',
  );
  mkdirSync(path.join(dir, '.harness'), { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(dir, file), text);
  await git('add', '.');
  await git(
    '-c',
    'user.name=Ann',
    '-c',
    'user.email=ann@example.com',
    'commit',
    '--quiet',
    '-m',
    'Set the policy',
  );
  await git('push', '--quiet');
}

it('takes the policy from the default branch where it is committed there', async () => {
  const town = await aTown();
  const issue = town.issue('first');
  const fleet = await town.fleet('one', { ...ONE_WORKER, HARNESS_MAX_ATTEMPTS: '1' });
  await commitPolicy(town, fleet, 'HARNESS_VERIFY="! test -e work"\nHARNESS_MAX_ATTEMPTS=1\n');
  const started = await fleet.harness('start');
  expect(started.out).toMatch(/Policy: acme\/app@main:\.harness\/config/);
  await until('the attempt has its receipt', 60_000, () => town.journal(issue).at(-1)?.op === 'release');
  const failure = town.journal(issue).find(entry => entry.op === 'receipt')?.failure;
  expect(failure).toMatchObject({ class: 'verify', message: expect.stringContaining('`! test -e work`') });
  const world = JSON.parse((await fleet.harness('world')).out);
  expect(world.config.HARNESS_VERIFY).toBe('! test -e work');
  await fleet.harness('stop');
});

it('says that the policy is the project directory’s own where none is committed', async () => {
  const town = await aTown();
  const fleet = await town.fleet('one', ONE_WORKER);
  const started = await fleet.harness('start');
  expect(started.out).toMatch(/Policy: .*\.harness\/config \(none is committed on main\)/);
  await fleet.harness('stop');
});

it('refuses to start under a committed policy that makes no sense, and starts when it is mended', async () => {
  const town = await aTown();
  const fleet = await town.fleet('one', ONE_WORKER);
  await commitPolicy(town, fleet, 'HARNESS_MODE=bogus\n');
  const refused = await fleet.harness('start');
  expect(refused).toMatchObject({
    exit: 2,
    err: expect.stringMatching(/acme\/app@main:\.harness\/config:1.*HARNESS_MODE/s),
  });
  await commitPolicy(town, fleet, 'HARNESS_MODE=issue-only\n');
  expect((await fleet.harness('start')).exit).toBe(0);
  await fleet.harness('stop');
});

it('says in prompts what the WORKFLOW.md of the default branch says, and names what is wrong with it', async () => {
  const town = await aTown();
  town.issue('first');
  const fleet = await town.fleet('one', ONE_WORKER);
  await commit(town, fleet, { 'WORKFLOW.md': 'Be kind to {{ issue.identifier }}.\n' });
  const shown = await fleet.harness('prompt', 'impl', '1');
  expect(shown).toMatchObject({ exit: 0, err: '', out: expect.stringContaining('Be kind to acme/app#1.') });
  const fine = await fleet.harness('doctor', '--json');
  expect(fine.out).toContain('acme/app: part of the prompts of IMPL, FIX');

  await commit(town, fleet, { 'WORKFLOW.md': '---\npoling:\n---\nBe quick.\n' });
  const sick = await fleet.harness('doctor');
  expect(sick).toMatchObject({
    exit: 2,
    out: expect.stringContaining('WORKFLOW.md, line 2: there is no poling'),
  });
  const explained = await fleet.harness('explain', '1');
  expect(explained.out).toMatch(/workflow[\s\S]*line 2: there is no poling/);
  const warned = await fleet.harness('prompt', 'impl', '1');
  expect(warned).toMatchObject({ exit: 0, err: expect.stringContaining('WORKFLOW.md, line 2') });
  expect(warned.out).not.toContain('Be quick.');
}, 240_000);
