import { expect, it } from 'vitest';
import { aTown, kill, REPO, type Town, until } from './fleet.ts';

/** Sends something to the forge's API as the fleet's account, which administers the repository. */
async function send({ forge, token }: Town, method: 'PUT' | 'POST', path: string, body: unknown) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const address = `${forge.apiUrl}/repos/${REPO}/${path}`;
  const answer = await fetch(address, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}

/** Has `main` merged into by a queue alone, which wants the check `build` on every merge. */
async function addQueue(town: Town): Promise<void> {
  await send(town, 'PUT', 'branches/main/protection', {
    required_status_checks: { strict: false, contexts: ['build'] },
    enforce_admins: true,
    required_pull_request_reviews: null,
    restrictions: null,
  });
  await send(town, 'POST', 'rulesets', {
    name: 'queue',
    enforcement: 'active',
    conditions: { ref_name: { include: ['~DEFAULT_BRANCH'] } },
    rules: [{ type: 'merge_queue', parameters: { merge_method: 'SQUASH' } }],
  });
}

/** Reports the check of every branch below `prefix` that has none yet. */
async function build(town: Town, prefix: string, state: 'success' | 'failure', built: Set<string>) {
  const tips = town.git('for-each-ref', '--format=%(objectname)', prefix).split('\n').filter(Boolean);
  for (const sha of tips.filter(tip => !built.has(tip))) {
    built.add(sha);
    await send(town, 'POST', `statuses/${sha}`, { state, context: 'build' });
  }
  return tips.length;
}

const HEADS = 'refs/heads/issue/';
const GROUPS = 'refs/heads/gh-readonly-queue/';

it('lands through the merge queue of a repository, though its workers are killed meanwhile', {
  timeout: 180_000,
}, async () => {
  const town = await aTown();
  await addQueue(town);
  const issues = [town.issue('one'), town.issue('two')];
  const fleet = await town.fleet('a', { HARNESS_POLL: '1' });
  expect((await fleet.harness('start')).exit).toBe(0);
  const built = new Set<string>();
  await until('both are in the queue', 90_000, async () => {
    await build(town, HEADS, 'success', built);
    return town.git('for-each-ref', GROUPS).split('\n').filter(Boolean).length === 2;
  });
  await until('it is said of both', 60_000, async () => {
    const said = await Promise.all(issues.map(issue => fleet.harness('explain', String(issue))));
    return said.every(({ out }) => out.includes('merge queue of main has it'));
  });

  for (const { pid } of fleet.processes()) kill(pid);
  await until(
    'the queue has merged both',
    60_000,
    async () => (await build(town, GROUPS, 'success', built)) === 0,
  );
  expect((await fleet.harness('start')).exit).toBe(0);
  await until('each attempt has its receipt', 60_000, () =>
    issues.every(issue => town.journal(issue).at(-1)?.op === 'release'),
  );

  const receipts = issues.flatMap(issue => town.journal(issue).filter(({ op }) => op === 'receipt'));
  expect(receipts.map(({ failure }) => failure)).toEqual([undefined, undefined]);
  const files = town.git('ls-tree', '-r', '--name-only', 'main');
  for (const issue of issues) expect(files).toContain(`work/${issue}.txt`);
  const readBacks = receipts.flatMap(({ gates }) => gates.filter(({ gate }) => gate === 'read-back'));
  expect(readBacks.map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
  expect(readBacks.map(({ reason }) => reason).join()).toContain('together with others');
  expect(town.git('branch', '--list', 'issue/*')).toBe('');
});
