import type { BoardIssue } from './board-issue.ts';
import type { HoldCode } from './decision.ts';
import { STATES } from './rules/blocking.ts';
import type { UnitView } from './rules/gate.ts';
import { freeSlots } from './rules/slots.ts';

/** What an open gate has seen of an issue, for people; null where its question says it all. */
export function evidenceOf(code: HoldCode, issue: BoardIssue, view: UnitView): string | null {
  return SEEN[code]?.(issue, view) ?? null;
}

type Seen = (issue: BoardIssue, view: UnitView) => string | null;

const recordOf = ({ repo, issue }: BoardIssue, { board }: UnitView) =>
  board.work.on(repo, issue.number).record;

const prdOf = ({ kind, parent }: BoardIssue, { unit }: UnitView) =>
  kind === 'child' && parent !== null ? unit.find(parent) : null;

const SEEN: Readonly<Partial<Record<HoldCode, Seen>>> = {
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
  working: () => 'no session, no lease',
  leased: () => 'nobody holds its lease',
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
  backoff: (issue, view) => {
    const record = recordOf(issue, view);
    if (record === null) return 'no attempt yet';
    return record.notBefore === null ? 'there is none' : `${record.notBefore} has passed`;
  },
  attempts: (issue, view) => {
    const failed = recordOf(issue, view)?.failures.length ?? 0;
    return `${failed} failed, of ${limit(view.board.settings.HARNESS_MAX_ATTEMPTS)}`;
  },
  budget: (issue, view) => {
    const { spend = null, minutes = null } = recordOf(issue, view) ?? { spend: 0, minutes: 0 };
    const { HARNESS_MAX_COST_USD: mostUsd, HARNESS_MAX_MINUTES: mostMinutes } = view.board.settings;
    const cost = spend === null ? 'an unknown cost' : `$${spend.toFixed(2)}`;
    const time = minutes === null ? 'an unknown time' : `${Math.floor(minutes)} minutes`;
    return `${cost} of ${limit(mostUsd)}, ${time} of ${limit(mostMinutes)}`;
  },
  breaker: (issue, view) =>
    recordOf(issue, view)?.breaker === 'half-open' ? 'half open: one attempt may go' : null,
  deps: ({ kind }, { unit: { unit }, board }) => {
    if (kind === 'bug' || unit.deps.length === 0) return 'it waits for none';
    return board.world.host.claims.includes(unit.id) ? 'a live worker holds the unit' : listed(unit.deps);
  },
  stale: (_issue, { unit }) => unit.repo.read,
  'ci-red': ({ kind }, { unit, board: { settings } }) => {
    if (kind === 'bug') return 'the bug lane does not ask';
    return settings.HARNESS_CI_GATE ? `its checks: ${unit.repo.ci}` : 'HARNESS_CI_GATE is 0';
  },
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

const limit = (most: number) => (Number.isFinite(most) ? `${most}` : 'unlimited');

function listed(words: readonly string[]): string {
  const more = words.length > SHOWN ? ` and ${words.length - SHOWN} more` : '';
  return `${words.slice(0, SHOWN).join(', ')}${more}`;
}

const SHOWN = 5;
