import { type BoardIssue, boardIssuesOf } from './board-issue.ts';
import { type BodyText, readBody } from './grammar/body.ts';
import { type LookUp, lookUpIn } from './lookup.ts';
import { parseSettings } from './parse-settings.ts';
import { type LabelNames, labelNamesOf } from './rules/kinds.ts';
import { type Trust, trustOf } from './rules/trust.ts';
import type { Settings } from './settings.ts';
import { type Unit, unitsOf } from './units.ts';
import { type Work, workIn } from './work.ts';
import type { Issue, RepoState, World } from './world.ts';

/** A world as the rules look at it: indexed once, references resolved, strangers' issues left out. */
export interface Board {
  readonly world: World;
  readonly settings: Settings;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly trust: Trust;
  readonly labels: LabelNames;
  readonly units: readonly UnitBoard[];
  readonly work: Work;
  readonly lookUp: LookUp;
  /** What an issue of a repository says. */
  readonly read: (repo: string, issue: Issue) => BodyText;
}

/** One unit's part of the board. Lists are ascending by number and hold only what trusted authors wrote. */
export interface UnitBoard {
  readonly unit: Unit;
  readonly repo: RepoState;
  readonly isFresh: boolean;
  readonly issues: readonly BoardIssue[];
  readonly prds: readonly BoardIssue[];
  readonly children: readonly BoardIssue[];
  readonly bugs: readonly BoardIssue[];
  readonly find: (number: number) => BoardIssue | null;
  /** Every issue whose parent is this PRD, whatever its labels. */
  readonly issuesOf: (prd: number) => readonly BoardIssue[];
}

/** Throws `config-invalid` for settings and targets that nothing can be decided with. */
export function readBoard(world: World): Board {
  const settings = parseSettings(world.config);
  const units = unitsOf(settings, world.targets);
  const hosts = issueHosts(settings.HARNESS_API_URL);
  const parts = {
    trust: trustOf(settings, world.login),
    labels: labelNamesOf(settings),
    lookUp: lookUpIn(world, units),
    read: (repo: string, issue: Issue) => readBody(issue, { repo, hosts }),
  };
  const repos = new Map(Object.entries(world.repos).map(([name, repo]) => [name.toLowerCase(), repo]));
  return {
    ...parts,
    world,
    settings,
    now: Date.parse(world.now),
    units: units.map(unit => unitBoardOf(unit, repos.get(unit.repo.toLowerCase()) ?? UNREAD, parts)),
    work: workIn(world),
  };
}

const UNREAD: RepoState = {
  read: 'missing',
  issues: [],
  plan: { exists: false, markerHash: null, prds: [] },
  workflow: null,
  ci: 'unknown',
  branches: [],
  pulls: [],
};

function unitBoardOf(
  unit: Unit,
  repo: RepoState,
  parts: Pick<Board, 'trust' | 'labels' | 'lookUp' | 'read'>,
): UnitBoard {
  const trusted = repo.issues.filter(({ author }) => parts.trust.trusts(author));
  const issues = boardIssuesOf(
    unit.repo,
    trusted.sort((a, b) => a.number - b.number),
    parts,
  );
  const byNumber = new Map<number, BoardIssue>();
  const prds = issues.filter(({ kind }) => kind === 'prd');
  const byParent = new Map<number, BoardIssue[]>(prds.map(({ issue }) => [issue.number, []]));
  for (const issue of issues) {
    byNumber.set(issue.issue.number, issue);
    if (issue.parent !== null) byParent.get(issue.parent)?.push(issue);
  }
  return {
    unit,
    repo,
    isFresh: repo.read === 'fresh',
    issues,
    prds,
    children: issues.filter(({ kind }) => kind === 'child'),
    bugs: issues.filter(({ kind }) => kind === 'bug'),
    find: number => byNumber.get(number) ?? null,
    issuesOf: prd => byParent.get(prd) ?? [],
  };
}

/** The hosts whose issue URLs name issues of this GitHub: an API at `HOST/api/v3` belongs to `HOST`. */
function issueHosts(apiUrl: string): ReadonlySet<string> {
  const host = /^https?:\/\/([^/]+)/i.exec(apiUrl)?.[1]?.toLowerCase();
  return new Set(['github.com', 'www.github.com', ...(host ? [host, host.replace(/^api\./, '')] : [])]);
}
