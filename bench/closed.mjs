import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openForge, row, setUp, untilClosed } from './fleet.mjs';

const AGENT = fileURLToPath(new URL('agent.mjs', import.meta.url));

/** Prints what an issue costs from its label to its last comment, on the embedded forge: points and pushes. */
export async function benchClosed() {
  console.log(
    '\nan issue that is closed: API requests that cost a point, and pushes (first reads not counted)',
  );
  await withFleet(1, async fleet => {
    await cost('one by one', fleet, ISSUES, async () => {
      for (let index = 0; index < ISSUES; index++) await untilClosed(fleet.api, [await file(fleet, '')]);
    });
    await cost('in a chain', fleet, ISSUES, async () => {
      const numbers = [];
      for (let index = 0; index < ISSUES; index++) {
        const blocker = numbers.at(-1);
        numbers.push(await file(fleet, blocker ? `## Blocked by\n- #${blocker}\n` : ''));
      }
      await untilClosed(fleet.api, numbers);
    });
    await cost('with a required check that ends a second later', fleet, ISSUES, () => withChecks(fleet));
  });
  await withFleet(3, fleet =>
    cost('three workers, three at a time', fleet, 2 * ISSUES, async () => {
      const numbers = await Promise.all(Array.from({ length: 2 * ISSUES }, () => file(fleet, '')));
      await untilClosed(fleet.api, numbers);
    }),
  );
}

const ISSUES = 6;
/** Comment, receipt and release come after the issue is closed. */
const REST_MS = 5_000;
/** Checks of the base are looked for once a minute. */
const FIRST_CHECK_MS = 65_000;

async function withFleet(size, use) {
  const root = mkdtempSync(path.join(tmpdir(), 'harness-bench-'));
  const forge = openForge(root);
  let fleet = null;
  try {
    const count = String(size);
    fleet = await setUp(root, await forge.address, {
      agent: AGENT,
      init: ['--pool', count, '--cap', count],
    });
    await fleet.harness('start');
    await pause(REST_MS);
    await use(fleet);
  } finally {
    await fleet?.harness('stop', '--now');
    await forge.close();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function file({ api }, body) {
  return (await api('POST', 'issues', { title: 'Something', body, labels: ['ready-for-agent'] })).number;
}

/** A required check as CI reports it: of the base and of each pull request, pending at first, and done a second later. */
async function withChecks(fleet) {
  const { api } = fleet;
  await api('PUT', 'branches/main/protection', {
    required_status_checks: { strict: false, contexts: ['build'] },
    ...{ enforce_admins: true, required_pull_request_reviews: null, restrictions: null },
  });
  const seen = new Set();
  let isOver = false;
  const report = (sha, state) => api('POST', `statuses/${sha}`, { state, context: 'build' });
  const watch = (async () => {
    while (!isOver) {
      const base = await api('GET', 'git/ref/heads/main');
      const pulls = await api('GET', 'pulls?state=open&per_page=100');
      for (const sha of [base.object.sha, ...pulls.map(({ head }) => head.sha)]) {
        if (seen.has(sha)) continue;
        seen.add(sha);
        await report(sha, 'pending');
        setTimeout(() => void report(sha, 'success'), 1_000);
      }
      await pause(50);
    }
  })();
  // Until the fleet has seen that there are checks.
  await pause(FIRST_CHECK_MS);
  for (let index = 0; index < ISSUES; index++) await untilClosed(api, [await file(fleet, '')]);
  isOver = true;
  await watch;
}

async function cost(name, { requests }, issues, work) {
  const before = (await requests()).length;
  await work();
  await pause(REST_MS);
  const own = (await requests()).slice(before).filter(({ path: asked }) => !asked.includes('bench=1'));
  const points = own.reduce((sum, { rateLimitCost }) => sum + rateLimitCost, 0);
  const pushes = own.filter(({ route }) => route.endsWith('/git-receive-pack')).length;
  const each = count => (count / issues).toFixed(1).padStart(4);
  row(name, `${each(points)} points, ${each(pushes)} pushes`);
}
