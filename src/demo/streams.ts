import { FEATURES, type Feature } from './features.ts';

/** A stream of work that the scripted agent makes a PRD of. */
export interface Stream {
  readonly key: string;
  readonly title: string;
  readonly problem: string;
  /** Keys of the streams that it waits for. */
  readonly after: readonly string[];
  /** What it builds; each is one issue. */
  readonly features: readonly Feature[];
  /** Whether the README must name the functions: no issue does that, so that the review has something to find. */
  readonly documents: boolean;
}

/** What the scripted agent makes of the demo's specification. */
export const STREAMS: readonly Stream[] = [
  {
    key: 'words',
    title: 'Take texts apart',
    problem: 'Nothing can be said of a text before it is split into words.',
    after: [],
    features: featuresOf('tokens', 'slug'),
    documents: false,
  },
  {
    key: 'reports',
    title: 'Say what is in a text',
    problem: 'Authors cannot see how long their texts are and which words they use most.',
    after: ['words'],
    features: featuresOf('count', 'longest', 'frequency', 'report'),
    documents: true,
  },
];

function featuresOf(...keys: readonly string[]): readonly Feature[] {
  return FEATURES.filter(({ key }) => keys.includes(key));
}

/** What must hold in the end, in the order of its numbers. */
export const criteriaOf = ({ features, documents }: Stream): readonly string[] => [
  ...features.map(({ text }) => text),
  ...(documents ? ['The README names every function.'] : []),
];
