import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const HARNESS = fileURLToPath(new URL('../bin/harness', import.meta.url));
const AGENT = fileURLToPath(new URL('agent.mjs', import.meta.url));
const REPO = 'acme/app';
const TOKEN = 'bench-token';

/** Prints what the engine adds to an agent's own time, on the embedded forge: seconds, memory, start time. */
export async function benchFleet() {
  const root = mkdtempSync(path.join(tmpdir(), 'harness-bench-'));
  const forge = openForge(root);
  let bench = null;
  try {
    bench = await setUp(root, await forge.address, { agent: AGENT, init: [] });
    await bench.harness('start');
    await single(bench);
    await chain(bench, 8);
    await memory(bench);
    await startTime(bench);
  } finally {
    await bench?.harness('stop', '--now');
    await forge.close();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** An embedded forge with one repository, in a process of its own. */
export function openForge(root) {
  const forge = spawn(HARNESS, [
    ...['forge', '--root', path.join(root, 'forge'), '--login', 'bot', '--token', TOKEN],
    ...['--repo', REPO, '--json'],
  ]);
  const close = async () => {
    forge.kill('SIGTERM');
    await new Promise(done => forge.on('exit', done));
  };
  return { address: firstLine(forge), close };
}

/** A project with one worker and one slot; the agent notes its times in a file that it is given. */
export async function setUp(root, { apiUrl }, { agent, init }) {
  const project = path.join(root, 'app');
  const notes = path.join(root, 'notes.jsonl');
  mkdirSync(path.join(root, 'tmux'), { mode: 0o700 });
  const env = {
    PATH: process.env.PATH,
    HOME: root,
    TMUX_TMPDIR: path.join(root, 'tmux'),
    HARNESS_TOKEN: TOKEN,
    GIT_CONFIG_GLOBAL: '/dev/null',
    // The agent notes its times outside of its worktree.
    HARNESS_SANDBOX: 'off',
  };
  const harness = (...args) => run(HARNESS, args, { cwd: project, env });
  await run('git', ['clone', '--quiet', `http://bot:${TOKEN}@${new URL(apiUrl).host}/${REPO}.git`, project], {
    env,
  });
  await harness(
    ...['init', '--yes', '--repo', REPO, '--api-url', apiUrl, '--setup', '', '--verify', 'true'],
    ...['--pool', '1', '--cap', '1', '--agent-command', `"${process.execPath}" "${agent}" "${notes}"`],
    ...init,
  );
  const git = (...args) => run('git', args, { cwd: project, env });
  const seen = new Map();
  // Looks that show nothing new are free on the forge as on GitHub; all are marked, and not counted.
  const api = async (method, route, body) => {
    const known = method === 'GET' ? seen.get(route) : undefined;
    const answer = await fetch(`${apiUrl}/repos/${REPO}/${route}${route.includes('?') ? '&' : '?'}bench=1`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, ...(known ? { 'if-none-match': known.etag } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (answer.status === 304) return known.json;
    const json = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${route}: ${answer.status} ${json.message}`);
    seen.set(route, { etag: answer.headers.get('etag'), json });
    return json;
  };
  const requests = async () => (await (await fetch(`${apiUrl}/_forge/requests`)).json()).requests;
  return { harness, git, api, requests, env, project, notesOf: () => readNotes(notes) };
}

/** From the label to the agent's first instruction, and from its last one to the closed issue. */
async function single({ api, notesOf }) {
  const waits = [];
  const ends = [];
  for (let round = 0; round < 5; round++) {
    const { number } = await api('POST', 'issues', { title: `Single ${round}`, body: '' });
    await pause(300);
    const labelledAt = Date.now();
    await api('POST', `issues/${number}/labels`, { labels: ['ready-for-agent'] });
    const closedAt = await untilClosed(api, [number]);
    const { start, end } = timesOf(notesOf(), number);
    waits.push(start - labelledAt);
    ends.push(closedAt - end);
  }
  row('label → session start (at the resting cadence)', seconds(waits));
  row('outcome → closed issue, verify takes no time', seconds(ends));
}

/** A chain of issues, each blocked by the one before, one slot: nothing but the engine is between two agents. */
async function chain({ api, notesOf }, length) {
  const numbers = [];
  for (let index = 0; index < length; index++) {
    const body = index === 0 ? '' : `## Blocked by\n- #${numbers.at(-1)}\n`;
    numbers.push(
      (await api('POST', 'issues', { title: `Chain ${index}`, body, labels: ['ready-for-agent'] })).number,
    );
  }
  await untilClosed(api, numbers);
  const notes = notesOf();
  const gaps = numbers
    .slice(1)
    .map((number, index) => timesOf(notes, number).start - timesOf(notes, numbers[index]).end);
  row('agent exit → landed → next session start', seconds(gaps));
}

async function memory({ env }) {
  const pids = execFileSync('pgrep', ['-f', 'worker --slot'], { encoding: 'utf8' }).trim().split('\n');
  const own = pids.filter(pid => readFileSync(`/proc/${pid}/environ`, 'utf8').includes(env.HOME));
  const rss = own.map(
    pid => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024,
  );
  row('memory of a worker', `${Math.max(...rss).toFixed(0)} MB`);
}

async function startTime({ project, env }) {
  const median = (program, args) => {
    const times = Array.from({ length: 9 }, () => {
      const from = performance.now();
      execFileSync(program, args, { cwd: project, env, stdio: 'ignore' });
      return performance.now() - from;
    });
    return times.sort((a, b) => a - b)[4];
  };
  const node = median(process.execPath, ['-e', '0']);
  row('node -e 0', `${node.toFixed(0)} ms`);
  row('harness --version', `${median(HARNESS, ['--version']).toFixed(0)} ms`);
  row('harness status', `${median(HARNESS, ['status']).toFixed(0)} ms`);
}

/** When all of these issues were closed, epoch milliseconds; fails after a minute for each. */
export async function untilClosed(api, numbers) {
  const deadline = Date.now() + 60_000 * numbers.length;
  while (Date.now() < deadline) {
    const rows = await api('GET', 'issues?state=closed&per_page=100');
    const closed = new Set(rows.map(({ number }) => number));
    if (numbers.every(number => closed.has(number))) return Date.now();
    await pause(50);
  }
  throw new Error(`Issues ${numbers.join(', ')} were not closed in time.`);
}

function timesOf(notes, number) {
  const of = event => notes.findLast(note => note.issue === number && note.event === event)?.at;
  return { start: of('start'), end: of('end') };
}

function readNotes(file) {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line));
}

function firstLine(child) {
  return new Promise((resolve, reject) => {
    child.stdout.once('data', chunk => resolve(JSON.parse(String(chunk).split('\n')[0])));
    child.once('exit', code => reject(new Error(`The forge ended with ${code}.`)));
  });
}

/** Looks until something is so. */
export async function untilTrue(what, limitMs, isTrue) {
  const deadline = Date.now() + limitMs;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`In vain: ${what}`);
    await pause(500);
  }
}

/** Median, least and most of milliseconds. */
export function seconds(all) {
  const sorted = [...all].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  return `${(median / 1000).toFixed(2)} s (${(sorted[0] / 1000).toFixed(2)} to ${(sorted.at(-1) / 1000).toFixed(2)})`;
}

/** Prints one line of the results. */
export const row = (name, value) => console.log(`  ${name.padEnd(60)} ${value}`);
