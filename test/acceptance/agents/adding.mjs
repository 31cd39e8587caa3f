// An agent that proposes additions. The brief in its prompt says what kind of agent it is.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const { HARNESS_KIND, HARNESS_NONCE, HARNESS_REPO, HARNESS_OUTCOME, HARNESS_PROMPT } = process.env;
const prompt = readFileSync(HARNESS_PROMPT, 'utf8');
const [, until] = /wait for the file (\S+)/.exec(prompt) ?? [];
while (until && !existsSync(until)) await pause(20);

const issue = (key, facts) => ({
  key,
  title: `Build ${key}`,
  body: `Somebody needs ${key}.`,
  covers: [],
  acceptance: [`There is ${key}.`],
  blockedBy: [],
  scope: [`src/${key}`],
  size: 'small',
  parent: null,
  ...facts,
});

const prd = {
  key: 'french',
  title: 'Speak French',
  problem: 'Nobody in Paris understands it.',
  boundaries: 'No German.',
  criteria: ['It says bonjour.'],
  blockedBy: [],
};

const proposal = prompt.includes('hostile')
  ? { prds: [], issues: [issue('a', { blockedBy: ['b'] }), issue('b', { blockedBy: ['a'] })], reopen: [] }
  : prompt.includes('speak French')
    ? { prds: [prd], issues: [issue('accents', { parent: 1, covers: ['1'] })], reopen: [1] }
    : { prds: [], issues: [issue('sentences'), issue('report', { blockedBy: ['sentences'] })], reopen: [] };

writeFileSync(
  HARNESS_OUTCOME,
  JSON.stringify({
    version: 1,
    nonce: HARNESS_NONCE,
    repo: HARNESS_REPO,
    issue: 0,
    status: 'done',
    summary: `Did ${HARNESS_KIND}.`,
    criteria: [],
    blockers: [],
    discoveries: [],
    proposal: { kind: 'additions', ...proposal },
  }),
);
