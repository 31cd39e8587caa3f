import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createCommands } from '../../../src/adapters/commands.ts';
import { privateCaches } from '../../../src/adapters/enclosure/private-caches.ts';
import { shortTmp } from '../../../src/adapters/enclosure/short-tmp.ts';
import { makeTempDir } from '../../helpers/temp.ts';
import { makeFleet, useSessionHost } from '../sessions/fixture.ts';

const programs = useSessionHost();

/** A fleet's worktrees, and commands that run in them without a sandbox. */
function aHost(pass: readonly string[] = []) {
  const root = makeTempDir();
  const scratchDir = join(root, 'scratch');
  const enclosure = privateCaches({ scratchDir });
  const worktree = (name: string) => {
    const path = join(root, 'worktrees', name);
    mkdirSync(path, { recursive: true });
    onTestFinished(() => rmSync(shortTmp(join(scratchDir, name)), { recursive: true, force: true }));
    return path;
  };
  const env = { ...process.env, HOME: root, XDG_CACHE_HOME: join(root, '.cache') };
  const commands = createCommands({ env, pass, secrets: [], enclosure: async () => enclosure, graceMs: 100 });
  const sh = async (cwd: string, command: string) =>
    (await commands.run({ command, cwd, timeoutMs: 60_000, tag: cwd })).tail.trim();
  return { root, scratchDir, enclosure, worktree, sh };
}

it('gives the tools of every worktree caches that no other worktree has', async () => {
  const { root, worktree, sh } = aHost();
  const [mine, other] = [worktree('app-i7-a1'), worktree('app-i8-a1')];
  const poison = 'for d in "$XDG_CACHE_HOME" "$CARGO_HOME" "$GOMODCACHE" "$TMPDIR"';
  await sh(mine, `${poison}; do mkdir -p "$d" && echo bad > "$d/poison"; done`);
  expect(await sh(mine, 'cat "$XDG_CACHE_HOME/poison" "$TMPDIR/poison"')).toBe('bad\nbad');
  expect(await sh(other, `${poison}; do cat "$d/poison" 2>/dev/null; done`)).toBe('');
  const caches = await Promise.all([mine, other].map(cwd => sh(cwd, 'npm config get cache')));
  expect(new Set(caches).size).toBe(2);
  expect(caches.every(cache => cache.startsWith(join(root, 'scratch')))).toBe(true);
});

it('shares the caches of a worktree between its set-up and its agent', async () => {
  const { enclosure } = aHost();
  const fleet = makeFleet(
    programs,
    `say('cache', env.npm_config_cache); say('tmp', env.TMPDIR); finish({});`,
    {
      enclosure: async () => enclosure,
    },
  );
  await fleet.start();
  const own = enclosure.variables(fleet.worktree, []);
  onTestFinished(() => rmSync(own.TMPDIR ?? '', { recursive: true, force: true }));
  expect(await fleet.saw('cache')).toBe(own.npm_config_cache);
  expect(await fleet.saw('tmp')).toBe(own.TMPDIR);
});

it('removes what a worktree had with it, temporary files too, and nothing of others', async () => {
  const { enclosure, worktree, sh, scratchDir } = aHost();
  const [gone, kept] = [worktree('app-i7-a1'), worktree('app-i8-a1')];
  const fill =
    'mkdir -p "$GOMODCACHE/m" && echo x > "$GOMODCACHE/m/f" && chmod 500 "$GOMODCACHE/m"; echo $TMPDIR';
  const [goneTmp, keptTmp] = [await sh(gone, fill), await sh(kept, fill)];
  rmSync(gone, { recursive: true });
  await enclosure.sweep();
  expect([goneTmp, keptTmp].map(path => existsSync(path))).toEqual([false, true]);
  expect(existsSync(join(scratchDir, 'app-i7-a1'))).toBe(false);
  expect(await sh(kept, 'cat "$GOMODCACHE/m/f"')).toBe('x');
});

it('leaves a cache that HARNESS_PASS_ENV names to whoever set it', async () => {
  const { root, worktree, sh } = aHost(['XDG_CACHE_HOME']);
  expect(await sh(worktree('app-i7-a1'), 'echo $XDG_CACHE_HOME')).toBe(join(root, '.cache'));
});

it('leaves room for the name of a socket in its temporary directory', async () => {
  const { worktree, sh } = aHost();
  const name = 'a-name-as-programs-give-them/and-a-socket-in-it.sock';
  const listen = `require('node:net').createServer().listen(process.env.TMPDIR + '/${name}', () => { console.log('up'); process.exit(0) })`;
  const cwd = worktree(`app-i7-a1-${'x'.repeat(80)}`);
  expect(await sh(cwd, `mkdir -p "$TMPDIR/${dirname(name)}" && node -e "${listen}"`)).toBe('up');
});

it('uses nothing that somebody else has put where its temporary directory would be', () => {
  const { enclosure, worktree, scratchDir } = aHost();
  const planted = shortTmp(join(scratchDir, 'app-i7-a1'));
  const cwd = worktree('app-i7-a1');
  writeFileSync(planted, 'not yours');
  expect(enclosure.variables(cwd, []).TMPDIR).toBe(join(scratchDir, 'app-i7-a1', 'tmp'));
  expect(readFileSync(planted, 'utf8')).toBe('not yours');
});
