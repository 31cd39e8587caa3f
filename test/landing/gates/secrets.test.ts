import { describe, expect, it } from 'vitest';
import { leaksIn, type SecretsFacts, secretsGate } from '../../../src/landing/gates/secrets.ts';
import type { Published } from '../../../src/ports.ts';
import { processorMs } from '../../helpers/processor.ts';
import { lines } from './file-patch.ts';

const TOKEN = `ghp_${'q7Zr2Xw9Lk4Vb8Np1Td6Hs3Gf5JmCyQeUaRo'}`;
const HOST = 'host-value-17';
const COMMIT = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00';

const published = (over: Partial<Published> = {}): Published => ({
  commits: [{ oid: COMMIT, text: 'tree 1\n\nA message\n' }],
  paths: ['src/a.ts'],
  files: [{ commit: COMMIT, path: 'src/a.ts', added: lines('const a = 1;') }],
  cut: [],
  ...over,
});

const facts = (over: Partial<SecretsFacts> = {}): SecretsFacts => ({
  published: published(),
  texts: [{ place: 'outcome', text: 'Did it.' }],
  known: [HOST],
  allow: [],
  ...over,
});

const fileWith = (path: string, ...texts: readonly string[]) =>
  published({ files: [{ commit: COMMIT, path, added: lines(...texts) }] });

type Case = readonly [
  title: string,
  facts: SecretsFacts,
  verdict: 'pass' | 'fail' | 'unknown',
  reason: RegExp,
];

const CASES: readonly Case[] = [
  ['nothing secret', facts(), 'pass', /^none in 1 commits and 1 texts$/],
  [
    'a token in a file',
    facts({ published: fileWith('src/a.ts', 'x', TOKEN) }),
    'fail',
    /^holds secrets: src\/a\.ts:2 \(github-token\)$/,
  ],
  [
    'a secret of the host in a file',
    facts({ published: fileWith('src/a.ts', Buffer.from(HOST).toString('base64')) }),
    'fail',
    /src\/a\.ts:1 \(known-secret\)/,
  ],
  [
    'a token in UTF-16',
    facts({ published: fileWith('a.reg', [...TOKEN].join('\0')) }),
    'fail',
    /a\.reg:1 \(github-token\)/,
  ],
  [
    'a token in a message',
    facts({ published: published({ commits: [{ oid: COMMIT, text: `tree 1\n\nUse ${TOKEN}\n` }] }) }),
    'fail',
    /commit c0ffee00:3 \(github-token\)/,
  ],
  [
    'a token as the name of a file',
    facts({ published: published({ paths: [`keys/${TOKEN}`] }) }),
    'fail',
    /the name of a file \(github-token\)/,
  ],
  [
    'a token in the outcome',
    facts({ texts: [{ place: 'outcome', text: `\n\nI used ${TOKEN}` }] }),
    'fail',
    /outcome:3 \(github-token\)/,
  ],
  [
    'a fixture where they are allowed',
    facts({ published: fileWith('test/keys.ts', TOKEN), allow: ['test'] }),
    'pass',
    /^none/,
  ],
  [
    'a secret of the host where fixtures are allowed',
    facts({ published: fileWith('test/keys.ts', HOST), allow: ['test'] }),
    'fail',
    /known-secret/,
  ],
  [
    'a file too large to be searched',
    facts({ published: published({ cut: ['big.bin'] }) }),
    'unknown',
    /big\.bin/,
  ],
  [
    'a commit too large to be searched',
    facts({ published: published({ commits: [{ oid: COMMIT, text: null }] }) }),
    'unknown',
    /commit c0ffee00/,
  ],
  [
    'a token in a file whose name is one',
    facts({ published: fileWith(`keys/${TOKEN}`, TOKEN) }),
    'fail',
    /keys\/\[redacted\]:1 \(github-token\)/,
  ],
  [
    'a large file whose name is a token',
    facts({ published: published({ cut: [TOKEN] }) }),
    'unknown',
    /redacted/,
  ],
  [
    'a token beside what is too large',
    facts({ published: { ...fileWith('a', TOKEN), cut: ['big.bin'] } }),
    'fail',
    /github-token/,
  ],
];

const wrongCasesOf = (gate: (facts: SecretsFacts) => { verdict: { verdict: string } }) =>
  CASES.filter(([, given, verdict]) => gate(given).verdict.verdict !== verdict).map(([title]) => title);

describe('the secrets gate', () => {
  it.each(CASES)('sees %s', (_title, given, verdict, reason) => {
    const result = secretsGate(given);
    expect(result.verdict).toMatchObject({ verdict, reason: expect.stringMatching(reason) });
    expect(result.failure?.class ?? null).toBe(verdict === 'pass' ? null : 'secrets');
  });

  it('never says what the secret is', () => {
    const said = CASES.map(([, given]) => JSON.stringify([secretsGate(given), leaksIn(given)])).join('\n');
    expect(said).not.toContain(TOKEN);
    expect(said).not.toContain(HOST);
  });

  it('names each place once, with the line in the file', () => {
    const twice = {
      commit: COMMIT,
      path: 'a',
      added: [
        { line: 41, text: 'x' },
        { line: 42, text: TOKEN },
      ],
    };
    expect(leaksIn(facts({ published: published({ files: [twice, { ...twice, commit: 'd' }] }) }))).toEqual([
      { rule: 'github-token', place: 'a', line: 42 },
    ]);
  });

  const alter = (change: (given: SecretsFacts) => Partial<SecretsFacts>) => (given: SecretsFacts) =>
    secretsGate({ ...given, ...change(given) });
  const alterPublished = (over: Partial<Published>) =>
    alter(given => ({ published: { ...given.published, ...over } }));

  it.each<[string, (given: SecretsFacts) => { verdict: { verdict: string } }]>([
    ['passes everything', () => ({ verdict: { verdict: 'pass' } })],
    ['knows no secret of the host', alter(() => ({ known: [] }))],
    ['reads no files', alterPublished({ files: [] })],
    ['reads no messages', alterPublished({ commits: [] })],
    ['reads no names', alterPublished({ paths: [] })],
    ['reads no texts', alter(() => ({ texts: [] }))],
    ['does not mind what it could not read', alterPublished({ cut: [] })],
    ['allows nothing', alter(() => ({ allow: [] }))],
    ['allows everything', alter(() => ({ allow: ['**'] }))],
  ])('would be missed if it %s', (_title, broken) => {
    expect(wrongCasesOf(secretsGate)).toEqual([]);
    expect(wrongCasesOf(broken)).not.toEqual([]);
  });

  it('takes less than two seconds for 10 MB', () => {
    const line = 'const value = compute(alpha, "some text of 30 characters"); // and a remark';
    const added = Array.from({ length: 10_000_000 / line.length }, (_, at) => ({ line: at + 1, text: line }));
    const files = [{ commit: COMMIT, path: 'src/a.ts', added }];
    const known = Array.from({ length: 20 }, (_, at) => `host-value-number-${at}`);
    const change = facts({ published: published({ files }), known });
    const tookMs = processorMs(() => expect(secretsGate(change).failure).toBeNull());
    expect(tookMs).toBeLessThan(2_000);
  });
});
