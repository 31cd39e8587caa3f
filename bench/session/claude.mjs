#!/usr/bin/env node
// Looks to the engine like Claude Code that needs no time of its own: it calls its hooks, leaves an outcome, and says
// in `times.json` when it was started, how long the engine's hooks took before its first answer, and when it was done.
// In print mode it ends then; in a terminal it waits to be ended.
import { execSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const { HARNESS_ISSUE: issue, HARNESS_NONCE: nonce, HARNESS_REPO: repo, HARNESS_OUTCOME } = process.env;
const args = process.argv.slice(2);
const isPrint = args.includes('-p');
const { hooks } = JSON.parse(readFileSync(args[args.indexOf('--settings') + 1], 'utf8'));
const hook = (name, event = {}) =>
  execSync(hooks[name][0].hooks[0].command, { input: JSON.stringify({ hook_event_name: name, ...event }) });

// Its own start is not the engine's.
const bornAt = performance.timeOrigin;
const calledAt = Date.now();
hook('SessionStart');
if (!isPrint) hook('UserPromptSubmit', { prompt: args.at(-1) });
const hookMs = Date.now() - calledAt;
const outcome = { status: 'done', summary: 'Done.', criteria: [], blockers: [], discoveries: [] };
writeFileSync(HARNESS_OUTCOME, JSON.stringify({ version: 1, nonce, repo, issue: Number(issue), ...outcome }));
writeFileSync('times.json', JSON.stringify({ bornAt, hookMs, endedAt: Date.now() }));
hook('Stop');
if (isPrint)
  process.stdout.write(`${JSON.stringify({ type: 'result', is_error: false, result: 'Done.' })}\n`);
else setInterval(() => {}, 1_000);
