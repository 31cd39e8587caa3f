/** The project that the demo works on, as files of its first commit. It has a specification and no features. */
export const PROJECT_FILES: Readonly<Record<string, string>> = {
  'package.json': `${JSON.stringify({ name: 'wordkit', version: '0.0.0', type: 'module', private: true }, null, 2)}\n`,
  'README.md': '# wordkit\n\nA few functions about words. Each one is an issue.\n',
  'test/spec.test.js': `import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import test from 'node:test';

// What each function must do. A function that is not there yet is skipped.
const spec = {
  tokens: [['The cat. The hat!', ['the', 'cat', 'the', 'hat']]],
  count: [['The cat. The hat!', 4], ['', 0]],
  longest: [['a bee flies', 'flies']],
  frequency: [['the cat the hat', { the: 2, cat: 1, hat: 1 }]],
  report: [['the cat the hat', '4 words, longest "the", most frequent "the"']],
  slug: [['Hello, World!', 'hello-world']],
};

for (const [name, cases] of Object.entries(spec)) {
  const file = new URL(\`../src/\${name}.js\`, import.meta.url);
  test(name, { skip: !existsSync(file) }, async () => {
    const { default: run } = await import(file);
    for (const [input, expected] of cases) assert.deepEqual(run(input), expected);
  });
}
`,
};

/** Runs the project's tests. */
export const PROJECT_TESTS = ['node', '--test', 'test/'] as const;

/** The same for HARNESS_VERIFY: proves a change. */
export const PROJECT_VERIFY = PROJECT_TESTS.join(' ');

/** An issue of the demo. `after` are keys of issues that block it. */
export interface DemoIssue {
  readonly key: string;
  readonly title: string;
  readonly text: string;
  readonly after: readonly string[];
}

/** A diamond (one, then three, then one), and one that goes wrong at first. */
export const DEMO_ISSUES: readonly DemoIssue[] = [
  {
    key: 'tokens',
    title: 'Split text into words',
    text: '`tokens(text)` returns the words in lower case.',
    after: [],
  },
  {
    key: 'count',
    title: 'Count words',
    text: '`count(text)` returns how many words there are.',
    after: ['tokens'],
  },
  { key: 'longest', title: 'Find the longest word', text: '`longest(text)` returns it.', after: ['tokens'] },
  {
    key: 'frequency',
    title: 'Count how often each word occurs',
    text: '`frequency(text)` returns an object.',
    after: ['tokens'],
  },
  {
    key: 'report',
    title: 'Report on a text',
    text: '`report(text)` says it in one line.',
    after: ['count', 'longest', 'frequency'],
  },
  { key: 'slug', title: 'Make slugs', text: '`slug(text)` returns it for a web address.', after: [] },
];

/** The body of an issue, with its blockers as the engine reads them. */
export function issueBody(issue: DemoIssue, numbers: ReadonlyMap<string, number>): string {
  const blockers = issue.after.map(key => `- #${numbers.get(key)}`);
  const section = blockers.length > 0 ? `\n## Blocked by\n\n${blockers.join('\n')}\n` : '';
  return `${issue.text}\n\nIt goes to \`src/${issue.key}.js\` as the default export.\n${section}`;
}
