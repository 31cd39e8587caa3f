import { describe, expect, it } from 'vitest';
import { readBody } from '../../../src/core/grammar/body.ts';
import { childrenProblems, type Measure } from '../../../src/core/proposals/check-children.ts';
import { orderOverlaps } from '../../../src/core/proposals/order-overlaps.ts';
import type { ProposedSlice } from '../../../src/core/proposals/proposal.ts';
import { renderChild } from '../../../src/core/proposals/render.ts';
import { aChild, aMeasure, NEIGHBOURS } from '../../helpers/proposals.ts';

const problemsOf = (children: Partial<ProposedSlice>[], measure: Partial<Measure> = {}) =>
  childrenProblems(
    {
      kind: 'children',
      children: children.map((facts, index) => ({ ...aChild(`k${index + 1}`), ...facts })),
    },
    aMeasure(measure),
    NEIGHBOURS,
  );

describe('a proposal of children', () => {
  it('is taken when every criterion is covered and something can start', () => {
    expect(problemsOf([{}, { blockedBy: ['k1', '#5', 'acme/lib#9'] }])).toEqual([]);
  });

  it('may file work in another unit, when an issue of its own waits for it', () => {
    expect(
      problemsOf([
        { unit: 'lib', scope: ['src'] },
        { blockedBy: ['k1'], scope: ['src'] },
      ]),
    ).toEqual([]);
    expect(problemsOf([{ unit: 'lib' }, { unit: 'lib', blockedBy: ['k1'] }, { blockedBy: ['k2'] }])).toEqual(
      [],
    );
  });

  it.each([
    ['a unit that there is not', 'rust', 'k1: there is no unit "rust"; there are widget, lib'],
    ['a unit without a repository', 'gone', 'k1: acme/gone, the repository of gone, is not there'],
    ['a unit that waits for its own', 'app', 'k1: the unit app starts only when widget is complete'],
    ['its own unit', 'widget', 'k1: widget is its own unit'],
  ])('files nothing in %s', (_what, unit, message) => {
    expect(problemsOf([{ unit }, { blockedBy: ['k1'] }])).toEqual([expect.stringContaining(message)]);
  });

  it('files nothing in another unit that nobody waits for', () => {
    const message = 'k1 is filed in lib, and no issue of widget waits for it';
    expect(problemsOf([{ unit: 'lib' }, {}])).toEqual([message]);
    expect(problemsOf([{ unit: 'lib' }])).toEqual([message]);
  });

  it('must cover every criterion of the PRD', () => {
    expect(problemsOf([{ covers: ['1'] }])).toEqual([expect.stringContaining('no issue covers criterion 2')]);
    expect(problemsOf([{ covers: ['1', '2', '3'] }])).toEqual([
      expect.stringContaining('covers "3", which is no criterion'),
    ]);
  });

  it.each([
    ['a circle of two', [{ blockedBy: ['k2'] }, { blockedBy: ['k1'] }, {}], 'k1, k2 wait for each other'],
    ['a self-block', [{ blockedBy: ['k1'] }, {}], 'k1 waits for itself'],
    ['an unknown key', [{ blockedBy: ['k9'] }, {}], 'no key "k9"'],
    ['an unknown issue', [{ blockedBy: ['#404'] }, {}], 'there is no issue acme/widget#404'],
    ['its own PRD', [{ blockedBy: ['#7'] }, {}], 'waits for its own PRD'],
    ['what waits for the PRD', [{ blockedBy: ['#6'] }, {}], 'itself waits for the PRD'],
    ['what nobody will do', [{ blockedBy: ['#8'] }, {}], 'will never be done'],
    ['prose as a blocker', [{ blockedBy: ['the parser'] }, {}], 'is neither a key'],
    ['nothing that can start', [{ blockedBy: ['#9'] }], 'no issue can be started'],
    ['a title with a line break', [{ title: 'One\nTwo' }], 'must be one line'],
    ['a title like a PRD', [{ title: '[AFK] PRD: all' }], 'must not start with'],
    ['a marker of ours', [{ body: 'x <!-- harness:key 7/a/b -->' }], 'a marker that only the engine writes'],
    ['a body over the limit', [{ body: 'x'.repeat(20_001) }], 'at most 20000 are taken'],
    ['a claim on everything', [{ scope: ['**'] }], 'claims everything'],
    ['a claim on everything that begins alike', [{ scope: ['s*'] }], 'claims everything'],
    ['a path out of the tree', [{ scope: ['../etc'] }], 'is not a plain path'],
    ['an issue that is too large', [{ size: 'large' as const }, {}], 'is large: split it'],
    ['no criteria of its own', [{ acceptance: [] }], 'at least 1 are needed'],
    ['a duplicate key', [{ key: 'same' }, { key: 'same' }], 'the key "same" is used twice'],
    ['a duplicate title', [{ title: 'Same' }, { title: 'same ' }], 'is used twice'],
    ['an open code fence', [{ body: '```\ncode' }], 'changes how the issue is read'],
    ['a blocker in prose', [{ body: 'Blocked by #5' }], 'changes how the issue is read'],
  ])('is refused for %s', (_what, children, reason) => {
    expect(problemsOf(children).join('\n')).toContain(reason);
  });

  it('is refused with all reasons at once', () => {
    const problems = problemsOf([{ title: '', covers: ['x'], blockedBy: ['k1'] }]);
    expect(problems).toHaveLength(5);
  });

  it('is refused whole when it is too long, or a circle of fifty', () => {
    expect(problemsOf(Array.from({ length: 500 }, () => ({})))).toEqual([
      'it proposes 500 issues; at most 60 are taken (HARNESS_MAX_ISSUES)',
    ]);
    const circle = Array.from({ length: 50 }, (_, at) => ({ blockedBy: [`k${((at + 1) % 50) + 1}`] }));
    expect(problemsOf(circle).join('\n')).toContain('and 42 more wait for each other in a circle');
  });
});

