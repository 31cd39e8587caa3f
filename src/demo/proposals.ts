import { existsSync, readFileSync } from 'node:fs';
import { FEATURES, type Feature } from './features.ts';
import { criteriaOf, STREAMS, type Stream } from './streams.ts';

/**
 * What the scripted agent proposes at a stage, `title` being that of the PRD; null where it has nothing to propose.
 * A review looks at the working directory.
 */
export function proposalOf(kind: string, title: string): object | null {
  if (kind === 'PLAN') return { kind: 'plan', text: PLAN };
  if (kind === 'PRD') return { kind: 'prds', prds: STREAMS.map(prdOf) };
  const stream = STREAMS.find(one => one.title === title);
  if (!stream) return null;
  if (kind === 'DECOMPOSE') return { kind: 'children', children: stream.features.map(childOf(stream)) };
  return kind === 'REVIEW' ? reviewOf(stream) : null;
}

const PLAN = `# Plan\n\nTests are there, no function is.\n\n${STREAMS.map(
  stream => `## ${stream.title}\n\n${stream.problem}\n\n${listOf(criteriaOf(stream))}\n`,
).join('\n')}`;

function prdOf(stream: Stream) {
  const { key, title, problem, after } = stream;
  return {
    ...{ key, title, problem, criteria: criteriaOf(stream), blockedBy: after },
    boundaries: 'Nothing that the specification does not name.',
  };
}

const childOf =
  ({ features, documents }: Stream) =>
  ({ key, title, text, after }: Feature, index: number) => {
    const isLast = index === features.length - 1;
    const covers = [index + 1, ...(documents && isLast ? [index + 2] : [])].map(String);
    return {
      ...{ key, title, covers, size: 'small' },
      body: `${text} It goes to src/${key}.js as the default export.`,
      acceptance: [`The examples of ${key} in the tests pass.`],
      blockedBy: after.filter(one => features.some(feature => feature.key === one)),
      scope: [`src/${key}.js`],
    };
  };

function reviewOf(stream: Stream) {
  const { features, documents } = stream;
  const functions = features.map(({ key }) => ({
    isMet: existsSync(`src/${key}.js`),
    evidence: `looked for src/${key}.js, whose examples were tested when it was merged`,
  }));
  const readme = readFileSync('README.md', 'utf8');
  const unnamed = FEATURES.filter(({ key }) => !readme.includes(`\`${key}\``)).map(({ key }) => key);
  const documented = {
    isMet: unnamed.length === 0,
    evidence: unnamed.length === 0 ? 'README.md names all of them' : `missing: ${unnamed.join(', ')}`,
  };
  const verdicts = [...functions, ...(documents ? [documented] : [])];
  return {
    kind: 'review',
    criteria: verdicts.map(({ isMet, evidence }, index) => ({
      id: String(index + 1),
      verdict: isMet ? 'met' : 'unmet',
      evidence,
    })),
    gaps: documents && unnamed.length > 0 ? [gapOf(String(verdicts.length))] : [],
  };
}

const gapOf = (criterion: string) => ({
  key: 'readme',
  title: 'Name the functions in the README',
  body: 'Nobody finds a function that is written down nowhere.',
  covers: [criterion],
  acceptance: ['README.md names every function of src/.'],
  blockedBy: [],
  scope: ['README.md'],
  size: 'small',
});

function listOf(lines: readonly string[]): string {
  return lines.map(line => `- ${line}`).join('\n');
}
