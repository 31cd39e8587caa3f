/**
 * The demo's agent: a real program that edits files, runs the project's tests and commits, but follows a fixed
 * recipe. It says so. No model is involved.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { proposalOf } from './proposals.ts';
import { RECIPES, type Recipe } from './recipes.ts';

const {
  HARNESS_KIND = '',
  HARNESS_TITLE = '',
  HARNESS_ATTEMPT,
  HARNESS_OUTCOME = '',
  HARNESS_PROMPT = '',
} = process.env;
const prompt = readFileSync(HARNESS_PROMPT, 'utf8');
say(`scripted agent, attempt ${HARNESS_ATTEMPT}: I follow a fixed recipe, no model is involved.`);
say(`read a prompt of ${prompt.length} characters for "${HARNESS_TITLE}"`);

const recipe = HARNESS_KIND === 'IMPL' ? RECIPES.find(({ title }) => title === HARNESS_TITLE) : undefined;
const proposal = proposalOf(HARNESS_KIND, HARNESS_TITLE);
if (recipe) await follow(recipe);
else if (proposal) finish('done', `Proposed what ${HARNESS_KIND} asks for.`, { proposal });
else finish('failed', `there is no recipe for "${HARNESS_TITLE}"`);

async function follow({ file, source, mistake, title }: Recipe): Promise<void> {
  const isWrong = mistake !== undefined && HARNESS_ATTEMPT === '1';
  await pause(1_000);
  mkdirSync('src', { recursive: true });
  writeFileSync(file, isWrong ? mistake : source);
  say(`wrote ${file}`);
  if (isWrong) say('skipping the tests: this attempt is wrong on purpose, to show what catches it');
  else say(run('node', ['--test', 'test/']).split('\n').slice(-9).join('\n'));
  run('git', ['add', '--', file]);
  run('git', ['commit', '--quiet', '-m', title]);
  say(`committed ${run('git', ['rev-parse', '--short', 'HEAD']).trim()}`);
  finish('done', `Added ${file}.`);
}

function finish(status: 'done' | 'failed', summary: string, more: object = {}): void {
  const { HARNESS_NONCE, HARNESS_REPO, HARNESS_ISSUE } = process.env;
  const outcome = {
    version: 1,
    nonce: HARNESS_NONCE,
    repo: HARNESS_REPO,
    issue: Number(HARNESS_ISSUE),
    status,
    summary,
    criteria: [],
    blockers: [],
    discoveries: [],
    ...more,
  };
  writeFileSync(HARNESS_OUTCOME, JSON.stringify(outcome));
  say(`outcome: ${status}`);
}

function run(program: string, args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8' });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
