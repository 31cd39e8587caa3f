import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCommands } from '../../../src/adapters/commands.ts';
import { createSandbox, type SandboxOptions } from '../../../src/adapters/sandbox.ts';
import { makeFleet, useSessionHost } from '../sessions/fixture.ts';
import { bubblewrap, NOWHERE, whyNone } from './bubblewrap.ts';

const programs = useSessionHost();
/** A home with secrets, a project and a worktree in it, and the sandbox of a fleet there. */
function aHost(change: Partial<SandboxOptions> = {}) {
  const root = mkdtempSync('/tmp/hz-');
  onTestFinished(() => rmSync(root, { recursive: true, force: true, maxRetries: 3 }));
  const home = join(root, 'home');
  const harnessHome = join(home, '.harness');
  const project = join(home, 'code', 'app', '.harness');
  const worktree = join(harnessHome, 'worktrees', 'app-i7-a1');
  const clones = join(harnessHome, 'clones');
  const tools = join(home, 'tools', 'bin');
  const files: Readonly<Record<string, string>> = {
    [join(home, '.ssh', 'id_ed25519')]: 'secret',
    [join(home, '.config', 'gh', 'hosts.yml')]: 'secret',
    [join(home, '.git-credentials')]: 'secret',
    [join(home, '.netrc')]: 'secret',
    [join(harnessHome, 'snapshots', 'x.jsonl')]: 'secret',
    [join(harnessHome, 'worktrees', 'app-i8-a1', 'other')]: 'secret',
    [join(project, 'run', 'sessions', 'app-i8', 'prompt.md')]: 'secret',
    [join(root, 'tmux', 'socket')]: 'secret',
    [join(home, 'shared', 'notes')]: 'shared',
    [join(clones, 'app.git', 'objects', 'o')]: 'object',
    [join(worktree, 'file')]: 'mine',
    [join(tools, 'greet')]: '#!/bin/sh\necho hello\n',
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text, { mode: 0o755 });
  }
  const scratchDir = join(harnessHome, 'sandboxes');
  const sandbox = createSandbox({
    program: bubblewrap,
    scratchDir,
    home,
    path: `${tools}:${process.env.PATH}`,
    hidden: () => [harnessHome, project, join(root, 'tmux')],
    needed: [clones],
    readable: [],
    writable: [],
    ...change,
  });
  const env = { PATH: `${tools}:${process.env.PATH}`, HOME: home };
  const sh = (script: string, cwd = worktree) => {
    const argv = ['/bin/sh', '-c', script] as const;
    const [command, ...args] = sandbox.wrap({ argv, cwd, readable: [], writable: [], ownsTerminal: false });
    return spawnSync(command, args, { cwd, env, encoding: 'utf8' });
  };
  return { root, home, harnessHome, project, worktree, clones, scratchDir, sandbox, sh };
}

