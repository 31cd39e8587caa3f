/** A function that is to be written. `after` are keys of those that it needs. */
export interface Feature {
  readonly key: string;
  readonly title: string;
  readonly text: string;
  readonly after: readonly string[];
}

/** A diamond (one, then three, then one), and one that goes wrong at first. */
export const FEATURES: readonly Feature[] = [
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
  {
    key: 'longest',
    title: 'Find the longest word',
    text: '`longest(text)` returns its longest word.',
    after: ['tokens'],
  },
  {
    key: 'frequency',
    title: 'Count how often each word occurs',
    text: '`frequency(text)` returns an object that says how often each word occurs.',
    after: ['tokens'],
  },
  {
    key: 'report',
    title: 'Report on a text',
    text: '`report(text)` says in one line how many words there are, which is the longest and which the most frequent.',
    after: ['count', 'longest', 'frequency'],
  },
  {
    key: 'slug',
    title: 'Make slugs',
    text: '`slug(text)` returns the text as a part of a web address.',
    after: [],
  },
];
