import type { Board } from '../board.ts';
import type { LeaseState } from '../world.ts';
import { agentObstacle, type Wish } from './agents.ts';
import { budgetObstacle } from './budget.ts';
import { type Gate, type Obstacle, obstacle } from './gate.ts';

/** What a journal holds a new attempt for; `record` is what it says of the earlier ones. */
type RecordCheck = (record: LeaseState, board: Board) => Obstacle | null;

/** A new attempt: what it is, and what the journal says of earlier ones; null when there were none. */
export interface Attempt extends Wish {
  readonly record: LeaseState | null;
}

type AttemptCheck = (attempt: Attempt, board: Board) => Obstacle | null;

const byRecord =
  (check: RecordCheck): AttemptCheck =>
  ({ record }, board) =>
    record && check(record, board);

const isBeforeItsTime: RecordCheck = ({ notBefore, failures }, { now }) => {
  if (notBefore === null || Date.parse(notBefore) <= now) return null;
  const said = failures.at(-1);
  const why = said === undefined ? '' : ` (${said})`;
  return obstacle(`the last attempt failed${why}; no new one before ${notBefore}`, `${notBefore} has passed`);
};

const isSpent: RecordCheck = (record, { settings, units }) => {
  const { failures, attempts } = record;
  const limit = settings.HARNESS_MAX_ATTEMPTS;
  const until = 'a person looks at it, then retries it or raises HARNESS_MAX_ATTEMPTS';
  const asked = failures.find(signature => signature.startsWith(NEEDS_INFORMATION));
  if (asked !== undefined) {
    return obstacle(`its triage asks: ${asked.slice(NEEDS_INFORMATION.length)}`, ANSWERED);
  }
  const idle = failures.find(signature => signature.startsWith(NOTHING_TO_DO));
  if (idle !== undefined) return obstacle(`its agent ${idle.slice(NOTHING_TO_DO.length)}`, CONFIRMED);
  const refused = refusalsIn(failures);
  const why = refused.at(-1);
  if (why !== undefined && refused.length >= MOST_REFUSALS) {
    const unit = units.find(one => one.unit.repo.toLowerCase() === record.repo.toLowerCase())?.unit.id;
    const name = record.issue === null ? (unit ?? record.repo) : `${record.repo}#${record.issue}`;
    return obstacle(`its proposal was refused ${refused.length} times, at last since ${why}`, retried(name));
  }
  const red = failures.filter(signature => signature.startsWith(RED));
  if (red.length >= settings.HARNESS_CI_ATTEMPTS) {
    return obstacle(`${red.at(-1)}, in ${red.length} attempts; its pull request stays open`, until);
  }
  const [conflict, again] = failures.slice(-2);
  if (conflict?.startsWith(CONFLICT) && again?.startsWith(CONFLICT)) {
    return obstacle(`${again}; the attempt whose task that was has not resolved it`, until);
  }
  if (failures.length >= limit) {
    return obstacle(`${failures.length} attempts failed, of ${limit}: ${failures.at(-1)}`, until);
  }
  if (attempts < limit * SESSIONS_PER_ATTEMPT) return null;
  return obstacle(`${attempts} sessions, ${SESSIONS_PER_ATTEMPT} times HARNESS_MAX_ATTEMPTS`, until);
};

/** What the failure of a triage begins with that asks its reporter something. */
export const NEEDS_INFORMATION = 'needs-information: ';

/** What the failure of an attempt begins with that found nothing to do. */
export const NOTHING_TO_DO = 'nothing-to-do: ';
const CONFIRMED = 'a person closes the issue, if that is so, or says what is to be done (`harness answer`)';

const ANSWERED = 'a person answers (`harness answer`), or mends the text and retries it';

/** A refused proposal goes back once, with the reasons; what is refused again needs a person. */
export const MOST_REFUSALS = 2;

/** Why proposals were refused, oldest first, from the signatures of failures. */
export const refusalsIn = (signatures: readonly string[]): readonly string[] =>
  signatures.flatMap(signature => (signature.startsWith(REFUSED) ? [signature.slice(REFUSED.length)] : []));

const REFUSED = 'proposal: ';

/** What lifts the hold of a proposal that was refused too often; `name` is an issue's, or a unit's. */
export const retried = (name: string) => `a person has mended the text, and says \`harness retry ${name}\``;

// An agent that could not mend what CI refuses will not mend it the fourth time.
const RED = 'checks of GitHub failed';

// What a second session finds in its way again is the work of others, which goes on.
const CONFLICT = 'conflict: ';

// Interrupted sessions are no failures, yet an issue that is interrupted for ever must not spend for ever.
const SESSIONS_PER_ATTEMPT = 10;

const isBroken: RecordCheck = ({ breaker, breakerUntil, failures }) => {
  if (breaker !== 'open') return null;
  const last = failures.at(-1);
  const why = last === undefined ? '' : `: ${last}`;
  const cooled = breakerUntil === null ? 'its cool-down ends' : `${breakerUntil} has passed`;
  return obstacle(
    `the same failure came back again and again${why}`,
    `${cooled}, when one more attempt may go, or a person retries it`,
  );
};

/** The gates that earlier attempts decide, with their checks for work that is no issue (PLAN, PRD). */
export const ATTEMPT_CHECKS = [
  {
    code: 'backoff',
    question: 'Is the delay after its last failure over?',
    holds: byRecord(isBeforeItsTime),
  },
  { code: 'attempts', question: 'Has it attempts left?', holds: byRecord(isSpent) },
  {
    code: 'budget',
    question: 'Has it budget left?',
    holds: ({ record }: Attempt, board: Board) => budgetObstacle(record, board),
  },
  {
    code: 'breaker',
    question: 'Is its breaker closed?',
    holds: (attempt: Attempt, board: Board) =>
      byRecord(isBroken)(attempt, board) ?? agentObstacle(attempt, board),
  },
] as const;

/** Closing a reviewed PRD takes no attempt, so what its journal says does not matter then. */
export const attemptGates: readonly Gate[] = ATTEMPT_CHECKS.map(({ code, question, holds }) => ({
  code,
  question,
  check: ({ issue, wanted }, { board }) => {
    if (wanted === 'CLOSE_PRD') return null;
    const { record } = board.work.on(issue.repo, issue.issue.number);
    return holds({ record, stage: wanted, labels: issue.issue.labels }, board);
  },
}));
