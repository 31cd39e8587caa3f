import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openTown, type Town } from './town.ts';

const REPO = 'acme/large';
const ISSUES = 10_000;
const OPEN = 5_000;
const NOW = { maxAgeMs: 0 };
/** Nothing else is watched on this host. */
const ALONE = { need: () => {}, watched: () => [] };
/** As `start` starts a worker. */
const SMALL_HEAP = ['--optimize-for-size', '--max-semi-space-size=2'];
const BODY = `${'What is wanted, why, and how it is known to be done. '.repeat(20)}\n\n## Blocked by\n\n- #1\n`;

/** Prints what a large repository costs: requests, seconds, and the memory of a resident worker. */
export async function benchLarge({ root }: { readonly root: string }): Promise<void> {
  const town = await openTown();
  try {
    await fill(town);
    console.log(`\na repository with ${ISSUES} issues, ${OPEN} of them open`);
    const board = town.boardOf({ watch: ALONE, reader: 'bench' });
    const look = () => board.snapshot(REPO, NOW);
    await step(town, 'first read', look);
    await step(town, 'the probe after it', look);
    await step(town, 'a probe at rest', look);
    await town.edit(REPO, 7, { title: 'changed' });
    await step(town, 'one change', look);
    await memoryOfWorker(town, root);
  } finally {
    await town.close();
  }
}

/** Half a minute is between two changes, as lists are read by the time of the last one. */
async function fill({ forge, edit, now, setNow }: Town): Promise<void> {
  await forge.addRepository({ owner: 'acme', name: 'large', files: { 'README.md': '# large\n' } });
  setNow(now() - (ISSUES + OPEN) * 30_000);
  for (let number = 1; number <= ISSUES; number++) {
    forge.addIssue({ repo: REPO, title: `Issue ${number}`, body: BODY, author: 'person' });
    setNow(now() + 30_000);
  }
  for (let number = OPEN + 1; number <= ISSUES; number++) {
    await edit(REPO, number, { state: 'closed' });
    setNow(now() + 30_000);
  }
}

async function step(town: Town, name: string, work: () => Promise<unknown>): Promise<void> {
  const { forge } = town;
  town.setNow(town.now() + 5_000);
  forge.requests.clear();
  const from = performance.now();
  await work();
  const asked = forge.requests.all({ login: 'bot' });
  const free = asked.filter(({ status }) => status === 304).length;
  const seconds = ((performance.now() - from) / 1000).toFixed(2);
  row(name, `${asked.length} requests, ${free} of them free, ${seconds} s`);
}

/** A real worker of the built engine, with a home of its own, while somebody changes an issue now and then. */
async function memoryOfWorker(town: Town, root: string): Promise<void> {
  town.forge.clock.set(null);
  const home = path.join(town.dir, 'home');
  const project = path.join(home, 'large');
  await mkdir(path.join(project, '.harness'), { recursive: true });
  await mkdir(path.join(home, 'tmux'), { mode: 0o700 });
  const config = `HARNESS_REPO=${REPO}\nHARNESS_API_URL=${town.forge.apiUrl}\n`;
  await writeFile(path.join(project, '.harness/config'), config);
  const worker = spawn(
    process.execPath,
    [...SMALL_HEAP, path.join(root, 'dist/cli.js'), 'worker', '--slot', '1'],
    {
      cwd: project,
      env: {
        PATH: process.env.PATH,
        HOME: home,
        TMUX_TMPDIR: path.join(home, 'tmux'),
        HARNESS_TOKEN: 'bench-token',
      },
      stdio: 'ignore',
    },
  );
  try {
    await untilRead(path.join(home, '.harness/snapshots'), town, worker);
    const first = await memoryOf(worker);
    for (let round = 0; round < 8; round++) {
      await town.edit(REPO, 10 + round, { title: `changed ${round}` });
      await pause(5_500);
    }
    const later = await memoryOf(worker);
    row('memory of a resident worker, after the first read', `${first.now} MB (at most ${first.most} MB)`);
    row('and after 45 s with 8 changes', `${later.now} MB (at most ${later.most} MB)`);
  } finally {
    worker.kill('SIGKILL');
    await new Promise(done => worker.once('exit', done));
  }
}

async function untilRead(directory: string, { forge }: Town, worker: ChildProcess): Promise<void> {
  while (worker.exitCode === null) {
    const isThere = await stat(directory).then(
      () => forge.requests.count({ route: '/repos/{owner}/{repo}/issues', status: 304 }) > 0,
      () => false,
    );
    if (isThere) return;
    await pause(200);
  }
  throw new Error(`The worker ended with ${worker.exitCode}.`);
}

async function memoryOf({ pid }: ChildProcess): Promise<{ now: number; most: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name: string) =>
    Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
  return { now: megabytes('VmRSS'), most: megabytes('VmHWM') };
}

const row = (name: string, value: string) => console.log(`  ${name.padEnd(50)} ${value}`);
