import type { Measure } from '../../src/core/proposals/check-children.ts';
import type { Neighbours } from '../../src/core/proposals/check-homes.ts';
import type { Surroundings } from '../../src/core/proposals/graph.ts';
import type { ProposedChild, ProposedPrd } from '../../src/core/proposals/proposal.ts';
import type { ReferenceState } from '../../src/core/world.ts';
import { aRepo } from './world.ts';

/** A small child that covers the criteria 1 and 2 and waits for nothing. */
export function aChild(key: string, facts: Partial<ProposedChild> = {}): ProposedChild {
  return {
    key,
    title: `Build ${key}`,
    body: 'What is to be built.',
    covers: ['1', '2'],
    acceptance: ['It works.'],
    blockedBy: [],
    scope: [],
    size: 'small',
    ...facts,
  };
}

/** A PRD that waits for nothing. */
export function aProposedPrd(key: string, facts: Partial<ProposedPrd> = {}): ProposedPrd {
  return {
    key,
    title: `Stream ${key}`,
    problem: 'Something is missing.',
    boundaries: 'Nothing else.',
    criteria: ['It is there.'],
    blockedBy: [],
    ...facts,
  };
}

const STATES: Readonly<Record<string, ReferenceState>> = {
  'acme/widget#5': 'closed',
  'acme/widget#6': 'open',
  'acme/widget#7': 'open',
  'acme/widget#8': 'not_planned',
  'acme/widget#9': 'open',
  'acme/lib#9': 'merged',
};

/** PRD #7 of acme/widget; #6 waits for it, #9 is open, #5 and acme/lib#9 are done, #8 was given up. */
export const AROUND: Surroundings = {
  repo: 'acme/widget',
  parent: 7,
  stateOf: (repo, number) => STATES[`${repo}#${number}`] ?? 'missing',
  waitsForParent: (_repo, number) => number === 6,
};

/** Two criteria, and room for sixty issues. */
export function aMeasure(facts: Partial<Measure> = {}): Measure {
  const criteria = [
    { id: '1', text: 'It reads.' },
    { id: '2', text: 'It writes.' },
  ];
  return { around: AROUND, limits: { issues: 60 }, criteria, ...facts };
}

const aUnit = (id: string, facts: { read?: 'missing'; deps?: readonly string[] } = {}) => ({
  unit: { id, repo: `acme/${id}`, deps: facts.deps ?? [] },
  repo: aRepo([], { read: facts.read ?? 'fresh' }),
});

const OWN = aUnit('widget');

/** The unit of acme/widget among others: `gone` has no repository, `app` and `web` wait for it. */
export const NEIGHBOURS: Neighbours = {
  own: OWN.unit,
  all: [
    OWN,
    aUnit('lib'),
    aUnit('gone', { read: 'missing' }),
    aUnit('app', { deps: ['web'] }),
    aUnit('web', { deps: ['widget'] }),
  ],
};
