import type { DemoProject } from './project.ts';

/** Files of the first commit: a specification and no features. */
const FILES: Readonly<Record<string, string>> = {
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

const TESTS = ['node', '--test', 'test/'] as const;

/** A function that is to be written. `after` are keys of those that it needs. */
interface Feature {
  readonly key: string;
  readonly title: string;
  readonly text: string;
  readonly after: readonly string[];
}

/** A diamond (one, then three, then one), and one that goes wrong at first. */
const FEATURES: readonly Feature[] = [
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

/** The project that the demo brings along; its scripted agent knows these issues. */
export const WORDKIT: DemoProject = {
  name: 'wordkit',
  source: { kind: 'files', files: FILES },
  issues: FEATURES.map(feature => ({
    title: feature.title,
    body: bodyOf(feature),
    labels: ['ready-for-agent'],
  })),
  setup: '',
  verify: TESTS.join(' '),
  tests: TESTS,
};

/** With its blockers as the engine reads them. */
function bodyOf({ key, text, after }: Feature): string {
  const numberOf = (blocker: string) => FEATURES.findIndex(feature => feature.key === blocker) + 1;
  const blockers = after.map(blocker => `- #${numberOf(blocker)}`);
  const section = blockers.length > 0 ? `\n## Blocked by\n\n${blockers.join('\n')}\n` : '';
  return `${text}\n\nIt goes to \`src/${key}.js\` as the default export.\n${section}`;
}
