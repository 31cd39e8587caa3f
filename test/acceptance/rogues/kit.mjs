// What the rogues share: how a good agent would commit and report, and how they learn what they were told.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const { HARNESS_ISSUE, HARNESS_NONCE, HARNESS_REPO, HARNESS_OUTCOME, HARNESS_PROMPT } = process.env;

export const ISSUE = Number(HARNESS_ISSUE);

/** The file that an issue asks for. */
export const WORK = `work/${ISSUE}.txt`;

export const OUTCOME_FILE = HARNESS_OUTCOME;

export const git = (...args) => execFileSync('git', args, { encoding: 'utf8', stdio: 'pipe' });

export function write(file, text) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Commits files by their text; a function of the text there is changes a file. */
export function commit(files, message = `Work on ${ISSUE}`) {
  for (const [file, text] of Object.entries(files)) {
    write(file, typeof text === 'function' ? text(readFileSync(file, 'utf8')) : text);
  }
  git('add', '--all', '--force');
  git('commit', '--quiet', '--no-verify', '--message', message);
}

/** Does what the issue asks for. */
export const doTheWork = (message = undefined) => commit({ [WORK]: 'right\n' }, message);

export const outcome = (over = {}) => ({
  version: 1,
  nonce: HARNESS_NONCE,
  repo: HARNESS_REPO,
  issue: ISSUE,
  status: 'done',
  summary: `Worked on ${ISSUE}.`,
  criteria: [],
  blockers: [],
  discoveries: [],
  ...over,
});

/** Leaves an outcome: fields that differ from a plain `done`, or the text of the file. */
export const finish = (over = {}) =>
  writeFileSync(OUTCOME_FILE, typeof over === 'string' ? over : JSON.stringify(outcome(over)));

/** What the issue's text says after `name: `. */
export function told(name) {
  const found = new RegExp(`^${name}: (.*)$`, 'm').exec(readFileSync(HARNESS_PROMPT, 'utf8'));
  if (!found) throw new Error(`The issue says nothing of ${name}.`);
  return found[1];
}

/** Waits until a file of the base branch has a text in it. */
export async function untilBaseHas(file, text) {
  for (;;) {
    git('fetch', '--quiet', told('git'), 'main');
    if (git('show', `FETCH_HEAD:${file}`).includes(text)) return;
    await pause(200);
  }
}

/** Does nothing for longer than any session may take. */
export const waitForEver = () => pause(3_600_000);

/** The message of what a try throws; an empty text when it succeeds. */
export function failureOf(attempt) {
  try {
    attempt();
    return '';
  } catch (error) {
    return String(error.stderr || error.message);
  }
}
