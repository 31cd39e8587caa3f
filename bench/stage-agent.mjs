// The demo's agent, with its times noted outside of its worktree.
import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [, , notes] = process.argv;
const { HARNESS_KIND: kind, HARNESS_ISSUE: issue } = process.env;
const note = event =>
  appendFileSync(notes, `${JSON.stringify({ kind, issue: Number(issue), event, at: Date.now() })}\n`);

note('start');
spawnSync(process.execPath, [fileURLToPath(new URL('../dist/demo-agent.js', import.meta.url))], {
  stdio: 'inherit',
});
note('end');
