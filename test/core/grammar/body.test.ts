import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBody } from '../../../src/core/grammar/body.ts';
import type { Home, Reference } from '../../../src/core/grammar/references.ts';
import { processorMs } from '../../helpers/processor.ts';

const home: Home = { repo: 'acme/widget', hosts: new Set(['github.com']) };

const named = (references: readonly Reference[]) =>
  references.map(({ repo, number }) => (repo === home.repo ? `#${number}` : `${repo}#${number}`)).join(' ');

const blockers = (body: string) => named(readBody({ body, state: 'open' }, home).blockedBy.references);
const denied = (body: string) => named(readBody({ body, state: 'open' }, home).blockedBy.denied);
const loose = (body: string) => named(readBody({ body, state: 'open' }, home).blockedBy.loose);

describe('the Blocked by section', () => {
  test.each([
    ['a heading of level 2', '## Blocked by\n#5'],
    ['a heading of level 1', '# Blocked by\n#5'],
    ['a heading of level 6', '###### Blocked by\n#5'],
    ['any case', '## bLoCkEd BY\n#5'],
    ['a colon', '## Blocked by:\n#5'],
    ['emphasis', '## **Blocked by:**\n#5'],
    ['a symbol before the words', '## 🚧 Blocked by\n#5'],
    ['closing marks', '## Blocked by ##\n#5'],
    ['an indent of three spaces', '   ## Blocked by\n#5'],
    ['a tab after the marks', '##\tBlocked by\n#5'],
    ['an underlined heading', 'Blocked by\n----------\n#5'],
    ['a reference on its own line', '## Blocked by #5'],
    ['a reference after the colon', '## Blocked by: #5'],
    ['a reference after a dash', '## Blocked by - #5'],
    ['carriage returns', '## Blocked by\r\n- #5\r\n'],
    ['lone carriage returns', '## Blocked by\r- #5\r'],
    ['a byte order mark', '\ufeff## Blocked by\n- #5'],
    ['an end at a heading of its level', '## Blocked by\n#5\n## Notes\n#9'],
    ['an end at a higher heading', '### Blocked by\n#5\n# Notes\n#9'],
    ['an end at an underlined heading', '## Blocked by\n#5\n\nNotes\n-----\n#9'],
    ['an empty check box', '## Blocked by\n- [ ] #5'],
    ['a repeated reference', '## Blocked by\n#5\n## Blocked by\n'],
    ['a comment that is never closed', '## Blocked by\n#5 <!-- and more'],
  ])('is found with %s', (_what, body) => {
    expect(blockers(body)).toBe('#5');
  });

  test.each([
    ['four spaces of indent', '    ## Blocked by\n#5'],
    ['no space after the marks', '##Blocked by\n#5'],
    ['seven marks', '####### Blocked by\n#5'],
    ['another word in front', '## Not blocked by\n#5'],
    ['a longer word', '## Blocked bypass\n#5'],
    ['a quotation', '> ## Blocked by\n> #5'],
    ['a fence', '```\n## Blocked by\n#5\n```'],
    ['a fence of tildes', '~~~md\n## Blocked by\n#5\n~~~'],
    ['a longer fence around a shorter one', '````\n```\n## Blocked by\n#5\n````'],
    ['a fence that is never closed', '```\n## Blocked by\n#5'],
    ['a fence in a list', '- like so:\n\n  ```\n  ## Blocked by\n  #5\n  ```'],
    ['a comment', '<!--\n## Blocked by\n#5\n-->'],
    ['nothing but prose', 'It is blocked by nothing in particular, see #5.'],
  ])('is not found with %s', (_what, body) => {
    expect(blockers(body)).toBe('');
  });

  test('keeps what stands under its sub-headings', () => {
    expect(blockers('  ### blocked By:  \n* #6 and #7\n#### more\n#8')).toBe('#6 #7 #8');
  });

  test('joins several sections', () => {
    expect(blockers('## Blocked by\n#5\n## Notes\n#9\n## Blocked by\nlib#6')).toBe('#5 acme/lib#6');
    expect(blockers('## Blocked by\nNone\n## Blocked by\n#5')).toBe('#5');
  });

  test('ends a fence in a list with the list item', () => {
    expect(blockers('- like so:\n  ```\n  code\n\n## Blocked by\n#5')).toBe('#5');
  });

  test('does not take a fence for closed by a shorter or another one', () => {
    expect(blockers('````\n```\n~~~~\n## Blocked by\n#5\n````\n## Blocked by\n#6')).toBe('#6');
  });

  test('sees what follows inline code that looks like a comment or a fence', () => {
    expect(blockers('Write `<!--` first.\n## Blocked by\n#5\n`-->`')).toBe('#5');
    expect(blockers('``` not a fence ```\n## Blocked by\n#5')).toBe('#5');
  });

  test('leaves comments within a line out', () => {
    expect(blockers('## Blocked by\n#5 <!-- #8 --> #9 <!-- #10\n#11 --> #12')).toBe('#5 #9 #12');
  });

  test('reads on after a comment that is never closed: nothing may hide a blocker by mistake', () => {
    expect(blockers('<!-- list the blockers\n## Blocked by\n#5')).toBe('#5');
  });

  test('keeps references above a rule', () => {
    expect(blockers('## Blocked by\n#5\n---\n#6')).toBe('#5 #6');
  });

  test('leaves a Part of trailer out', () => {
    expect(blockers('## Blocked by\n#5\n\nPart of #7')).toBe('#5');
  });

  test.each([
    'None',
    'none.',
    '- None (see #4)',
    '_None_ #3',
    '**None** #3',
    'N/A - see #12',
    'n/a',
    'Nothing - #41 is the parent',
    'nil, #4',
    '(none)',
    'None — #214/#215 merged',
    '— see #4',
    '– #4',
    '-',
    '-\n\nSee #4 for more.',
    '- [ ] None #4',
    '1. None #4',
    '> None #4',
    '\n\n  none\n#4',
    '---\nNone\n#4',
  ])('is empty when it begins with %j', text => {
    expect(blockers(`## Blocked by\n${text}`)).toBe('');
  });

  test('is empty when its heading says so', () => {
    expect(blockers('## Blocked by: None\n#4')).toBe('');
    expect(blockers('## Blocked by -\n')).toBe('');
    expect(blockers('## Blocked by (optional)\nNone, see #4')).toBe('');
    expect(blockers('## Blocked by (optional)\n#4')).toBe('#4');
  });

  test.each(['Nonesuch, #5', 'nilpotent #5', 'Nothingness #5', '-\n- #5', '- #5', 'n/a5 #5'])(
    'is not empty when it begins with %j',
    text => {
      expect(blockers(`## Blocked by\n${text}`)).toBe('#5');
    },
  );

  test('tells which issues a section names although it says that there are none', () => {
    expect(denied('## Blocked by\nNone, since #4 and lib#5 are done')).toBe('#4 acme/lib#5');
  });

  test.each([
    'Blocked by #5',
    '- blocked by #5',
    '**Blocked by:** #5',
    '1. Blocked by #5',
    '> Blocked by #5',
  ])('is missed by the line %j', line => {
    expect(loose(`Do it.\n\n${line}\n`)).toBe('#5');
    expect(blockers(`Do it.\n\n${line}\n`)).toBe('');
  });

  test.each([
    'It is blocked by #5',
    '## Blocked by\nBlocked by #5',
    '## Not blocked by #5',
    'Blocked by nobody',
  ])('is not missed by %j', text => {
    expect(loose(text)).toBe('');
  });

  test('does not hide a loose line after it', () => {
    expect(loose('## Blocked by\n#4\n### sub\n#5\n## Notes\nBlocked by #6\nBlocked by #7')).toBe('#6 #7');
  });
});