describe('children that claim the same files', () => {
  const blockersAfter = (facts: Parameters<typeof aChild>[1][]) =>
    orderOverlaps(facts.map((fact, index) => aChild(`k${index + 1}`, fact))).map(
      ({ blockedBy }) => blockedBy,
    );

  it('wait for each other', () => {
    expect(blockersAfter([{ scope: ['src/a'] }, { scope: ['src/a/b.ts'] }, { scope: ['src/c'] }])).toEqual([
      [],
      ['k1'],
      [],
    ]);
  });

  it('are left alone where they wait already', () => {
    const facts = [
      { scope: ['a'] },
      { scope: ['b'], blockedBy: ['k1'] },
      { scope: ['a'], blockedBy: ['k2'] },
    ];
    expect(blockersAfter(facts)).toEqual([[], ['k1'], ['k2']]);
  });

  it('form a line, each waiting for the one before it', () => {
    expect(blockersAfter([{ scope: ['a'] }, { scope: ['a'] }, { scope: ['a'] }])).toEqual([
      [],
      ['k1'],
      ['k2'],
    ]);
  });
});

describe('the body of a child', () => {
  const place = {
    repo: 'acme/widget',
    parent: 7,
    key: { scope: '7', origin: 'abc', key: 'k1' },
    proposedIn: 'acme/widget',
    wantedBy: null,
    issueOf: () => ({ repo: 'acme/widget', number: 12 }),
  };

  it('says what was proposed, in sections that the engine reads', () => {
    const { body } = renderChild(
      aChild('k1', { blockedBy: ['k2', '#5', 'acme/lib#9'], scope: ['src/a'] }),
      place,
    );
    const read = readBody({ body, state: 'open' }, { repo: 'acme/widget', hosts: new Set() });
    expect(read.parent).toMatchObject({ kind: 'named', reference: { number: 7 } });
    expect(read.blockedBy.references.map(({ repo, number }) => `${repo}#${number}`)).toEqual([
      'acme/widget#12',
      'acme/widget#5',
      'acme/lib#9',
    ]);
    expect(read.scope).toEqual([['src', 'a']]);
  });

  it('names what is in another repository in full, and the PRD that wants it', () => {
    const { body } = renderChild(aChild('k1', { blockedBy: ['k2', 'k3', '#5', 'acme/lib#9'] }), {
      ...place,
      repo: 'acme/lib',
      parent: null,
      wantedBy: 'acme/widget#7',
      issueOf: key => ({ repo: key === 'k2' ? 'acme/widget' : 'acme/lib', number: 12 }),
    });
    expect(body).toContain('Covers criteria 1, 2 of acme/widget#7. Wanted by acme/widget#7.');
    expect(body).toContain('- acme/widget#12\n- #12\n- acme/widget#5\n- #9');
    expect(readBody({ body, state: 'open' }, { repo: 'acme/lib', hosts: new Set() }).parent.kind).toBe(
      'unsaid',
    );
  });

  it('takes nothing from headings in free text', () => {
    const text = '## Blocked by\n\n- #99\n\nParent\n---\n#98\n\n### **Scope**\n\n`/etc`';
    const { body } = renderChild(aChild('k1', { body: text }), place);
    const read = readBody({ body, state: 'open' }, { repo: 'acme/widget', hosts: new Set() });
    expect(read.blockedBy.references).toEqual([]);
    expect(read.parent).toMatchObject({ kind: 'named', reference: { number: 7 } });
    expect(read.scope).toEqual([]);
  });
});
