import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { aTown, type Fleet, REPO, type Town, until, within } from './fleet.ts';

interface Row {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly { readonly name: string }[];
  readonly pull_request?: object;
}

const issuesOf = async (town: Town) =>
  (await town.api<readonly Row[]>('issues?state=all&direction=asc')).filter(row => !row.pull_request);

function write({ dir }: Fleet, name: string, text: string): string {
  const file = path.join(dir, name);
  writeFileSync(file, text);
  return file;
}

const FILE =
  '# Split words\nKey: words\n\nAll of them.\n\n# Count words\nLabels: later\nBlocked by: words, #1\n';

it('files the issues of a file once, and says who will take them up', async () => {
  const town = await aTown();
  town.issue('first');
  const fleet = await town.fleet('one');
  const file = write(fleet, 'new.md', FILE);

  const shown = await fleet.harness('issue', '--file', file, '--dry-run');
  expect(shown).toMatchObject({ exit: 0, err: '' });
  expect(shown.out).toBe(
    [
      'To be added to acme/app:',
      '  Split words  [ready-for-agent]',
      '  Count words  [later]  after "Split words", #1',
      'Nobody takes up "Count words": it has none of the labels ready-for-agent, prd and bug.',
      'No worker runs on this host: `harness start` starts them.',
    ].join('\n'),
  );
  const asked = await fleet.harness('issue', '--file', file);
  expect(asked).toMatchObject({ exit: 2, err: expect.stringContaining('--yes') });
  expect(await issuesOf(town)).toHaveLength(1);

  const added = await fleet.harness('issue', '--file', file, '--yes');
  expect(added).toMatchObject({ exit: 0, err: '' });
  expect(added.out).toMatch(
    /added acme\/app#2 Split words\nadded acme\/app#3 Count words\nNobody takes up "Count words": .*\nNo worker runs/,
  );
  const [, words, count] = await issuesOf(town);
  expect(words?.labels.map(({ name }) => name)).toEqual(['ready-for-agent']);
  expect(words?.body).toMatch(/^<!-- harness:key file\/issues\/[\w-]+ -->\n\nAll of them\.$/m);
  expect(count?.body).toContain('## Blocked by\n\n- #2\n- #1');

  await fleet.harness('pause');
  write(fleet, 'new.md', `${FILE}\n# Say words\n`);
  const again = await fleet.harness('issue', '--file', file, '--yes', '--json');
  expect(JSON.parse(again.out)).toMatchObject({
    added: [{ number: 4, title: 'Say words' }],
    filed: [{ number: 2 }, { number: 3 }],
    pickUp: { workers: 0, paused: true, others: [] },
  });

  const wrong = write(
    fleet,
    'wrong.md',
    '# First\nBlocked by: #99\n\n# a\nKey: a\nBlocked by: b\n\n# b\nKey: b\nBlocked by: a\n',
  );
  const refused = await fleet.harness('issue', '--file', wrong, '--yes');
  expect(refused.exit).toBe(5);
  expect(refused.err).toMatch(
    /#1 has this title and is open[\s\S]*there is no issue acme\/app#99[\s\S]*in a circle/,
  );
  expect((await fleet.harness('issue')).exit).toBe(2);
  expect(await issuesOf(town)).toHaveLength(4);
  expect(town.git('for-each-ref', 'refs/harness/stages/main')).not.toBe('');
}, 240_000);

it('has a running fleet take up at once what a file adds', async () => {
  const town = await aTown();
  const fleet = await town.fleet('one');
  await fleet.harness('start');
  const added = await fleet.harness(
    'issue',
    '--file',
    write(fleet, 'new.md', FILE.replace(', #1', '')),
    '--yes',
  );
  expect(added).toMatchObject({ exit: 0, out: expect.stringContaining('2 workers of this fleet run') });
  await town.untilClosed([1]);
  expect(town.journal(2)).toEqual([]);
}, 240_000);

const PROGRAM = path.resolve(import.meta.dirname, '../../bin/harness');
const AGENT = path.join(import.meta.dirname, 'agents/adding.mjs');
const ADDING = { HARNESS_MODE: 'prd', HARNESS_AGENT_COMMAND: `"${process.execPath}" "${AGENT}"` };

