import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openForge, row, setUp, untilTrue } from './fleet.mjs';

const AGENT = fileURLToPath(new URL('agent.mjs', import.meta.url));
const VERIFY_SECONDS = 1;

/**
 * Prints how fast pull requests land that wait for nothing any more: each is verified anew on what landed before it,
 * one after the other. They are made first, and wait for a check, which all of them get at once.
 */
export async function benchLanding() {
  row('host, verification', `${cpus().length} cores, ${VERIFY_SECONDS} s`);
  const alone = await timesOf(1);
  row('1 waiting, until it is closed', inSeconds(alone.at(-1)));
  for (const waiting of [5, 20]) {
    const times = await timesOf(waiting);
    const between = (times.at(-1) - times[0]) / (waiting - 1);
    row(`${waiting} waiting, until the last one is closed`, inSeconds(times.at(-1)));
    row(`${waiting} waiting, from one to the next`, inSeconds(between));
    row(`${waiting} waiting, landings per minute`, (60_000 / between).toFixed(1));
    row(`${waiting} waiting, what their order costs the last one`, inSeconds(times.at(-1) - times[0]));
  }
}

const inSeconds = ms => `${(ms / 1000).toFixed(2)} s`;

/** When each landing was seen to be over, in milliseconds after the check succeeded. */
async function timesOf(waiting) {
  const root = mkdtempSync(path.join(tmpdir(), 'harness-bench-'));
  const forge = openForge(root);
  let bench = null;
  try {
    const init = ['--verify', `sleep ${VERIFY_SECONDS}`, '--cap', '5'];
    bench = await setUp(root, await forge.address, { agent: AGENT, init });
    appendFileSync(path.join(bench.project, '.harness/config'), '\nHARNESS_CHECKS=require\n');
    for (let index = 0; index < waiting; index++) {
      await bench.api('POST', 'issues', { title: `Landing ${index}`, body: '', labels: ['ready-for-agent'] });
    }
    await bench.harness('start');
    return await land(bench, waiting);
  } finally {
    await bench?.harness('stop', '--now');
    await forge.close();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function land({ api }, waiting) {
  const pulls = () => api('GET', 'pulls?state=open&per_page=100');
  await untilTrue(`${waiting} pull requests`, 600_000, async () => (await pulls()).length === waiting);
  // The newest one is still on its way to wait.
  await pause(5_000);
  for (const { head } of await pulls()) {
    await api('POST', `statuses/${head.sha}`, { state: 'success', context: 'build' });
  }
  const from = Date.now();
  const times = [];
  while (times.length < waiting && Date.now() < from + 600_000) {
    const closed = (await api('GET', 'issues?state=closed&per_page=100')).filter(one => !one.pull_request);
    while (times.length < closed.length) times.push(Date.now() - from);
    await pause(50);
  }
  if (times.length < waiting) throw new Error(`Only ${times.length} of ${waiting} landed.`);
  return times;
}
