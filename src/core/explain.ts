import { HarnessError } from '../errors.ts';
import { type Board, readBoard, type UnitBoard } from './board.ts';
import type { BoardIssue } from './board-issue.ts';
import { decideLanes } from './decide.ts';
import type { Action, Decision, Hold, HoldCode } from './decision.ts';
import { evidenceOf } from './gate-evidence.ts';
import { referencesIn } from './grammar/references.ts';
import type { Found } from './lookup.ts';
import { STATES } from './rules/blocking.ts';
import type { Gate } from './rules/gate.ts';
import { GATES } from './rules/gates.ts';
import { kindOf, labelsOf } from './rules/kinds.ts';
import { wantedOn } from './rules/wanted.ts';
import { completeUnits, viewsOf } from './views.ts';
import type { ChangeGate, Issue, LeaseState, World } from './world.ts';

/** What is decided for one issue and why: every gate in order, and what the decision says of it. */
export interface Explanation {
  /** `owner/repo#n` */
  readonly name: string;
  readonly title: string;
  /** `stage`: a unit's own, PLAN or PRD, which is no issue. */
  readonly kind: BoardIssue['kind'] | 'stage';
  readonly state: Issue['state'];
  /** What would be done if every gate were open; null when it is nothing's turn. */
  readonly wanted: string | null;
  readonly actions: readonly Action[];
  readonly hold: Hold | null;
  readonly gates: readonly GateReport[];
  /** What the gates of landing say of its change, or said of the last one; none when nothing was asked yet. */
  readonly change: readonly ChangeGate[];
  readonly references: readonly ReferenceReport[];
}

export interface GateReport {
  /** A hold's code, or one of `author`, `label`, `open`, which come first. */
  readonly gate: string;
  readonly question: string;
  /** `moot` gates were not reached: what comes before them keeps the issue out altogether. */
  readonly verdict: 'open' | 'closed' | 'moot';
  /** What an open gate has seen; null where its question says it all, and where `reason` does. */
  readonly evidence: string | null;
  /** What stands in the way; null at an open gate. */
  readonly reason: string | null;
  readonly until: string | null;
}

/** An issue that it names as a blocker. */
export interface ReferenceReport {
  readonly name: string;
  readonly state: string;
  /** ISO 8601, of an issue that is open; null when it is not known. */
  readonly openSince: string | null;
}

/** One issue's place in the decision, for an overview. */
export interface Standing {
  readonly name: string;
  readonly title: string;
  /** `stage`: a unit's own, PLAN or PRD, which is no issue. */
  readonly kind: BoardIssue['kind'] | 'stage';
  /** Kind of the action that names it, or code of what holds it. */
  readonly verdict: string;
  readonly reason: string;
  readonly until: string | null;
}

/**
 * Explains one issue, named as a person would: `7`, `#7`, `acme/app#7`, its URL. Throws `usage-invalid` when no
 * unit holds it, or several do.
 */
export function explain(world: World, name: string): Explanation {
  const found = findIssue(readBoard({ ...world, unit: null }), name);
  const isBug = found.known?.kind === 'bug';
  const board = readBoard({ ...world, unit: null, lane: isBug ? 'bugs' : 'pool' });
  const unit = board.units.find(one => one.unit.repo === found.repo) as UnitBoard;
  const known = unit.find(found.issue.number);
  const decision = decideLanes({ ...world, unit: null });
  const isAbout = (fact: { readonly repo: string; readonly issue: number | null }) =>
    fact.repo === found.repo && fact.issue === found.issue.number;
  const hold = decision.holds.find(isAbout) ?? null;
  const wanted = known?.isOpen ? wantedOn(known, unit, board) : null;
  return {
    name: `${found.repo}#${found.issue.number}`,
    title: found.issue.title,
    kind: kindIn(board, found.issue, known),
    state: found.issue.state,
    wanted,
    actions: decision.actions.filter(isAbout),
    hold,
    gates: gatesOf(found.issue, known, { board, unit, hold }),
    change: changeOf(world, { repo: found.repo, issue: found.issue.number }),
    references: (known?.references ?? []).map(referenceReport),
  };
}

/** What the gates said of the change of an issue, or of a unit's own stage. */
export function changeOf(
  { leases }: World,
  { repo, issue }: { readonly repo: string; readonly issue: number | null },
): readonly ChangeGate[] {
  const isItsOwn = (lease: LeaseState) =>
    lease.scope !== 'landing' &&
    lease.issue === issue &&
    // A world of one repository may leave its name out.
    ['', repo.toLowerCase()].includes(lease.repo.toLowerCase());
  return leases.find(isItsOwn)?.gates ?? [];
}

/** Every open child, PRD and bug with what is done on it or what holds it, unit by unit, by number. */
export function standings(world: World): readonly Standing[] {
  const said = byIssueOf(decideLanes({ ...world, unit: null }));
  return readBoard({ ...world, unit: null }).units.flatMap(({ issues }) =>
    issues
      .filter(({ isOpen, kind }) => isOpen && kind !== 'plain')
      .map(issue => standingOf(issue, said.get(issue.name))),
  );
}

type Said = { readonly action: Action } | { readonly hold: Hold };

