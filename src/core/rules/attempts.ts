import type { Board } from '../board.ts';
import type { LeaseState } from '../world.ts';
import { type Gate, type Obstacle, obstacle } from './gate.ts';

/** What a journal holds a new attempt for; `record` is what it says of the earlier ones. */
type RecordCheck = (record: LeaseState, board: Board) => Obstacle | null;

const isBeforeItsTime: RecordCheck = ({ notBefore }, { now }) => {
  if (notBefore === null || Date.parse(notBefore) <= now) return null;
  return obstacle(`the last attempt failed; no new one before ${notBefore}`, `${notBefore} has passed`);
};

const isSpent: RecordCheck = ({ failures, attempts }, { settings }) => {
  const limit = settings.HARNESS_MAX_ATTEMPTS;
  const until = 'a person looks at it, then retries it or raises HARNESS_MAX_ATTEMPTS';
  const refused = failures.filter(signature => signature.startsWith(REFUSED)).length;
  if (refused >= MOST_REFUSALS) return obstacle(`its proposal was refused ${refused} times`, RETRIED);
  if (failures.length >= limit) return obstacle(`${failures.length} attempts failed, of ${limit}`, until);
  if (attempts < limit * SESSIONS_PER_ATTEMPT) return null;
  return obstacle(`${attempts} sessions, ${SESSIONS_PER_ATTEMPT} times HARNESS_MAX_ATTEMPTS`, until);
};

// A refused proposal goes back once, with the reasons; what is refused again needs a person.
const MOST_REFUSALS = 2;
const REFUSED = 'proposal: ';
const RETRIED = 'a person reads the reasons, mends the text, and retries it';

// Interrupted sessions are no failures, yet an issue that is interrupted for ever must not spend for ever.
const SESSIONS_PER_ATTEMPT = 10;

const isTooDear: RecordCheck = ({ spend }, { settings }) => {
  const limit = settings.HARNESS_MAX_COST_USD;
  if (spend === null || spend < limit) return null;
  return obstacle(
    `its attempts cost $${spend.toFixed(2)}, of $${limit}`,
    'a person raises HARNESS_MAX_COST_USD',
  );
};

const isBroken: RecordCheck = ({ breaker, failures }) => {
  if (breaker !== 'open') return null;
  const last = failures.at(-1);
  const why = last === undefined ? '' : `: ${last}`;
  return obstacle(
    `the same failure came back again and again${why}`,
    'its cool-down ends, or a person retries it',
  );
};

/** The gates that the journal decides, with their checks for work that is no issue (PLAN, PRD). */
export const RECORD_CHECKS = [
  { code: 'backoff', question: 'Is the delay after its last failure over?', holds: isBeforeItsTime },
  { code: 'attempts', question: 'Has it attempts left?', holds: isSpent },
  { code: 'budget', question: 'Has it budget left?', holds: isTooDear },
  { code: 'breaker', question: 'Is its breaker closed?', holds: isBroken },
] as const;

/** Closing a reviewed PRD takes no attempt, so what its journal says does not matter then. */
export const attemptGates: readonly Gate[] = RECORD_CHECKS.map(({ code, question, holds }) => ({
  code,
  question,
  check: ({ issue, wanted }, { board }) => {
    const { record } = board.work.on(issue.repo, issue.issue.number);
    return record === null || wanted === 'CLOSE_PRD' ? null : holds(record, board);
  },
}));
