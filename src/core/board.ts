import { type BodyText, readBody } from './grammar/body.ts';
import type { Reference } from './grammar/references.ts';
import { type Found, isSatisfied, type LookUp, lookUpIn } from './lookup.ts';
import { type Kind, kindOf, type LabelNames, labelNamesOf, labelsOf } from './rules/kinds.ts';
import { type Trust, trustOf } from './rules/trust.ts';
import { parseSettings, type Settings } from './settings.ts';
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
  /** What an issue of a repository says and waits for; for issues that `UnitBoard.issues` leaves out. */
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

export interface BoardIssue {
  /** `owner/repo#n` */
  readonly name: string;
  readonly repo: string;
  readonly issue: Issue;
  readonly kind: Kind;
  readonly labels: ReadonlySet<string>;
  readonly isOpen: boolean;
  /** Number of the PRD that it belongs to. */
  readonly parent: number | null;
  /** What an open issue names as its blockers, each once, in order, satisfied ones included. */
  readonly references: readonly Blocker[];
  /** Those of `references` that are not satisfied. */
  readonly blockers: readonly Blocker[];
  readonly text: BodyText;
}

/** A reference that an issue waits for, and what it leads to. */
export interface Blocker extends Found {
  readonly isShort: boolean;
}

/** Throws `config-invalid` for settings and targets that nothing can be decided with. */
export function readBoard(world: World): Board {
  const settings = parseSettings(world.config);
  const units = unitsOf(settings, world.targets);
  const hosts = issueHosts(settings.HARNESS_API_URL);
  const facts: Facts = {
    trust: trustOf(settings, world.login),
    labels: labelNamesOf(settings),
    lookUp: lookUpIn(world, units),
    read: (repo, issue) => readBody(issue.body, { repo, hosts }),
  };
  const repos = new Map(Object.entries(world.repos).map(([name, repo]) => [name.toLowerCase(), repo]));
  return {
    ...facts,
    world,
    settings,
    now: Date.parse(world.now),
    units: units.map(unit => unitBoardOf(unit, repos.get(unit.repo.toLowerCase()) ?? UNREAD, facts)),
    work: workIn(world),
  };
}

type Facts = Pick<Board, 'trust' | 'labels' | 'lookUp' | 'read'>;

const UNREAD: RepoState = {
  read: 'missing',
  issues: [],
  plan: { exists: false, markerHash: null, prds: [] },
  ci: 'unknown',
  branches: [],
  pulls: [],
};

function unitBoardOf(unit: Unit, repo: RepoState, facts: Facts): UnitBoard {
  const trusted = repo.issues
    .filter(({ author }) => facts.trust.trusts(author))
    .sort((a, b) => a.number - b.number)
    .map(issue => {
      const labels = labelsOf(issue);
      return { issue, labels, kind: kindOf(issue, labels, facts.labels), text: facts.read(unit.repo, issue) };
    });
  const prdNumbers = new Set(trusted.filter(({ kind }) => kind === 'prd').map(({ issue }) => issue.number));
  const issues = trusted.map(known =>
    boardIssueOf(known, { repo: unit.repo, prdNumbers, lookUp: facts.lookUp }),
  );
  const prds = issues.filter(({ kind }) => kind === 'prd');
  const byNumber = new Map(issues.map(issue => [issue.issue.number, issue]));
  const byParent = new Map<number, BoardIssue[]>(prds.map(({ issue }) => [issue.number, []]));
  for (const issue of issues) if (issue.parent !== null) byParent.get(issue.parent)?.push(issue);
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

type Known = Pick<BoardIssue, 'issue' | 'labels' | 'kind' | 'text'>;

interface Surroundings {
  readonly repo: string;
  readonly prdNumbers: ReadonlySet<number>;
  readonly lookUp: LookUp;
}

function boardIssueOf(known: Known, around: Surroundings): BoardIssue {
  const { issue, kind, text } = known;
  const parent = parentOf(known, around);
  const isOpen = issue.state === 'open';
  const ownPrd = kind === 'child' ? (parent ?? onlyOne(around.prdNumbers)) : null;
  const own = ownPrd === null ? null : `${around.repo}#${ownPrd}`.toLowerCase();
  const references = isOpen
    ? blockersNamedBy(issue, text, around.lookUp).filter(({ name }) => name.toLowerCase() !== own)
    : [];
  return {
    ...known,
    name: `${around.repo}#${issue.number}`,
    repo: around.repo,
    isOpen,
    parent,
    references,
    blockers: references.filter(({ state }) => !isSatisfied(state)),
  };
}

const onlyOne = (numbers: ReadonlySet<number>) => (numbers.size === 1 ? ([...numbers][0] ?? null) : null);

/** The blockers that a body and GitHub's own dependencies name, each once. */
export function blockersNamedBy(issue: Issue, text: BodyText, lookUp: LookUp): readonly Blocker[] {
  const named = [...text.blockedBy.references, ...issue.blockedBy.map(nativeReference)];
  if (named.length === 0) return [];
  const blockers = new Map<string, Blocker>();
  for (const reference of named) {
    const found = lookUp(reference);
    const key = found.name.toLowerCase();
    if (!blockers.has(key)) blockers.set(key, { ...found, isShort: reference.isShort && !found.isKnownRepo });
  }
  return [...blockers.values()];
}

function parentOf({ issue, text }: Known, { repo, prdNumbers }: Surroundings): number | null {
  const said = saidParent(issue, text);
  if (said === null || said.repo.toLowerCase() !== repo.toLowerCase()) return null;
  const number = Number(said.number);
  return prdNumbers.has(number) && number !== issue.number ? number : null;
}

function saidParent(issue: Issue, { parent }: BodyText): Reference | null {
  if (parent.kind === 'named') return parent.reference;
  if (parent.kind === 'none') return null;
  return issue.parent === null ? parent.trailer : nativeReference(issue.parent);
}

/** `acme/lib#3`, as GitHub's own dependencies and parents are given. */
function nativeReference(text: string): Reference {
  const hash = text.lastIndexOf('#');
  return { repo: text.slice(0, hash), number: text.slice(hash + 1), isShort: false, isPartOf: false };
}

/** The hosts whose issue URLs name issues of this GitHub: an API at `HOST/api/v3` belongs to `HOST`. */
function issueHosts(apiUrl: string): ReadonlySet<string> {
  const host = /^https?:\/\/([^/]+)/i.exec(apiUrl)?.[1]?.toLowerCase();
  return new Set(['github.com', 'www.github.com', ...(host ? [host, host.replace(/^api\./, '')] : [])]);
}