/** What a decision says of each issue; what holds it is told before what the engine does about that. */
function byIssueOf({ actions, holds }: Decision): ReadonlyMap<string, Said> {
  return new Map<string, Said>([
    ...actions.map(action => [`${action.repo}#${action.issue}`, { action }] as const),
    ...holds.map(hold => [`${hold.repo}#${hold.issue}`, { hold }] as const),
  ]);
}

function standingOf({ name, kind, issue: { title } }: BoardIssue, said: Said | undefined): Standing {
  if (said && 'hold' in said) {
    const { code, reason, until } = said.hold;
    return { name, title, kind, verdict: code, reason, until };
  }
  return {
    name,
    title,
    kind,
    verdict: said?.action.kind ?? '',
    reason: said?.action.reason ?? '',
    until: null,
  };
}

interface FoundIssue {
  readonly repo: string;
  readonly issue: Issue;
  readonly known: BoardIssue | null;
}

function findIssue(board: Board, name: string): FoundIssue {
  const found = board.units.flatMap(({ unit: { repo }, repo: { issues }, find }) =>
    numbersNamed(name, repo).flatMap(number =>
      issues.filter(issue => issue.number === number).map(issue => ({ repo, issue, known: find(number) })),
    ),
  );
  const [only] = found;
  if (only && found.length === 1) return only;
  const problem = only
    ? `${name} could be ${found.map(({ repo, issue }) => `${repo}#${issue.number}`).join(' or ')}.`
    : `no unit has an issue ${name}.`;
  throw new HarnessError('usage-invalid', problem, { fix: 'Name it in full: owner/repo#number.' });
}

/** The numbers of a repository's issues that a name could mean. */
function numbersNamed(name: string, repo: string): readonly number[] {
  const text = /^\d+$/.test(name.trim()) ? `#${name.trim()}` : name;
  const home = { repo, hosts: new Set(['github.com', 'www.github.com']) };
  return referencesIn(text, home)
    .filter(reference => reference.repo.toLowerCase() === repo.toLowerCase())
    .map(({ number }) => number);
}

/** A stranger's issue is none of the board's, and yet a child, a PRD or a bug by its labels. */
const kindIn = ({ labels }: Board, issue: Issue, known: BoardIssue | null): BoardIssue['kind'] =>
  known?.kind ?? kindOf(issue, labelsOf(issue), labels);

interface Around {
  readonly board: Board;
  readonly unit: UnitBoard;
  readonly hold: Hold | null;
}

function gatesOf(issue: Issue, known: BoardIssue | null, around: Around): readonly GateReport[] {
  const { board, unit, hold } = around;
  const { HARNESS_LABEL_READY: ready } = board.settings;
  const author = issue.author === '' ? 'nobody' : issue.author;
  const first = [
    reportOf('open', 'Is it open?', {
      closed: issue.state === 'open' ? null : ['it is closed', 'somebody reopens it'],
      evidence: issue.createdAt === null ? null : `since ${issue.createdAt}`,
    }),
    reportOf('author', 'Is its author trusted?', {
      closed: known ? null : [`${author} is not trusted`, 'the author is in HARNESS_AUTHOR_ALLOWLIST'],
      evidence: author,
    }),
    reportOf('label', 'Is it a child, a PRD or a bug?', {
      closed:
        kindIn(board, issue, known) === 'plain'
          ? ['none of its labels says so', `it gets the label ${ready}`]
          : null,
      evidence: issue.labels.join(', ') || null,
    }),
  ];
  const isOut = first.some(({ verdict }) => verdict === 'closed');
  if (isOut || !known)
    return [
      ...first,
      ...LATER.map(({ code, question }) => ({
        ...reportOf(code, question, { closed: null, evidence: null }),
        verdict: 'moot' as const,
      })),
    ];
  const view = viewsOf(board, completeUnits(board)).find(one => one.unit === unit);
  const subject = { issue: known, wanted: wantedOn(known, unit, board) };
  const later = LATER.map(({ code, question, check }) => {
    // What the decision says comes first: a scope may be taken by what starts in this very tick.
    const obstacle = hold?.code === code ? hold : view && check?.(subject, view);
    return reportOf(code, question, {
      closed: obstacle ? [obstacle.reason, obstacle.until] : null,
      evidence: view ? evidenceOf(code, known, view) : null,
    });
  });
  return [...first, ...later];
}

const LATER: readonly {
  readonly code: HoldCode;
  readonly question: string;
  readonly check?: Gate['check'];
}[] = [
  ...GATES,
  { code: 'no-slot', question: 'Is a slot free for it?' },
  { code: 'waiting-for-children', question: 'Is it the turn of the PRD itself?' },
];

interface Look {
  /** What stands in the way and what would change it; null at an open gate. */
  readonly closed: readonly [string, string] | null;
  /** What the gate has seen when it is open. */
  readonly evidence: string | null;
}

/** What one gate says: an open one what it has seen, a closed one why and until when. */
export function reportOf(gate: string, question: string, { closed, evidence }: Look): GateReport {
  const [reason, until] = closed ?? [null, null];
  return {
    gate,
    question,
    verdict: closed ? 'closed' : 'open',
    evidence: closed ? null : evidence,
    reason,
    until,
  };
}

const referenceReport = ({ name, state, issue }: Found): ReferenceReport => ({
  name,
  state: STATES[state],
  openSince: state === 'open' ? (issue?.createdAt ?? null) : null,
});
