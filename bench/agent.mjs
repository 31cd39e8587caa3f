// The bench's agent: no work of its own, so that what is measured is the engine. Notes when it starts and ends.
import { execFileSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';

const { HARNESS_ISSUE: issue, HARNESS_NONCE: nonce, HARNESS_REPO: repo, HARNESS_OUTCOME } = process.env;
const note = event =>
  appendFileSync(process.argv[2], `${JSON.stringify({ issue: Number(issue), event, at: Date.now() })}\n`);

note('start');
writeFileSync(`work-${issue}.txt`, 'done\n');
execFileSync('git', ['add', '.']);
execFileSync('git', ['commit', '--quiet', '-m', `Work on ${issue}`]);
const outcome = { status: 'done', summary: 'Done.', criteria: [], blockers: [], discoveries: [] };
writeFileSync(HARNESS_OUTCOME, JSON.stringify({ version: 1, nonce, repo, issue: Number(issue), ...outcome }));
note('end');