describe('the Parent section', () => {
  const parent = (body: string) => {
    const said = readBody({ body, state: 'open' }, home).parent;
    if (said.kind === 'named') return named([said.reference]);
    return said.kind === 'none' ? 'none' : `unsaid ${said.trailer ? named([said.trailer]) : '-'}`;
  };

  test.each([
    ['## Parent\n#7', '#7'],
    ['### parent: #7', '#7'],
    ['## Parent\n\nPart of #7', '#7'],
    ['## Parent\nother/repo#7\n#12', 'other/repo#7'],
    ['## Parent\n#7 #12', '#7'],
    ['## Parent PRD\n#7', '#7'],
    ['## Parent issue: #7', '#7'],
    ['## Parent\n#41\n\nPart of #12', '#41'],
    ['## Parent\nhttps://github.com/acme/widget/issues/7', '#7'],
    ['Parent\n======\n#7', '#7'],
    ['## Parent\nNone\n\nPart of #7', 'none'],
    ['## Parent: none', 'none'],
    ['## Parent\nsee above', 'none'],
    ['## Parent\nfixes#7', 'none'],
    ['## Parent\n\nsee above\n\n## Notes\nPart of #12', 'none'],
    ['## Parent\n_No response_\n\n## Notes\nPart of #7', 'unsaid #7'],
    ['## Parent\n\n## Notes\nPart of #7', 'unsaid #7'],
    ['## Parent\n<!-- #9 -->\n## Notes\nPart of #7', 'unsaid #7'],
    ['## Parent\n```\n#9\n```\n## Notes\nPart of #7', 'unsaid #7'],
    ['x\n\n## Blocked by\nNone\n\nPart of #12', 'unsaid #12'],
    ['Part of #7, Part of #8', 'unsaid #7'],
    ['```\nPart of #7\n```\nPart of #8', 'unsaid #8'],
    ['no parent at all #7', 'unsaid -'],
    ['## Parents\n#7', 'unsaid -'],
    ['## Parent process handling\n#9', 'unsaid -'],
    ['## Parent issue tracker migration\n#9', 'unsaid -'],
    ['## Parent PRD: see above', 'none'],
    ['## Parent PRD: none', 'none'],
  ])('of %j names %s', (body, expected) => {
    expect(parent(body)).toBe(expected);
  });
});

