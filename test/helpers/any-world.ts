import fc from 'fast-check';
import type { Issue, LeaseState, RepoState, SessionState, World } from '../../src/core/world.ts';
import { aLease, anIssue, aRepo, aSession, aTarget, aWorld, section } from './world.ts';

const REPOS = ['acme/a', 'acme/b', 'acme/c'];
const NUMBERS = Array.from({ length: 12 }, (_none, index) => index + 1);

const aNumber = fc.constantFrom(...NUMBERS);

const aReference = fc.oneof(
  aNumber.map(number => `#${number}`),
  fc.tuple(fc.constantFrom(...REPOS, 'other/lib'), aNumber).map(([repo, number]) => `${repo}#${number}`),
);

const often = <const T, const R>(usual: T, ...rare: readonly R[]): fc.Arbitrary<T | R> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom<(T | R)[]>(usual, ...rare) },
  );

const rarely = <T>(rare: fc.Arbitrary<T>, usual: T): fc.Arbitrary<T> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: rare });

const kindLabel = (number: number): fc.Arbitrary<string> =>
  number <= 3
    ? often('prd', 'ready-for-agent', 'bug')
    : often('ready-for-agent', 'Ready-For-Agent', 'prd', 'bug', 'bug-triaged', 'other');

const labelsOf = (number: number) =>
  fc
    .tuple(
      kindLabel(number),
      often('', 'agent-working', 'agent-blocked', 'agent-paused', 'reviewed', 'needs:gpu', 'ready-for-agent'),
      often('', 'priority:0', 'priority:4'),
    )
    .map(names => names.filter(name => name !== ''));

const body = fc
  .record({
    blockers: rarely(fc.array(aReference, { maxLength: 2 }), []),
    parent: fc.oneof(fc.constantFrom(null, '#1', '#2', '#3'), aReference),
    scope: fc.option(fc.constantFrom('src', 'src/api', 'docs')),
  })
  .map(({ blockers, parent, scope }) =>
    [
      blockers.length > 0 ? section('Blocked by', blockers) : '',
      parent === null ? '' : section('Parent', [parent]),
      scope === null ? '' : section('Scope', [scope]),
    ].join(''),
  );

const anyIssue = (number: number): fc.Arbitrary<Issue> =>
  fc
    .record({
      state: fc.constantFrom('open', 'open', 'closed'),
      stateReason: often(null, 'completed', 'not_planned', 'duplicate', 'reopened'),
      labels: labelsOf(number),
      body,
      author: often('me', 'amy', 'eve', ''),
      lastEditor: often(null, 'me', 'eve'),
      blockedBy: rarely(
        fc.tuple(fc.constantFrom(...REPOS), aNumber).map(([repo, n]) => [`${repo}#${n}`]),
        [],
      ),
    })
    .map(facts => anIssue(number, facts));

const anyRepo: fc.Arbitrary<RepoState> = fc
  .record({
    issues: fc.subarray(NUMBERS).chain(numbers => fc.tuple(...numbers.map(anyIssue))),
    read: often('fresh', 'stale', 'missing', 'failed'),
    ci: often('unknown', 'pass', 'fail'),
    workflow: often(null, 'WORKFLOW.md, line 2: what?'),
    plan: fc.record({
      exists: fc.boolean(),
      markerHash: fc.constantFrom(null, 'now', 'old'),
      prds: fc.subarray([1, 2]),
    }),
  })
  .map(({ issues, ...facts }) => aRepo(issues, facts));

const anyLease: fc.Arbitrary<LeaseState> = fc
  .record({
    scope: often('issue', 'stage', 'landing'),
    repo: fc.constantFrom(...REPOS),
    issue: aNumber,
    holder: fc.constantFrom('me', 'other', ''),
    live: fc.boolean(),
    failures: often([], ['a'], ['a', 'a', 'a', 'a', 'a']),
    notBefore: often(null, '2026-06-01T00:00:00Z', '2025-06-01T00:00:00Z'),
    breaker: often('closed', 'open', 'half-open'),
    minutes: often(null, 1_000),
    question: often(null, 'Red?'),
    landing: often(null, 'abc'),
    waits: often(null, 'waits for a person'),
    review: often(false, true),
    contest: often(false, true),
  })
  .map(facts => aLease(facts.issue, facts));

const anySession: fc.Arbitrary<SessionState> = fc
  .record({
    kind: fc.constantFrom('IMPL', 'IMPL', 'REVIEW', 'DECOMPOSE', 'FIX', 'PLAN'),
    repo: fc.constantFrom(...REPOS),
    issue: aNumber,
    outcome: often(null, 'done'),
    spend: often(null, 3),
    question: often(null, 'Red?'),
  })
  .map(facts => aSession(facts.kind === 'PLAN' ? null : facts.issue, facts));

/** Any world of up to three small repositories, with most of what can be in one. */
export const anyWorld: fc.Arbitrary<World> = fc
  .record({
    mode: fc.constantFrom('issue-only', 'prd', 'planned'),
    isMulti: fc.boolean(),
    cap: fc.integer({ min: 1, max: 4 }),
    autonomous: fc.constantFrom('true', 'false'),
    allowList: often('amy', '', '*'),
    login: often('me', ''),
    specHash: fc.constantFrom(null, 'now'),
    repos: fc.tuple(anyRepo, anyRepo, anyRepo),
    deps: fc.boolean(),
    references: fc.dictionary(
      aNumber.map(number => `other/lib#${number}`),
      fc.constantFrom('open', 'closed', 'merged', 'not_planned', 'missing'),
    ),
    leases: fc.array(anyLease, { maxLength: 4 }),
    sessions: fc.array(anySession, { maxLength: 3 }),
    paused: often(false, true),
    claims: fc.subarray(['a', 'b', 'main']),
    lane: often('pool', 'bugs'),
    agent: often(null, 'open', 'half-open'),
    spentToday: often(null, 5, 50),
  })
  .map(facts =>
    aWorld({
      login: facts.login,
      lane: facts.lane,
      spentToday: facts.spentToday,
      specHash: facts.specHash,
      references: facts.references,
      leases: facts.leases,
      config: {
        HARNESS_MODE: facts.mode,
        HARNESS_TOPOLOGY: facts.isMulti ? 'multi' : 'single',
        HARNESS_REPO: 'acme/a',
        HARNESS_CAP: String(facts.cap),
        HARNESS_AUTONOMOUS: facts.autonomous,
        HARNESS_AUTHOR_ALLOWLIST: facts.allowList,
        HARNESS_MAX_COST_USD_PER_DAY: '20',
      },
      targets: [aTarget('a'), aTarget('b', { deps: facts.deps ? ['a'] : [] })],
      repos: Object.fromEntries(facts.repos.map((repo, index) => [REPOS[index] as string, repo])),
      host: {
        paused: facts.paused,
        claims: facts.claims,
        sessions: facts.sessions,
        agents:
          facts.agent === null
            ? []
            : [{ profile: 'claude', breaker: facts.agent, until: null, reason: 'quota' }],
      },
    }),
  );
