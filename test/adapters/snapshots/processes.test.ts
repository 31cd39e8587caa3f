import { mkdirSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { execa, execaSync } from 'execa';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { aForgeWithRepository } from '../../forge/a-forge.ts';
import { waitFor } from '../../helpers/temp.ts';
import { aBoard, aSnapshotsDir } from '../github/setup.ts';

let directory = '';
let reader = '';

beforeAll(async () => {
  directory = await mkdtemp('/tmp/hz-reader-');
  reader = join(directory, 'reader.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'reader.ts')],
    outfile: reader,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  });
});

afterAll(() => rm(directory, { recursive: true, force: true }));

function startReader(apiUrl: string, snapshotsDir: string, maxAgeMs: number) {
  const child = execa('node', [reader, apiUrl, snapshotsDir, String(maxAgeMs)], { reject: false });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await child;
  });
  return child;
}

describe('several processes', () => {
  it('read a repository once when they all need it at the same moment', async () => {
    const forge = await aForgeWithRepository();
    forge.addIssue({ repo: 'acme/app', title: 'one' });
    forge.faults.add({ kind: 'latency', ms: 300, route: '/repos/{owner}/{repo}/issues' });
    const snapshotsDir = aSnapshotsDir();
    const readers = [1, 2, 3].map(() => startReader(forge.apiUrl, snapshotsDir, 60_000));
    const seen = (await Promise.all(readers)).map(({ stdout }) => stdout);
    expect(seen).toEqual(Array(3).fill('{"read":"fresh","count":1}'));
    expect(forge.requests.count({ route: '/repos/{owner}/{repo}/issues' })).toBe(1);
  });

  it('read a repository also when the disk is full, and leave no half of it', async context => {
    context.skip(!canMount(), 'no file system may be mounted here');
    const { forge, snapshotsDir } = await aLongRepository();
    const script = 'mount -t tmpfs -o size=16k none "$3" && node "$@" && echo && ls "$3"';
    const args = [reader, forge.apiUrl, snapshotsDir, '0'];
    const { stdout } = await execa('unshare', ['-rm', '/bin/sh', '-c', script, 'sh', ...args]);
    const [seen, ...files] = stdout.split('\n');
    expect(seen).toBe('{"read":"fresh","count":40}');
    expect(files.filter(name => !name.endsWith('.read.json'))).toEqual([]);
  });

  it('read a repository also when a file may not become as long as it is, and leave no half of it', async () => {
    const { forge, snapshotsDir } = await aLongRepository();
    // In blocks of 512 or 1,024 bytes, as the shell has it; what is written has more than 40,000.
    const script = 'ulimit -f 16 && exec node "$@"';
    const args = [reader, forge.apiUrl, snapshotsDir, '0'];
    const { stdout } = await execa('/bin/sh', ['-c', script, 'sh', ...args]);
    expect(stdout).toBe('{"read":"fresh","count":40}');
    expect(readdirSync(snapshotsDir).filter(name => !name.endsWith('.read.json'))).toEqual([]);
  });

  it('go on after the one that was reading was killed', async () => {
    const forge = await aForgeWithRepository();
    forge.addIssue({ repo: 'acme/app', title: 'one' });
    const stuck = forge.faults.add({ kind: 'latency', ms: 20_000, count: 1 });
    const snapshotsDir = aSnapshotsDir();
    const victim = startReader(forge.apiUrl, snapshotsDir, 0);
    await waitFor(() => stuck.hits() === 1);
    victim.kill('SIGKILL');
    await victim;
    expect(readdirSync(snapshotsDir).some(file => file.endsWith('.lock'))).toBe(true);
    const snapshot = await aBoard(forge, { snapshotsDir }).snapshot('acme/app', { maxAgeMs: 0 });
    expect(snapshot).toMatchObject({ read: 'fresh', issues: [{ number: 1 }] });
  });
});

/** A repository whose snapshot has more than 40,000 bytes, and where to keep it. */
async function aLongRepository() {
  const forge = await aForgeWithRepository();
  for (let issue = 0; issue < 40; issue++) {
    forge.addIssue({ repo: 'acme/app', title: 'one', body: 'x'.repeat(1_000) });
  }
  const snapshotsDir = aSnapshotsDir();
  mkdirSync(snapshotsDir, { recursive: true });
  return { forge, snapshotsDir };
}

/** Whether a file system may be mounted in a namespace of one's own. */
function canMount(): boolean {
  return !execaSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { reject: false }).failed;
}
