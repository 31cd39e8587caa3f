// An agent whose behaviour is the first word of the issue's title; `gated` waits until the file is there that the
// second word names. Anything else than the words below does the
// work: one new file, committed, and a valid outcome.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const { HARNESS_TITLE, HARNESS_ISSUE, HARNESS_ATTEMPT, HARNESS_NONCE, HARNESS_REPO, HARNESS_OUTCOME } =
  process.env;
const [behaviour, subject] = HARNESS_TITLE.split(' ');
const isFirst = HARNESS_ATTEMPT === '1';
// More than a pull request takes, and half of it outside of the basic plane.
const WORDS = Array.from({ length: 400 }, (_, index) => ({
  id: `criterion ${index + 1}`,
  evidence: `${'🙂 '.repeat(60)}${'proof '.repeat(20)}`.trim(),
}));

console.log(`agent on #${HARNESS_ISSUE}, attempt ${HARNESS_ATTEMPT}`);
if (behaviour === 'slow') await pause(2_000);
if (behaviour === 'endless-once' && isFirst) await pause(600_000);
if (behaviour === 'patient') await pause(12_000);
while (behaviour === 'gated' && !existsSync(subject)) await pause(50);
if (behaviour === 'deaf' && isFirst) process.on('SIGTERM', () => {});
if (['deaf', 'polite', 'leaky'].includes(behaviour)) {
  if (isFirst) await scribble();
  else report();
}
if (behaviour === 'crash' && isFirst) process.exit(3);
if (behaviour === 'silent' && isFirst) process.exit(0);
if (behaviour === 'garbage' && isFirst) finish('this is not JSON');
else if (behaviour === 'meddler' && isFirst) {
  commit('.github/workflows/ci.yml', 'on: push\n');
  finish(outcome('done'));
} else if (behaviour === 'liar' && isFirst) finish(outcome('done'));
else {
  commit(`work/${HARNESS_ISSUE}.txt`, behaviour === 'wrong' && isFirst ? 'wrong\n' : 'right\n');
  finish(outcome('done', behaviour === 'wordy' ? WORDS : []));
}

// Leaves work of every kind, and then never comes to an end by itself.
async function scribble() {
  commit('work/committed.txt', 'committed\n');
  writeFileSync('README.md', 'changed\n');
  writeFileSync('work/untracked.txt', behaviour === 'leaky' ? `${process.env.SOME_KEY}\n` : 'untracked\n');
  if (behaviour === 'polite') {
    process.on('SIGTERM', () => {
      writeFileSync(process.env.HARNESS_HANDOFF, 'The next step is to finish.\n');
      process.exit(0);
    });
  }
  console.log('scribbled');
  await pause(600_000);
}

// Shows what it found of the attempt before it, and in its prompt, in a file that lands.
function report() {
  const found = ['work/committed.txt', 'README.md', 'work/untracked.txt']
    .map(file => (existsSync(file) ? readFileSync(file, 'utf8') : 'missing\n'))
    .join('');
  const prompt = readFileSync(process.env.HARNESS_PROMPT, 'utf8');
  const handoff = /The next step is to finish|The last words of the agent/.exec(prompt)?.[0];
  commit('work/found.txt', `${found}${handoff ?? 'no handoff'}\n`);
}

function commit(file, text) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  execFileSync('git', ['add', '--', file]);
  // An attempt that was cut short may have committed the very same.
  execFileSync('git', ['commit', '--quiet', '--allow-empty', '-m', `Work on ${HARNESS_ISSUE}`]);
}

function outcome(status, criteria = []) {
  return JSON.stringify({
    version: 1,
    nonce: HARNESS_NONCE,
    repo: HARNESS_REPO,
    issue: Number(HARNESS_ISSUE),
    status,
    summary: `Worked on ${HARNESS_ISSUE}.`,
    criteria,
    blockers: [],
    discoveries: [],
  });
}

function finish(text) {
  writeFileSync(HARNESS_OUTCOME, text);
}
