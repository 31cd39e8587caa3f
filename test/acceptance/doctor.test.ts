import { appendFileSync, chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { useFakePrograms } from '../adapters/agents/fake-programs.ts';
import { aTown, type Fleet, REPO, type Town } from './fleet.ts';

const fakes = useFakePrograms();
const PROGRAM = path.resolve(import.meta.dirname, '../../bin/harness');

interface Finding {
  readonly name: string;
  readonly verdict: string;
  readonly says: string;
  readonly fix: string | null;
}

async function harnessIn(fleet: Fleet, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const ran = await execa(PROGRAM, args, {
    cwd: fleet.dir,
    env: { ...fleet.env, ...env },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
  return { exit: ran.exitCode, out: ran.stdout, err: ran.stderr };
}

/** What the doctor found that is not well. */
async function complaints(fleet: Fleet, env: Readonly<Record<string, string>> = {}, ...flags: string[]) {
  const { exit, out } = await harnessIn(fleet, ['doctor', '--json', ...flags], env);
  const findings = JSON.parse(out) as readonly Finding[];
  return { exit, bad: findings.filter(({ verdict }) => verdict !== 'ok') };
}

const change = (town: Town, settings: object) =>
  fetch(`${town.forge.apiUrl}/repos/${REPO}`, {
    method: 'PATCH',
    headers: { authorization: 'Bearer canary-token-of-the-fleet' },
    body: JSON.stringify(settings),
  });

/** A project whose login may do with the repository what `role` says. */
async function aGuest(town: Town, role: 'read' | 'write') {
  town.forge.addUser({ login: 'guest', token: 'token-guest' });
  const roles = { bot: 'admin', guest: role } as const;
  await town.forge.addRepository({ owner: 'acme', name: 'other', roles, files: { 'a.txt': 'a' } });
  const fleet = await town.fleet('guest');
  return { fleet, env: { HARNESS_TOKEN: 'token-guest', HARNESS_REPO: 'acme/other' } };
}

describe('doctor', () => {
  it('finds nothing wrong with a project that can start', async () => {
    const fleet = await (await aTown()).fleet('one', { HARNESS_SANDBOX: 'off' });
    const { exit, out, err } = await fleet.harness('doctor');
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).toMatch(/ok +github +http.* answers in \d+ ms/);
    expect(out).toMatch(/ok +token +token of an unknown kind of bot, from HARNESS_TOKEN/);
    expect(out).toMatch(/ok +scopes +repo, workflow/);
    expect(out).toMatch(/ok +REST +\d+ of 5000 points left/);
    expect(out).toMatch(/ok +git +\d+\.\d+/);
    expect(out).toContain('All is well.');
  });

  it('writes nothing without --probe, and leaves nothing with it', async () => {
    const town = await aTown();
    const fleet = await town.fleet('one');
    const home = () => execa('find', [path.join(fleet.home, '.harness')], { reject: false });
    const before = (await home()).stdout;
    await fleet.harness('doctor');
    expect((await home()).stdout).toBe(before);
    const refs = town.git('for-each-ref');
    const probed = await fleet.harness('doctor', '--probe');
    expect(probed.exit).toBe(0);
    expect(probed.out).toMatch(/ok +push +refs\/harness\/ can be written/);
    expect(town.git('for-each-ref')).toBe(refs);
    expect(town.forge.requests.count({ route: '/{owner}/{repo}/git-receive-pack' })).toBeGreaterThan(0);
  });

  it('names a program that is missing or too old', async () => {
    const fleet = await (await aTown()).fleet('one');
    const bin = path.join(fleet.home, 'bin');
    mkdirSync(bin);
    writeFileSync(path.join(bin, 'tmux'), '#!/bin/sh\necho tmux 2.9\n');
    chmodSync(path.join(bin, 'tmux'), 0o755);
    const env = { PATH: `${bin}:${fleet.env.PATH}`, HARNESS_AGENT_COMMAND: 'no-such-agent' };
    const { exit, bad } = await complaints(fleet, env);
    expect(exit).toBe(3);
    expect(bad).toMatchObject([
      { name: 'tmux', verdict: 'failed', says: expect.stringContaining('2.9') },
      { name: 'agent', verdict: 'failed', says: expect.stringContaining('no-such-agent') },
    ]);
  });

  it('names each agent, and what keeps it from working', async () => {
    const fleet = await (await aTown()).fleet('one');
    const agents = async (env: Readonly<Record<string, string>>) => {
      const { out } = await harnessIn(fleet, ['doctor', '--json'], {
        ...{ HARNESS_AGENT: 'claude', HARNESS_CLAUDE_PROGRAM: fakes.claude, HARNESS_SANDBOX: 'off' },
        ...{ HARNESS_PASS_ENV: 'IS_SANDBOX', IS_SANDBOX: '1', ...env },
      });
      const findings = JSON.parse(out) as readonly Finding[];
      return findings.flatMap(({ name, verdict, says }) => (name === 'agent' ? `${verdict}: ${says}` : []));
    };
    expect(await agents({ HARNESS_AGENT_MODE: 'headless', ANTHROPIC_API_KEY: 'not-a-real-key' })).toEqual([
      `ok: claude 2.1.197, headless, login ANTHROPIC_API_KEY, works when started, ${fakes.claude}`,
    ]);
    expect(await agents({ HARNESS_MODEL: 'opus' })).toEqual([
      `ok: claude 2.1.197, interactive, model opus, login none, works when started, ${fakes.claude}`,
      expect.stringContaining('failed: Claude Code has no login: set ANTHROPIC_API_KEY'),
    ]);
    expect(await agents({ ANTHROPIC_API_KEY: 'x', HARNESS_CLAUDE_PROGRAM: '/bin/false' })).toContainEqual(
      expect.stringMatching(
        /^failed: claude does not work when it is started in a terminal: it asked no model/,
      ),
    );
  });

  it('says which scope a token lacks, and for what', async () => {
    const town = await aTown();
    const fleet = await town.fleet('one');
    town.forge.addUser({ login: 'bot', token: 'ghp_weak', scopes: ['read:org'] });
    const { exit, bad } = await complaints(fleet, { HARNESS_TOKEN: 'ghp_weak' });
    expect(exit).toBe(4);
    expect(bad.map(({ verdict, says }) => `${verdict}: ${says}`)).toEqual([
      'failed: without the scope repo nothing can be pushed, labelled, commented or merged',
      'warning: without the scope workflow no change of .github/workflows can be pushed',
    ]);
  });

  it('says that nobody can approve, where only the login of the fleet may write', async () => {
    const town = await aTown();
    const fleet = await town.fleet('one', { HARNESS_REVIEW: 'human', HARNESS_SANDBOX: 'off' });
    const { exit, bad } = await complaints(fleet);
    expect(exit).toBe(0);
    expect(bad).toMatchObject([
      { name: 'approval', verdict: 'warning', says: expect.stringContaining('only bot may write') },
    ]);
    expect(bad[0]?.fix).toContain('harness approve <issue> --sha');
    appendFileSync(path.join(fleet.dir, '.harness/config'), 'HARNESS_REVIEW=human\n');
    expect((await fleet.harness('init', '--yes')).out).toContain('warning: HARNESS_REVIEW=human asks');
    const rules = { required_pull_request_reviews: { required_approving_review_count: 1 } };
    await fetch(`${town.forge.apiUrl}/repos/${REPO}/branches/main/protection`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${town.token}` },
      body: JSON.stringify({
        ...{ required_status_checks: null, enforce_admins: false, restrictions: null },
        ...rules,
      }),
    });
    const ruled = await complaints(fleet, { HARNESS_REVIEW: 'off' });
    expect(ruled.bad[0]).toMatchObject({ says: expect.stringContaining('rules of the branch ask') });
    const pushing = await complaints(fleet, { HARNESS_REVIEW: 'off', HARNESS_MERGE: 'ff' });
    expect(pushing.bad[1]).toMatchObject({
      name: 'merging',
      verdict: 'warning',
      says: expect.stringContaining('changed by pull requests only'),
    });
  });

  it('says that GitHub cannot be reached, or does not know the token', async () => {
    const fleet = await (await aTown()).fleet('one');
    const away = await complaints(fleet, { HARNESS_API_URL: 'http://127.0.0.1:1' });
    expect(away).toMatchObject({ exit: 4, bad: [{ name: 'github', verdict: 'failed' }] });
    const stranger = await complaints(fleet, { HARNESS_TOKEN: 'wrong' });
    expect(stranger.bad[0]).toMatchObject({ says: expect.stringContaining('does not accept the token') });
    const nobody = await complaints(fleet, { HARNESS_TOKEN: '', PATH: '/usr/bin:/bin' });
    expect(nobody.bad.map(({ says }) => says)).toContainEqual(expect.stringContaining('Not logged in'));
  });

  it('says how wrong the clock is, and that the limits are nearly used up', async () => {
    const town = await aTown();
    const fleet = await town.fleet('one');
    town.forge.clock.advance(120_000);
    town.forge.limits.set({ login: 'bot', remaining: 40, resetInSeconds: 600 });
    const { exit, bad } = await complaints(fleet);
    expect(exit).toBe(0);
    expect(bad).toMatchObject([
      { name: 'clock', says: expect.stringMatching(/1[12]\d s behind GitHub's/) },
      { name: 'REST', says: expect.stringMatching(/^\d\d of 5000/) },
    ]);
  });

  it('finds the push right missing', async () => {
    const { fleet, env } = await aGuest(await aTown(), 'read');
    const { exit, bad } = await complaints(fleet, env, '--probe');
    expect(exit).toBe(4);
    expect(bad.map(({ name }) => name)).toEqual(['repository', 'push']);
  });

  it('works before there is a project', async () => {
    const fleet = await (await aTown()).fleet('one');
    const ran = await execa(PROGRAM, ['doctor'], {
      cwd: fleet.home,
      env: { ...fleet.env, HARNESS_API_URL: 'http://127.0.0.1:1' },
      extendEnv: false,
      reject: false,
    });
    expect(ran.stdout).toContain('Run `harness init`');
    expect(ran.exitCode).toBe(4);
  });
});

describe('init', () => {
  const init = (fleet: Fleet, ...flags: string[]) => harnessIn(fleet, ['init', '--yes', ...flags]);

  it.each([
    [{ archived: true }, 'acme/app is archived'],
    [{ has_issues: false }, 'The issues of acme/app are disabled'],
  ])('refuses a repository with %j', async (settings, reason) => {
    const town = await aTown();
    const fleet = await town.fleet('one');
    await change(town, settings);
    const refused = await init(fleet);
    expect(refused.exit).toBe(4);
    expect(refused.err).toContain(reason);
    expect(await init(fleet, '--force')).toMatchObject({
      exit: 0,
      out: expect.stringContaining(`warning: ${reason}`),
    });
  });

  it.each([
    ['read', 4, 'acme/other is nothing that the token may push to.'],
    ['write', 0, ''],
  ] as const)('asks for the right to push: a token that may %s', async (role, exit, err) => {
    const town = await aTown();
    const { fleet } = await aGuest(town, role);
    rmSync(path.join(fleet.dir, '.harness'), { recursive: true });
    const flags = ['--yes', '--repo', 'acme/other', '--api-url', town.forge.apiUrl];
    const ran = await harnessIn(fleet, ['init', ...flags], { HARNESS_TOKEN: 'token-guest' });
    expect(ran).toMatchObject({ exit, err: expect.stringContaining(err) });
  });

  it('tells of a repository that is not there', async () => {
    const fleet = await (await aTown()).fleet('one');
    const ran = await init(fleet, '--repo', 'acme/nowhere', '--force');
    expect(ran.out).toContain('warning: acme/nowhere does not exist');
  });

  it('goes on, and says so, when GitHub cannot be reached', async () => {
    const town = await aTown();
    const fleet = await town.fleet('one');
    town.forge.faults.add({ kind: 'drop' });
    const ran = await init(fleet);
    expect(ran.exit).toBe(0);
    expect(ran.out).toContain('warning: acme/app could not be checked');
  });
});
