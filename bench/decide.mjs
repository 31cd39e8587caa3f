import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const RUNS = 5;

/** Prints how long `harness decide` takes on generated worlds, process start included: the median of five runs. */
export async function benchDecide() {
  const dir = await mkdtemp(path.join(tmpdir(), 'harness-bench-'));
  try {
    console.log('decide, offline on a world file');
    for (const [name, world] of worlds()) {
      const file = path.join(dir, 'world.json');
      const text = JSON.stringify(world);
      await writeFile(file, text);
      const ms = medianMs(['decide', '--world', file, '--json']);
      console.log(
        `  ${name.padEnd(42)} ${`${(text.length / 1e6).toFixed(1)} MB`.padStart(8)} ${`${ms} ms`.padStart(8)}`,
      );
    }
    console.log(
      `  ${'(node and the command line alone)'.padEnd(51)} ${`${medianMs(['--version'])} ms`.padStart(8)}`,
    );
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function* worlds() {
  for (const count of [1_000, 10_000, 100_000]) {
    yield [`${count} issues, ${2 * count} references`, worldOf({ 'acme/r0': issuesOf(count) })];
  }
  const repos = Object.fromEntries(
    Array.from({ length: 100 }, (_none, n) => [`acme/r${n}`, issuesOf(1_000)]),
  );
  yield ['100 repositories of 1000 issues', worldOf(repos)];
}

function worldOf(repos) {
  const targets = Object.keys(repos).map(repo => ({ id: repo.slice(5), repo, deps: [] }));
  return {
    version: 1,
    now: '2026-01-01T00:00:00Z',
    login: 'me',
    config: { HARNESS_TOPOLOGY: 'multi', HARNESS_MODE: 'prd' },
    targets,
    repos: Object.fromEntries(Object.entries(repos).map(([repo, issues]) => [repo, { issues }])),
  };
}

/** Every tenth issue is a PRD; the others belong to one and wait for two earlier issues. A third is closed. */
function issuesOf(count) {
  return Array.from({ length: count }, (_none, index) => {
    const number = index + 1;
    const isPrd = number % 10 === 1;
    const prd = number - (index % 10);
    const earlier = [number - 1, number - 7].filter(other => other > 0 && other % 10 !== 1);
    return {
      number,
      title: `Issue ${number}`,
      state: number % 3 === 0 ? 'closed' : 'open',
      labels: [isPrd ? 'prd' : 'ready-for-agent'],
      author: 'me',
      body: isPrd
        ? 'What is wanted, and why.'
        : `Do it.\n\n## Parent\n\n#${prd}\n\n## Blocked by\n\n${earlier.map(other => `- #${other}`).join('\n')}\n`,
    };
  });
}

function medianMs(args) {
  const times = Array.from({ length: RUNS }, () => {
    const start = performance.now();
    const { status, stderr } = spawnSync(process.execPath, [CLI, ...args], {
      maxBuffer: 1 << 30,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`harness ${args.join(' ')} failed: ${stderr}`);
    return performance.now() - start;
  });
  return Math.round(times.sort((a, b) => a - b)[Math.floor(RUNS / 2)]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await benchDecide();
