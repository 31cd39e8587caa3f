import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Enclosure } from '../../../src/adapters/enclosure.ts';
import { knownProjects, noteProject } from '../../../src/adapters/registry/projects.ts';
import { fleetPaths, projectPaths } from '../../../src/config.ts';
import { sandboxFor } from '../../../src/context/agents.ts';
import { parseSettings } from '../../../src/core/parse-settings.ts';
import { makeTempDir } from '../../helpers/temp.ts';
import { whyNone } from './bubblewrap.ts';

/** A host of which agents may see everything below `disk`, with a project and the sandbox of its fleet. */
async function aHost() {
  const root = mkdtempSync('/tmp/hz-');
  onTestFinished(() => rmSync(root, { recursive: true, force: true, maxRetries: 3 }));
  const disk = join(root, 'disk');
  const env = { HOME: join(root, 'home'), PATH: '/usr/local/bin:/usr/bin:/bin' };
  const project = (name: string) => {
    const dir = join(disk, name);
    write(join(dir, 'README.md'), name);
    write(join(dir, '.harness', 'run', 'logs', 'w1.log'), `log of ${name}`);
    write(join(dir, '.harness', 'run', 'sessions', 'i7', 'prompt.md'), `prompt of ${name}`);
    return { ...projectPaths(dir, env), ...fleetPaths(join(env.HOME, '.harness'), name) };
  };
  const paths = project('mine');
  const settings = parseSettings({ HARNESS_SANDBOX_PATHS: disk });
  const state = await sandboxFor({ settings, paths }, env)();
  const run = (enclosure: Enclosure, script: string) => {
    const cwd = join(paths.worktreesDir, 'i7');
    mkdirSync(cwd, { recursive: true });
    const argv = ['/bin/sh', '-c', script] as const;
    const [command, ...args] = enclosure.wrap({ argv, cwd, readable: [], writable: [], ownsTerminal: false });
    return spawnSync(command, args, { cwd, env, encoding: 'utf8' }).stdout.trim();
  };
  const read = (enclosure: Enclosure) => run(enclosure, `grep -rh "" ${disk} | sort`).split('\n');
  /** A project in the home, which agents don't see. */
  const homeOf = (name: string) => {
    const dir = join(env.HOME, name);
    write(join(dir, '.harness', 'config'), '');
    return dir;
  };
  return { paths, project, homeOf, state, run, read };
}

function write(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `${text}\n`);
}

describe.skipIf(whyNone !== null)('in the sandbox', () => {
  it('no state of any project on this host is seen, also of one whose fleet came later or has stopped', async () => {
    const host = await aHost();
    if (host.state.kind === 'off') throw new Error(host.state.why);
    const { sandbox } = host.state;
    const stranger = host.project('theirs');
    expect(host.read(sandbox)).toEqual(['log of theirs', 'mine', 'prompt of theirs', 'theirs']);
    noteProject(stranger.fleetDir, stranger.projectDir);
    expect(host.read(sandbox)).toEqual(['mine', 'theirs']);
  });

  it('not even the names of projects are told that cannot be seen', async () => {
    const host = await aHost();
    if (host.state.kind === 'off') throw new Error(host.state.why);
    const { fleetDir } = host.project('theirs');
    noteProject(fleetDir, host.homeOf('client-x'));
    expect(host.run(host.state.sandbox, 'ls -AR ~')).not.toContain('client-x');
  });
});

it('knows the projects of all fleets that ever worked here', () => {
  const home = makeTempDir();
  noteProject(join(home, 'one'), '/srv/one');
  noteProject(join(home, 'one'), '/srv/one');
  noteProject(join(home, 'two'), '/srv/two');
  mkdirSync(join(home, 'older'));
  writeFileSync(join(home, 'one.json'), '{}');
  expect(knownProjects(home)).toEqual(['/srv/one', '/srv/two']);
  expect(knownProjects(join(home, 'nowhere'))).toEqual([]);
});