describe('the Scope section', () => {
  const scope = (body: string) =>
    readBody({ body, state: 'open' }, home).scope.map(segments => segments.join('/'));

  test.each([
    ['## Scope\n- src/api\n- `docs`', ['src/api', 'docs']],
    ['## Scope\nsrc/api/, ./src/lib', ['src/api', 'src/lib']],
    ['## Scope\nsrc', ['src']],
    ['## Scope\n- src/**/*.ts', ['src']],
    ['## Scope\n- **', ['']],
    ['## Scope: `src/api`', ['src/api']],
    ['## Scope\nOnly the parser (src/parser).', ['src/parser']],
    ['## Scope\n- src/api (read-only)', []],
    ['## Scope\nNone', []],
    ['## Scope\nOnly the parser and nothing else', []],
    ['## Scope of work\n- src/api', []],
    ['## Out of scope\n- src/api', []],
  ])('of %j declares %j', (body, expected) => {
    expect(scope(body)).toEqual(expected);
  });
});

describe('reading a body', () => {
  const piece = fc.constantFrom(
    ...[
      '#',
      '## ',
      '### ',
      'Blocked by',
      'Parent',
      'Scope',
      'Part of ',
      '#5',
      'lib#5',
      'a/b#5',
      'GH-5',
      'None',
    ],
    ...[
      '\n',
      '\n\n',
      '\r\n',
      '```',
      '~~~',
      '`',
      '<!--',
      '-->',
      '---',
      '===',
      '- ',
      '  ',
      '\t',
      ':',
      '*',
      '_',
      '>',
    ],
    ...['https://github.com/a/b/issues/5', 'https://', '\u2028', 'é', '\ud800', '0', '/', '.'],
  );
  const body = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 60 }).map(parts => parts.join('')),
  );

  test('never throws', () => {
    fc.assert(
      fc.property(body, text => {
        readBody({ body: text, state: 'open' }, home);
      }),
      { numRuns: 2000 },
    );
  });

  const LENGTH = 65_536;
  const fill = (text: string) => text.repeat(Math.ceil(LENGTH / text.length)).slice(0, LENGTH);

  test.each([
    ...[
      '```\n',
      '~~~\n',
      '`',
      '`` ` ',
      '<!--',
      '<!-- ',
      '-->',
      '#',
      '# ',
      '# Blocked by\n',
      '# Blocked by #5\n',
      '# Parent\n#',
      '#5',
      '#5 ',
    ],
    ...[
      '###### Blocked by\n',
      '# Blocked by\n## Blocked by\n### Blocked by\n',
      'Blocked by #5\n',
      'blocked by ',
      ' ',
    ],
    ...[
      '\t',
      '\n',
      '- ',
      '> ',
      '- - ',
      '-',
      '=',
      '--\n',
      'Blocked by\n--\n',
      'Part of ',
      'part of #5 ',
      'Part of     ',
    ],
    ...[
      'a/b#5 ',
      'a',
      'a-',
      '/',
      'a/',
      'GH-',
      'https://',
      'https://github.com/',
      'github.com/a/b/issues/',
      '(',
      '_',
      '*',
    ],
    ...[
      '# Scope\n`a',
      '# Scope\na/',
      '`a` ',
      '0',
      '&#',
      '.#5',
      '[ ] ',
      '1. ',
      '\u2014',
      'Parent: ',
      '## Parent none\n',
    ],
  ])('takes time in proportion to its length when it repeats %j', text => {
    const hostile = [
      fill(text),
      `## Blocked by\n${fill(text)}`,
      `## Parent\n\n## Scope\n\nPart of\n${fill(text)}`,
    ];
    for (const one of hostile) {
      readBody({ body: one, state: 'open' }, home);
      const times = [0, 0, 0].map(() => processorMs(() => readBody({ body: one, state: 'open' }, home)));
      expect(Math.min(...times)).toBeLessThan(50);
    }
  });
});
