import { describe, expect, it } from 'vitest';
import { endsWithProposal, parseProposal } from '../../src/contracts/proposals.ts';
import type { StageKind } from '../../src/core/world.ts';
import { outcomeExample } from '../../src/loop/outcome-example.ts';

const exampleOf = (kind: StageKind) =>
  outcomeExample({ kind, nonce: 'n', repo: 'acme/app', issue: 7 } as Parameters<typeof outcomeExample>[0]);

describe('a proposal', () => {
  it.each(['PLAN', 'PRD', 'DECOMPOSE', 'REVIEW', 'TRIAGE'] as const)(
    'of %s is as the prompt shows it',
    kind => {
      expect(endsWithProposal(kind)).toBe(true);
      expect(parseProposal(kind, exampleOf(kind).proposal)).toEqual({
        kind: 'valid',
        proposal: exampleOf(kind).proposal,
      });
    },
  );

  it.each(['IMPL', 'FIX'] as const)('is no part of %s', kind => {
    expect(endsWithProposal(kind)).toBe(false);
    expect('proposal' in exampleOf(kind)).toBe(false);
    expect(parseProposal(kind, {})).toMatchObject({ kind: 'invalid' });
  });

  it('is missing, misspelt, of another stage or no object: each is named', () => {
    const problemsOf = (value: unknown) => {
      const parsed = parseProposal('DECOMPOSE', value);
      return parsed.kind === 'invalid' ? parsed.problems.join('\n') : '';
    };
    expect(problemsOf(undefined)).toBe('proposal: a session of DECOMPOSE ends with one');
    expect(problemsOf({ kind: 'plan', text: 'x' })).toContain('proposal.kind');
    expect(problemsOf({ kind: 'children', children: [{ key: 'a' }] })).toContain('proposal.children.0.title');
    expect(problemsOf({ kind: 'children', children: [], more: 1 })).toContain('more');
    expect(problemsOf([])).toContain('proposal');
    expect(
      problemsOf({ kind: 'children', children: Array.from({ length: 500 }, () => ({})) }).split('\n'),
    ).toHaveLength(50);
  });
});
