import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';
import { aTown, type Fleet, REPO, type Town, until } from './fleet.ts';

/** Commits a policy to the default branch, as a person would. */
function commitPolicy(town: Town, fleet: Fleet, text: string): void {
  const dir = path.join(town.root, `policy-${Math.random().toString(36).slice(2)}`);
  const git = (...args: string[]) => execFileSync('git', args, { cwd: town.root, env: fleet.env });
  const identity = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com'];
  git(
    'clone',
    '--quiet',
    `http://bot:${fleet.env.HARNESS_TOKEN}@127.0.0.1:${town.forge.port}/${REPO}.git`,
    dir,
  );
  execFileSync('sh', ['-c', 'mkdir -p .harness && cat > .harness/config'], { cwd: dir, input: text });
  git('-C', dir, 'add', '.');
  git(...identity, '-C', dir, 'commit', '--quiet', '-m', 'Set the policy');
  git('-C', dir, 'push', '--quiet');
}

it('takes the policy from the default branch where it is committed there', async () => {
  const town = await aTown();
  const issue = town.issue('first');
  const fleet = await town.fleet('one', { HARNESS_MAX_ATTEMPTS: '1' });
  commitPolicy(town, fleet, 'HARNESS_VERIFY=false\nHARNESS_MAX_ATTEMPTS=1\n');
  const started = await fleet.harness('start');
  expect(started.out).toMatch(/Policy: acme\/app@main:\.harness\/config/);
  await until('the attempt has its receipt', 20_000, () => town.journal(issue).at(-1)?.op === 'release');
  const failure = town.journal(issue).find(entry => entry.op === 'receipt')?.failure;
  expect(failure).toMatchObject({ class: 'verify', message: expect.stringContaining('`false`') });
  const world = JSON.parse((await fleet.harness('world')).out);
  expect(world.config.HARNESS_VERIFY).toBe('false');
  await fleet.harness('stop');
});

it('says that the policy is the project directory’s own where none is committed', async () => {
  const town = await aTown();
  const fleet = await town.fleet('one');
  const started = await fleet.harness('start');
  expect(started.out).toMatch(/Policy: .*\.harness\/config \(none is committed on main\)/);
  await fleet.harness('stop');
});

it('refuses to start under a committed policy that makes no sense, and starts when it is mended', async () => {
  const town = await aTown();
  const fleet = await town.fleet('one');
  commitPolicy(town, fleet, 'HARNESS_MODE=bogus\n');
  const refused = await fleet.harness('start');
  expect(refused).toMatchObject({
    exit: 2,
    err: expect.stringMatching(/acme\/app@main:\.harness\/config:1.*HARNESS_MODE/s),
  });
  commitPolicy(town, fleet, 'HARNESS_MODE=issue-only\n');
  expect((await fleet.harness('start')).exit).toBe(0);
  await fleet.harness('stop');
});
