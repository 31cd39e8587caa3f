import { expect, it } from 'vitest';
import { aTown, ONE_WORKER, REPO, type Town, until } from './fleet.ts';

interface PullRow {
  readonly number: number;
  readonly state: string;
  readonly merged_at: string | null;
  readonly merge_commit_sha: string | null;
  readonly head: { readonly sha: string };
}

const pullsIn = ({ api }: Town) => api<readonly PullRow[]>('pulls?state=all');

/** Sends something to the forge's API as the fleet's account, which administers the repository. */
async function send({ forge, token }: Town, method: 'PUT' | 'POST', path: string, body: unknown) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${forge.apiUrl}/repos/${REPO}/${path}`, {
    method,
    headers,
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}

it('pushes what was verified with HARNESS_MERGE=ff, and GitHub shows it as merged', {
  timeout: 240_000,
}, async () => {
  const town = await aTown();
  const issues = [town.issue('one'), town.issue('two')];
  const fleet = await town.fleet('a', { ...ONE_WORKER, HARNESS_MERGE: 'ff' });
  expect((await fleet.harness('start')).exit).toBe(0);
  await town.untilClosed(issues);
  await until('receipts are written', 60_000, () =>
    issues.every(issue => town.journal(issue).at(-1)?.op === 'release'),
  );
  for (const { merged_at: merged, head } of await pullsIn(town)) {
    expect(merged).not.toBeNull();
    expect(town.git('branch', '--contains', head.sha)).toContain('main');
  }
  const landed = issues.map(issue => town.journal(issue).at(-2)?.landed?.commit);
  expect(landed).toContain(town.git('rev-parse', 'main').trim());
  expect(town.git('branch', '--list', 'issue/*')).toBe('');
});

it('brings branches up to date where the base asks for it, and waits for its checks', {
  timeout: 240_000,
}, async () => {
  const town = await aTown();
  await send(town, 'PUT', 'branches/main/protection', {
    required_status_checks: { strict: true, contexts: ['build'] },
    enforce_admins: true,
    required_pull_request_reviews: null,
    restrictions: null,
  });
  const issues = [town.issue('one'), town.issue('two')];
  const fleet = await town.fleet('a', { ...ONE_WORKER, HARNESS_POLL: '1' });
  expect((await fleet.harness('start')).exit).toBe(0);
  await until('both pull requests are open', 60_000, async () => (await pullsIn(town)).length === 2);

  const built = new Set<string>();
  await until('both have landed', 60_000, async () => {
    const open = (await pullsIn(town)).filter(({ state }) => state === 'open');
    for (const { head } of open.filter(pull => !built.has(pull.head.sha))) {
      built.add(head.sha);
      await send(town, 'POST', `statuses/${head.sha}`, { state: 'success', context: 'build' });
    }
    return open.length === 0;
  });
  await until('receipts are written', 60_000, () =>
    issues.every(issue => town.journal(issue).at(-1)?.op === 'release'),
  );
  // One of the two was built as its agent had made it, and with the other merged in.
  expect(built.size).toBe(3);
  expect(issues.flatMap(issue => town.journal(issue)).some(({ failure }) => failure)).toBe(false);
  expect(town.git('ls-tree', '-r', '--name-only', 'main')).toContain(`work/${issues[1]}.txt`);
});