describe.skipIf(whyNone !== null)(`in the sandbox${whyNone === null ? '' : ` (skipped: ${whyNone})`}`, () => {
  it('there is the worktree, to be written, and the objects that it borrows, to be read', () => {
    const host = aHost();
    const run = host.sh(`cat file; echo new > made; cat ${host.clones}/app.git/objects/o`);
    expect(run).toMatchObject({ status: 0, stdout: 'mineobject' });
    expect(existsSync(join(host.worktree, 'made'))).toBe(true);
    expect(host.sh(`echo x > ${host.clones}/app.git/objects/o`).stderr).toContain('Read-only file system');
    expect(host.sh('echo x > /etc/harness-test').stderr).toContain('Read-only file system');
  });

  it('there is a worktree that can only be read, where it is not to be changed', () => {
    const { sandbox, worktree } = aHost();
    const argv = ['/bin/sh', '-c', 'cat file; echo x > made || rm file'] as const;
    const run = { argv, cwd: worktree, mayChangeCwd: false, readable: [], writable: [], ownsTerminal: false };
    const [command, ...args] = sandbox.wrap(run);
    const { stdout, stderr } = spawnSync(command, args, { cwd: worktree, env: {}, encoding: 'utf8' });
    expect(stdout).toBe('mine');
    expect(stderr).toContain('Read-only file system');
    expect(readdirSync(worktree)).toEqual(['file']);
  });

  it('there is no secret of the user, no other session and no socket', () => {
    const host = aHost();
    expect(host.sh(`grep -rls secret ${host.root}; ls -A ${host.home}`).stdout).not.toMatch(
      /ssh|gh|git-credentials|netrc|snapshots|app-i8|socket/,
    );
    expect(host.sh(`grep -rls secret ${host.root} | wc -l`).stdout.trim()).toBe('0');
  });

  it('there is nothing of ours even inside of what the owner lets it see', () => {
    const base = aHost();
    const host = aHost({ readable: [join(base.home, 'code')], hidden: () => [base.project] });
    expect(host.sh(`ls ${base.home}/code/app; ls -A ${base.project}`).stdout).toBe('');
    const inside = aHost({ readable: [join(base.project, 'run')], hidden: () => [base.project] });
    expect(inside.sh(`ls -A ${base.project}`).stdout).toBe('');
  });

  it.skipIf(/^\/(?:opt|usr|var)\//.test(process.cwd()))(
    'there is nothing of other disks and directories',
    () => {
      const host = aHost({ path: '/usr/bin:/bin' });
      expect(host.sh(`ls ${process.cwd()}`).stdout).toBe('');
      expect(existsSync(join(process.cwd(), 'package.json'))).toBe(true);
    },
  );

  it('there are programs on the PATH wherever they are, with their libraries and nothing else', () => {
    const other = aHost();
    const [tools, cargo] = [join(other.home, 'tools'), join(other.home, '.cargo')];
    for (const file of ['lib/words', 'secret', '../.cargo/credentials.toml', '../.cargo/bin/x']) {
      mkdirSync(join(tools, file, '..'), { recursive: true });
      writeFileSync(join(tools, file), file);
    }
    const host = aHost({ path: `${tools}/bin:${cargo}/bin:/usr/bin:/bin` });
    expect(host.sh(`${tools}/bin/greet; cat ${tools}/lib/words; ls ${tools} ${cargo}`).stdout).toBe(
      `hello\nlib/words${cargo}:\nbin\n\n${tools}:\nbin\nlib\n`,
    );
  });

  it('there is what the owner lets it see and change', () => {
    const other = aHost();
    const shared = join(other.home, 'shared');
    const host = aHost({ readable: [shared] });
    expect(host.sh(`cat ${shared}/notes`).stdout).toBe('shared');
    expect(host.sh(`echo x > ${shared}/notes`).status).not.toBe(0);
    expect(aHost({ writable: [shared] }).sh(`echo x > ${shared}/notes`).status).toBe(0);
  });

  it('there are the tools on the PATH, also those in the home', () => {
    const host = aHost();
    expect(host.sh('greet && git --version && node --version').stdout).toMatch(/hello\ngit version .*\nv\d+/);
  });

  it('there is the network', async () => {
    const server = createServer((_request, response) => response.end('reached'));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const host = aHost();
    const fetching = `fetch('http://127.0.0.1:${port}').then(r => r.text()).then(t => process.stdout.write(t))`;
    const commands = createCommands({
      env: process.env,
      pass: [],
      secrets: [],
      enclosure: async () => host.sandbox,
      graceMs: 100,
    });
    const result = await commands.run({
      command: `node -e "${fetching}"`,
      cwd: host.worktree,
      timeoutMs: 20_000,
      tag: host.root,
    });
    expect(result).toMatchObject({ exit: 0, tail: 'reached' });
  });

  it('there is a home of its own, the same for all that works in one directory, and gone with it', async () => {
    const host = aHost();
    host.sh('echo kept > ~/note; echo kept > /tmp/note');
    expect(host.sh('cat ~/note /tmp/note').stdout).toBe('kept\nkept\n');
    expect(existsSync(join(host.home, 'note'))).toBe(false);
    const other = join(host.harnessHome, 'worktrees', 'app-i8-a1');
    expect(host.sh('cat ~/note', other).status).not.toBe(0);
    rmSync(host.worktree, { recursive: true });
    host.sh('mkdir -p ~/locked/dir && chmod 500 ~/locked', other);
    await host.sandbox.sweep();
    expect(readdirSync(host.scratchDir)).toEqual(['app-i8-a1']);
  });

  it('temporary files and caches are inside, wherever the variables of this host lead', async () => {
    const host = aHost();
    const outside = { TMPDIR: join(host.root, 'tmp'), XDG_CACHE_HOME: join(host.root, 'cache') };
    const commands = createCommands({
      env: { PATH: process.env.PATH, HOME: host.home, ...outside },
      pass: [],
      secrets: [],
      enclosure: async () => host.sandbox,
      graceMs: 100,
    });
    const command = 'mktemp && mkdir -p "$XDG_CACHE_HOME" && echo "$XDG_CACHE_HOME" && npm config get cache';
    const { tail } = await commands.run({ command, cwd: host.worktree, timeoutMs: 20_000, tag: host.root });
    expect(tail).toMatch(/^\/tmp\/tmp\..*\n.*\/home\/\.cache\n.*\/home\/\.npm\n$/);
  });

  it('there are no powers, and no processes of others', () => {
    const run = aHost().sh('grep CapEff /proc/self/status; ls /proc | grep -c "^[0-9]"');
    const [powers, count] = run.stdout.trim().split('\n');
    expect(powers).toMatch(/\t0+$/);
    expect(Number(count)).toBeLessThan(10);
  });

  it('works a session, whose end is told as without', async () => {
    const host = aHost();
    const fleet = makeFleet(
      programs,
      `say('home', (await import('node:fs')).existsSync('/root/.cache')); finish({});`,
      { enclosure: async () => createSandbox(optionsOf(host)) },
    );
    const { name } = await fleet.start();
    const session = await fleet.untilEnded(name);
    expect(session).toMatchObject({ exit: { code: 0, reason: 'exited' }, end: { failure: null } });
    expect(await fleet.saw('home')).toBe('false');
  });

  it('gives an agent its time to finish, and ends all that it started', async () => {
    const host = aHost();
    const fleet = makeFleet(
      programs,
      `process.on('SIGTERM', () => { finish({}); process.exit(0); });
       spawn('/bin/sh', ['-c', 'trap "" TERM; exec sleep 321.5'], { detached: true, stdio: 'ignore' }).unref();
       say('up'); work();`,
      { enclosure: async () => createSandbox(optionsOf(host)), graceMs: 2_000 },
    );
    const { name } = await fleet.start();
    await fleet.saw('up');
    await fleet.sessions.end(name, 'stopped');
    expect((await fleet.find(name)).outcome.kind).toBe('valid');
    expect(execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' })).not.toContain('sleep 321.5');
  });

  it('takes the killed for killed', async () => {
    const host = aHost();
    const fleet = makeFleet(programs, `say('up'); process.kill(process.pid, 'SIGKILL');`, {
      enclosure: async () => createSandbox(optionsOf(host)),
    });
    const { name } = await fleet.start();
    expect((await fleet.untilEnded(name)).end?.failure?.class).toBe('killed');
  });
});

const optionsOf = (host: ReturnType<typeof aHost>): SandboxOptions => ({
  ...NOWHERE,
  program: bubblewrap,
  scratchDir: join(host.root, 'scratch'),
});
