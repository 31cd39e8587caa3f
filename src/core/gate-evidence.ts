import type { BoardIssue } from './board-issue.ts';
import type { HoldCode } from './decision.ts';
import { STATES } from './rules/blocking.ts';
import type { UnitView } from './rules/gate.ts';
import { freeSlots } from './rules/slots.ts';
import type { Stage } from './rules/stage.ts';
import type { LeaseState } from './world.ts';

/** What an open gate has seen of an issue, for people; null where its question says it all. */
export function evidenceOf(code: HoldCode, issue: BoardIssue, view: UnitView): string | null {
  const { record } = view.board.work.on(issue.repo, issue.issue.number);
  const isBug = issue.kind === 'bug';
  return SEEN_OF_ISSUE[code]?.(issue, view) ?? SEEN[code]?.({ record, isBug, view }) ?? null;
}

/** The same of a unit's stage, which is no issue. */
export function evidenceOfStage(code: HoldCode, stage: Stage, view: UnitView): string | null {
  const { unit, board } = view;
  if (code === 'no-spec') {
    return stage === 'PLAN' ? board.settings.HARNESS_SPEC || null : 'the plan is there already';
  }
  const { record } = board.work.on(unit.unit.repo, null);
  return SEEN[code]?.({ record, isBug: false, view }) ?? null;
}

type SeenOfIssue = (issue: BoardIssue, view: UnitView) => string | null;

const prdOf = ({ kind, parent }: BoardIssue, { unit }: UnitView) =>
  kind === 'child' && parent !== null ? unit.find(parent) : null;

const SEEN_OF_ISSUE: Readonly<Partial<Record<HoldCode, SeenOfIssue>>> = {
  'untrusted-edit': ({ issue: { lastEditor } }) =>
    lastEditor ? `edited last by ${lastEditor}` : 'no edit is known',
  blocked: ({ references }) =>
    references.length === 0
      ? 'it names none'
      : listed(references.map(one => `${one.name} (${STATES[one.state]})`)),
  'prd-blocked': (issue, view) => prdOf(issue, view)?.name ?? (issue.kind === 'child' ? 'it has none' : null),
  'prd-cancelled': (issue, view) => {
    const prd = prdOf(issue, view);
    return prd && (prd.isOpen ? 'it is open' : 'it was completed');
  },
  'agent-blocked': (_issue, { board: { settings } }) =>
    settings.HARNESS_AUTONOMOUS
      ? 'HARNESS_AUTONOMOUS is true'
      : `it has no label ${settings.HARNESS_LABEL_BLOCKED}`,
  'needs-capability': ({ labels }) => {
    const needs = labels.filter(label => label.startsWith('needs:'));
    return needs.length === 0 ? 'it needs nothing' : listed(needs);
  },
  'scope-busy': ({ scope }) =>
    scope.length === 0 ? 'it declares none' : listed(scope.map(path => path.join('/') || 'everything')),
  'no-slot': ({ kind }, view) =>
    kind === 'bug'
      ? "the bug lane's own"
      : `${freeSlots(view)} of ${view.board.settings.HARNESS_CAP} were free`,
  'waiting-for-children': ({ kind, issue }, { unit }) => {
    if (kind !== 'prd') return 'it is none';
    const issues = unit.issuesOf(issue.number);
    const open = issues.filter(({ isOpen }) => isOpen).length;
    if (issues.length === 0) return 'it has no issue yet';
    return open === 0 ? `all ${issues.length} of its issues are closed` : `${open} of its issues are open`;
  },
};

interface Sight {
  /** What the journal says of earlier attempts; null when there were none. */
  readonly record: LeaseState | null;
  readonly isBug: boolean;
  readonly view: UnitView;
}

/** What issues and stages have in common. */
const SEEN: Readonly<Partial<Record<HoldCode, (sight: Sight) => string | null>>> = {
  working: () => 'no session, no lease',
  leased: () => 'nobody holds its lease',
  backoff: ({ record }) => {
    if (record === null) return 'no attempt yet';
    return record.notBefore === null ? 'there is none' : `${record.notBefore} has passed`;
  },
  attempts: ({ record, view }) =>
    `${record?.failures.length ?? 0} failed, of ${limit(view.board.settings.HARNESS_MAX_ATTEMPTS)}`,
  budget: ({ record, view }) => {
    const { spend, minutes } = record ?? { spend: 0, minutes: 0 };
    const { HARNESS_MAX_COST_USD: mostUsd, HARNESS_MAX_MINUTES: mostMinutes } = view.board.settings;
    const cost = spend === null ? 'an unknown cost' : `$${spend.toFixed(2)}`;
    const time = minutes === null ? 'an unknown time' : `${Math.floor(minutes)} minutes`;
    return `${cost} of ${limit(mostUsd)}, ${time} of ${limit(mostMinutes)}`;
  },
  breaker: ({ record }) => (record?.breaker === 'half-open' ? 'half open: one attempt may go' : null),
  deps: ({ isBug, view: { unit, board } }) => {
    const { id, deps } = unit.unit;
    if (isBug || deps.length === 0) return 'it waits for none';
    return board.world.host.claims.includes(id) ? 'a live worker holds the unit' : listed(deps);
  },
  stale: ({ view: { unit } }) => unit.repo.read,
  'ci-red': ({ isBug, view: { unit, board } }) => {
    if (isBug) return 'the bug lane does not ask';
    return board.settings.HARNESS_CI_GATE ? `its checks: ${unit.repo.ci}` : 'HARNESS_CI_GATE is 0';
  },
};

const limit = (most: number) => (Number.isFinite(most) ? `${most}` : 'unlimited');

function listed(words: readonly string[]): string {
  const more = words.length > SHOWN ? ` and ${words.length - SHOWN} more` : '';
  return `${words.slice(0, SHOWN).join(', ')}${more}`;
}

const SHOWN = 5;
