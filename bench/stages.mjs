import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openForge, row, seconds, setUp, untilTrue } from './fleet.mjs';

const AGENT = fileURLToPath(new URL('stage-agent.mjs', import.meta.url));

/**
 * Prints how long nobody works between two stages of a planned run: from the exit of one agent to the first instruction of
 * the next, one slot, scripted agents, the embedded forge. Landings are a part of it.
 */
export async function benchStages() {
  const root = mkdtempSync(path.join(tmpdir(), 'harness-bench-'));
  const forge = openForge(root);
  let bench = null;
  try {
    bench = await setUp(root, await forge.address, {
      agent: AGENT,
      init: ['--mode', 'planned', '--spec', 'docs/spec.md'],
    });
    await pushSpec(bench);
    await bench.harness('start');
    const isOver = async () => (await bench.harness('status', '--json')).stdout.includes('"complete": true');
    await untilTrue('the plan is finished', 180_000, isOver);
    const sessions = sessionsIn(bench.notesOf());
    const gaps = sessions.slice(1).map((session, index) => ({
      name: `${sessions[index].kind} → ${session.kind}`,
      ms: session.start - sessions[index].end,
    }));
    for (const name of [...new Set(gaps.map(gap => gap.name))]) {
      row(name, seconds(gaps.filter(gap => gap.name === name).map(({ ms }) => ms)));
    }
    row(`all ${gaps.length}, target below 2 s plus the API's latency`, seconds(gaps.map(({ ms }) => ms)));
  } finally {
    await bench?.harness('stop', '--now');
    await forge.close();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function pushSpec({ git, project }) {
  for (const dir of ['docs', 'test']) mkdirSync(path.join(project, dir));
  writeFileSync(path.join(project, 'docs/spec.md'), '# wordkit\n\nA few functions about words.\n');
  // The agent runs whatever is there.
  writeFileSync(path.join(project, 'test/none.test.js'), '');
  await git('add', 'docs', 'test');
  await git(
    '-c',
    'user.name=bench',
    '-c',
    'user.email=bench@localhost',
    'commit',
    '--quiet',
    '-m',
    'Specify',
  );
  await git('push', '--quiet', 'origin', 'HEAD');
}

/** Sessions in the order of their starts. */
function sessionsIn(notes) {
  const starts = notes.filter(({ event }) => event === 'start');
  return starts.map(({ kind, issue, at }) => ({
    kind,
    start: at,
    end: notes.find(note => note.event === 'end' && note.issue === issue && note.at >= at).at,
  }));
}
