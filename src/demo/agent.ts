/**
 * The demo's agent: a real program that edits files, runs the project's tests and commits, but follows a fixed
 * recipe. It says so. No model is involved.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

interface Recipe {
  readonly title: string;
  readonly file: string;
  readonly source: string;
  /** What the first attempt writes instead, without running the tests. */
  readonly mistake?: string;
}

const RECIPES: readonly Recipe[] = [
  {
    title: 'Split text into words',
    file: 'src/tokens.js',
    source: 'export default text => text.toLowerCase().match(/[a-z]+/g) ?? [];\n',
  },
  {
    title: 'Count words',
    file: 'src/count.js',
    source: "import tokens from './tokens.js';\n\nexport default text => tokens(text).length;\n",
  },
  {
    title: 'Find the longest word',
    file: 'src/longest.js',
    source:
      "import tokens from './tokens.js';\n\nexport default text => tokens(text).reduce((a, b) => (b.length > a.length ? b : a), '');\n",
  },
  {
    title: 'Count how often each word occurs',
    file: 'src/frequency.js',
    source:
      "import tokens from './tokens.js';\n\nexport default text => {\n  const counts = {};\n  for (const word of tokens(text)) counts[word] = (counts[word] ?? 0) + 1;\n  return counts;\n};\n",
  },
  {
    title: 'Report on a text',
    file: 'src/report.js',
    source:
      "import count from './count.js';\nimport frequency from './frequency.js';\nimport longest from './longest.js';\n\nexport default text => {\n  const [most] = Object.entries(frequency(text)).sort(([, a], [, b]) => b - a)[0];\n  return count(text) + ' words, longest \"' + longest(text) + '\", most frequent \"' + most + '\"';\n};\n",
  },
  {
    title: 'Make slugs',
    file: 'src/slug.js',
    source: "export default text => text.toLowerCase().match(/[a-z0-9]+/g).join('-');\n",
    mistake: "export default text => text.replaceAll(' ', '-');\n",
  },
];

const { HARNESS_TITLE = '', HARNESS_ATTEMPT, HARNESS_OUTCOME = '', HARNESS_PROMPT = '' } = process.env;
const prompt = readFileSync(HARNESS_PROMPT, 'utf8');
say(`scripted agent, attempt ${HARNESS_ATTEMPT}: I follow a fixed recipe, no model is involved.`);
say(`read a prompt of ${prompt.length} characters for "${HARNESS_TITLE}"`);

const recipe = RECIPES.find(({ title }) => title === HARNESS_TITLE);
if (recipe) await follow(recipe);
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

function finish(status: 'done' | 'failed', summary: string): void {
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
