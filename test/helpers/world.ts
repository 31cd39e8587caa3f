import type {
  HostState,
  Issue,
  LeaseState,
  RepoState,
  SessionState,
  Target,
  World,
} from '../../src/core/world.ts';

/** The repository of every builder here that names none. */
export const REPO = 'acme/widget';

/** An open issue that agents may take, written by the fleet's own login. */
export function anIssue(number: number, facts: Partial<Issue> = {}): Issue {
  return {
    number,
    title: `Issue ${number}`,
    state: 'open',
    stateReason: null,
    labels: ['ready-for-agent'],
    body: '',
    author: 'me',
    lastEditor: null,
    createdAt: '2025-12-01T00:00:00Z',
    updatedAt: '2025-12-01T00:00:00Z',
    blockedBy: [],
    parent: null,
    comments: [],
    ...facts,
  };
}

/** A PRD that waits to be decomposed. */
export function aPrd(number: number, facts: Partial<Issue> = {}): Issue {
  return anIssue(number, { labels: ['prd'], ...facts });
}

/** A bug that waits for its triage. */
export function aBug(number: number, facts: Partial<Issue> = {}): Issue {
  return anIssue(number, { labels: ['bug'], ...facts });
}

/** `anIssue(6, { ...blockedBy(5, 'acme/lib#9') })` waits for both. */
export function blockedBy(...references: readonly (number | string)[]): { readonly body: string } {
  return { body: section('Blocked by', references) };
}

/** `anIssue(8, { ...childOf(7) })` belongs to PRD 7. */
export function childOf(prd: number | string): { readonly body: string } {
  return { body: section('Parent', [prd]) };
}

/** A `##` section with one reference per bullet; bodies are joined with `+`. */
export function section(title: string, lines: readonly (number | string)[]): string {
  const bullets = lines.map(line => `- ${typeof line === 'number' ? `#${line}` : line}`);
  return `## ${title}\n\n${bullets.join('\n')}\n\n`;
}

/** `anIssue(5, closed())` is done, `closed('not_planned')` was given up. */
export function closed(stateReason: Issue['stateReason'] = 'completed') {
  return { state: 'closed', stateReason } as const satisfies Partial<Issue>;
}

/** A freshly read repository with these issues and nothing else. */
export function aRepo(issues: readonly Issue[], facts: Partial<RepoState> = {}): RepoState {
  return {
    read: 'fresh',
    issues,
    plan: { exists: false, markerHash: null, prds: [] },
    workflow: null,
    ci: 'unknown',
    branches: [],
    pulls: [],
    ...facts,
  };
}

/** This fleet's live lease of an issue. */
export function aLease(issue: number | null, facts: Partial<LeaseState> = {}): LeaseState {
  return {
    scope: 'issue',
    repo: REPO,
    issue,
    holder: 'me',
    live: true,
    attempts: 1,
    failures: [],
    notBefore: null,
    spend: null,
    minutes: null,
    breaker: 'closed',
    breakerUntil: null,
    question: null,
    landing: null,
    replanned: [],
    contest: false,
    waits: null,
    review: false,
    gates: [],
    ...facts,
  };
}

/** A live session of this fleet at work on an issue. */
export function aSession(issue: number | null, facts: Partial<SessionState> = {}): SessionState {
  return {
    kind: 'IMPL',
    repo: REPO,
    issue,
    startedAt: '2025-12-31T23:00:00Z',
    lastActivityAt: '2025-12-31T23:59:00Z',
    outcome: null,
    spend: null,
    question: null,
    ofChange: false,
    ...facts,
  };
}

/** A row of targets.tsv. */
export function aTarget(id: string, facts: Partial<Target> = {}): Target {
  return { id, repo: `acme/${id}`, deps: [], description: '', ...facts };
}

/** What a test says about a world; `issues` and `repo` are the one repository of a `single` fleet. */
export type WorldFacts = Omit<Partial<World>, 'host'> & {
  readonly issues?: readonly Issue[];
  readonly repo?: Partial<RepoState>;
  readonly host?: Partial<HostState>;
};

/** A world of one repository, `acme/widget`, in which nothing runs; `issue-only` unless `config` says else. */
export function aWorld({ issues = [], repo = {}, host = {}, config = {}, ...facts }: WorldFacts = {}): World {
  return {
    version: 1,
    now: '2026-01-01T00:00:00Z',
    login: 'me',
    config: { HARNESS_REPO: REPO, ...config },
    targets: [],
    specHash: null,
    spentToday: null,
    repos: { [REPO]: aRepo(issues, repo) },
    references: {},
    leases: [],
    host: { paused: false, capabilities: [], claims: [], sessions: [], agents: [], ...host },
    unit: null,
    lane: 'pool',
    ...facts,
  };
}

/** A `multi` world with a repository `acme/<id>` for each target. */
export function aMultiWorld(
  targets: readonly Target[],
  repos: World['repos'],
  { config = {}, ...facts }: WorldFacts = {},
): World {
  return aWorld({ ...facts, targets, repos, config: { HARNESS_TOPOLOGY: 'multi', ...config } });
}
