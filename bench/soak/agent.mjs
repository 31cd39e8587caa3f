// An agent that works for a moment, commits one file and says that it is done. One in ten attempts ends without
// a word.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const { HARNESS_ISSUE, HARNESS_NONCE, HARNESS_REPO, HARNESS_OUTCOME } = process.env;

await pause(5_000 + Math.random() * 15_000);
if (Math.random() < 0.1) process.exit(3);
mkdirSync('work', { recursive: true });
writeFileSync(`work/${HARNESS_ISSUE}.txt`, `${HARNESS_ISSUE}\n`);
execFileSync('git', ['add', '--all']);
execFileSync('git', ['commit', '--quiet', '--allow-empty', '-m', `Work on #${HARNESS_ISSUE}`]);
writeFileSync(
  HARNESS_OUTCOME,
  JSON.stringify({
    version: 1,
    nonce: HARNESS_NONCE,
    repo: HARNESS_REPO,
    issue: Number(HARNESS_ISSUE),
    status: 'done',
    summary: `Worked on #${HARNESS_ISSUE}.`,
    criteria: [],
    blockers: [],
    discoveries: [],
  }),
);