async function close({ forge, token }: Town, number: number): Promise<void> {
  const answer = await fetch(`${forge.apiUrl}/repos/${REPO}/issues/${number}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ state: 'closed' }),
  });
  expect(answer.status).toBe(200);
}

/** Worktrees of sessions. */
function worktreesOf({ home }: Fleet): readonly string[] {
  const fleets = within(path.join(home, '.harness/fleets'));
  return fleets.flatMap(fleet => within(path.join(fleet, 'worktrees')));
}

/** What a session of a command could have left on a host. */
function remainsOf(fleet: Fleet): readonly string[] {
  const run = path.join(fleet.dir, '.harness/run');
  const left = existsSync(run) ? readdirSync(run).filter(name => name.startsWith('inject-')) : [];
  return [...left, ...worktreesOf(fleet), ...fleet.processes().map(({ command }) => command)];
}

it('adds what an agent proposes for a sentence, without a running fleet', async () => {
  const town = await aTown();
  const done = { repo: REPO, author: 'bot' };
  town.forge.addIssue({
    ...done,
    title: 'Speak',
    body: '## Acceptance criteria\n\n1. It speaks.\n',
    labels: ['prd', 'reviewed'],
  });
  town.forge.addIssue({
    ...done,
    title: 'Say hello',
    body: '## Parent\n\n#1\n',
    labels: ['ready-for-agent'],
  });
  for (const number of [1, 2]) await close(town, number);
  const fleet = await town.fleet('one', ADDING);

  const shown = await fleet.harness('issue', 'count the sentences', '--dry-run');
  expect(shown).toMatchObject({ exit: 0, err: '' });
  expect(shown.out).toMatch(
    /issue {2}Build sentences {2}in src\/sentences\n {2}issue {2}Build report .* after "Build sentences"/,
  );
  const unasked = await fleet.harness('issue', 'count the sentences');
  expect(unasked).toMatchObject({ exit: 2, err: expect.stringContaining('--yes') });
  expect(await issuesOf(town)).toHaveLength(2);

  const plan = await fleet.harness('plan', 'speak French', '--yes', '--json');
  expect(plan).toMatchObject({ exit: 0, err: '' });
  expect(JSON.parse(plan.out)).toMatchObject({
    added: [{ title: 'Speak French' }, { title: 'Build accents' }],
    reopened: [1],
  });
  const [prd, , french, accents] = await issuesOf(town);
  expect(prd?.labels.map(({ name }) => name)).toEqual(['prd']);
  expect(french?.labels.map(({ name }) => name)).toEqual(['prd']);
  expect(accents?.body).toContain('Covers criterion 1 of #1.');

  const prompt = await fleet.harness('prompt', 'inject', 'speak French');
  expect(prompt.out).toMatch(
    /# Asked for: PRDs, issues, .*\n\nspeak French\n[\s\S]*PRD #1 \(open\): Speak\n {2}1\. It speaks\./,
  );
  expect(prompt.out).not.toMatch(/\{\{|undefined/);

  const hostile = await fleet.harness('issue', 'hostile', '--yes');
  expect(hostile).toMatchObject({ exit: 5, err: expect.stringContaining('in a circle') });
  const kinds = await fleet.harness('prd', 'count the sentences', '--yes');
  expect(kinds).toMatchObject({ exit: 5, err: expect.stringContaining('more than PRDs') });

  const late = fleet.harness('issue', 'count, but wait for the file go', '--yes');
  await until('the agent is asked', 60_000, () =>
    fleet.processes().some(({ command }) => command.includes(AGENT)),
  );
  town.issue('Meanwhile');
  for (const worktree of worktreesOf(fleet)) writeFileSync(path.join(worktree, 'go'), '');
  expect(await late).toMatchObject({ exit: 5, err: expect.stringContaining('#5 is new: Meanwhile') });
  expect(await issuesOf(town)).toHaveLength(5);
  expect(remainsOf(fleet)).toEqual([]);
}, 240_000);

/** Types a command of the fleet in a terminal of its own, and answers what it asks. */
async function atTerminal({ dir, env }: Fleet, line: string, answer: string): Promise<string> {
  const socket = path.join(dir, '.harness', `terminal-${answer}`);
  const tmux = (...args: readonly string[]) =>
    execa('tmux', ['-S', socket, '-f', '/dev/null', ...args], { env, extendEnv: false, reject: false });
  const shown = async () => (await tmux('capture-pane', '-p', '-t', 'it')).stdout;
  try {
    await tmux('new-session', '-d', '-s', 'it', '-x', '120', '-y', '40', '-c', dir, 'sh');
    await tmux('send-keys', '-t', 'it', '-l', `"${PROGRAM}" ${line}; echo "ended with $?"`);
    await tmux('send-keys', '-t', 'it', 'Enter');
    await until('it asks', 60_000, async () => (await shown()).includes('Go ahead?'));
    await tmux('send-keys', '-t', 'it', answer);
    await until('it ends', 60_000, async () => /ended with \d/.test(await shown()));
    return await shown();
  } finally {
    await tmux('kill-server');
  }
}

it('asks at a terminal before it writes, after it has shown what', async () => {
  const town = await aTown();
  const fleet = await town.fleet('one', ADDING);
  const refused = await atTerminal(fleet, 'issue "count the sentences"', 'n');
  expect(refused).toMatch(/issue {2}Build sentences[\s\S]*Nothing was written[\s\S]*ended with 0/);
  expect(await issuesOf(town)).toEqual([]);
  const agreed = await atTerminal(fleet, 'issue "count the sentences"', 'y');
  expect(agreed).toMatch(
    /added acme\/app#1 Build sentences\s+added acme\/app#2 Build report[\s\S]*ended with 0/,
  );
  expect(await issuesOf(town)).toHaveLength(2);
}, 240_000);

it('leaves nothing behind when it is interrupted, nor what a killed one had left', async () => {
  const town = await aTown();
  const fleet = await town.fleet('one', ADDING);
  const { env, dir } = fleet;
  const endWith = async (signal: 'SIGKILL' | 'SIGINT') => {
    const running = execa(PROGRAM, ['plan', 'wait for the file go', '--yes'], {
      ...{ cwd: dir, env, extendEnv: false, reject: false, stdin: 'ignore' },
    });
    const before = agentsOf(fleet);
    await until('the agent works', 60_000, () => agentsOf(fleet).some(pid => !before.includes(pid)));
    running.kill(signal);
    return running;
  };
  await endWith('SIGKILL');
  expect(worktreesOf(fleet)).toHaveLength(1);
  expect(agentsOf(fleet).length).toBeGreaterThan(0);
  expect(await endWith('SIGINT')).toMatchObject({
    exitCode: 130,
    stderr: expect.stringContaining('nothing was written'),
  });
  expect(await issuesOf(town)).toEqual([]);
  expect(remainsOf(fleet)).toEqual([]);
}, 240_000);

/** Agents themselves: a shell that is about to become one, or starts one, is none yet. */
const agentsOf = ({ processes }: Fleet) =>
  processes().flatMap(({ pid, command }) => (command === `${process.execPath} ${AGENT}` ? [pid] : []));
