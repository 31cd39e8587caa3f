import { FEATURES } from './features.ts';

const NAMES = FEATURES.map(({ key }) => key);

/** What the scripted agent does for one issue. */
export interface Recipe {
  readonly title: string;
  readonly file: string;
  readonly source: string;
  /** What the first attempt writes instead, without running the tests. */
  readonly mistake?: string;
}

/** Of all issues of the demo's own project, whoever files them. */
export const RECIPES: readonly Recipe[] = [
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
  {
    title: 'Name the functions in the README',
    file: 'README.md',
    source: `# wordkit\n\nA few functions about words:\n\n${NAMES.map(name => `- \`${name}\`\n`).join('')}`,
  },
];
