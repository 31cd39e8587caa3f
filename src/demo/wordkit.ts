import { FEATURES, type Feature } from './features.ts';
import type { DemoProject } from './project.ts';

/** Files of the first commit: tests, and nothing that they test. */
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

const SPEC_FILE = 'docs/spec.md';

const SPEC = `# wordkit

Authors want to know what is in their texts. wordkit gives them small functions, each the default export of a file
of its own in \`src/\`; \`test/spec.test.js\` has examples for each.

${FEATURES.map(({ text }) => `- ${text}\n`).join('')}
The README names all of them.
`;

const TESTS = ['node', '--test', 'test/'] as const;

/** The project that the demo brings along; its scripted agent knows these issues. */
export const WORDKIT: DemoProject = {
  name: 'wordkit',
  source: { kind: 'files', files: FILES },
  issues: FEATURES.map(feature => ({
    title: feature.title,
    body: bodyOf(feature),
    labels: ['ready-for-agent'],
  })),
  spec: null,
  setup: '',
  verify: TESTS.join(' '),
  tests: TESTS,
};

/** The same functions, asked for on one page: agents plan them, file them, build them and review what came of it. */
export const PLANNED_WORDKIT: DemoProject = {
  ...WORDKIT,
  source: { kind: 'files', files: { ...FILES, [SPEC_FILE]: SPEC } },
  issues: [],
  spec: SPEC_FILE,
};

/** With its blockers as the engine reads them. */
function bodyOf({ key, text, after }: Feature): string {
  const numberOf = (blocker: string) => FEATURES.findIndex(feature => feature.key === blocker) + 1;
  const blockers = after.map(blocker => `- #${numberOf(blocker)}`);
  const section = blockers.length > 0 ? `\n## Blocked by\n\n${blockers.join('\n')}\n` : '';
  return `${text}\n\nIt goes to \`src/${key}.js\` as the default export.\n${section}`;
}
