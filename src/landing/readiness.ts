import type { Failure, GateVerdict, MergeRefusal } from '../core/contracts.ts';
import type { Settings } from '../core/settings.ts';
import type { Pull } from '../core/world.ts';
import type { Oid, PullReview } from '../ports.ts';
import { someOf } from './gates.ts';
import type { Reviewed } from './reviewed.ts';

/** A person's word for one head, given with `harness approve`. */
export interface Approval {
  /** Login. */
  readonly by: string;
  readonly sha: Oid;
}

/** What decides whether a change whose pull request is open may board the train. */
export interface ReadinessFacts {
  readonly settings: Pick<
    Settings,
    'HARNESS_REVIEW' | 'HARNESS_CHECKS' | 'HARNESS_CHECKS_WAIT' | 'HARNESS_UNVERIFIED'
  >;
  readonly head: Oid;
  /** Verdicts of the gates before: what was weakened, whether anything was verified, whether checks are expected. */
  readonly gates: readonly GateVerdict[];
  /** The pull request as GitHub showed it last; null when it was not seen yet. */
  readonly pull: Pick<Pull, 'headSha' | 'checks'> | null;
  readonly reviews: readonly PullReview[];
  readonly approvals: readonly Approval[];
  /** What agents' reviews say of the change; null for one that no issue asks for, which they do not look at. */
  readonly reviewed: Reviewed | null;
  /** GitHub would not merge the head, and there is no use in trying again yet; null where that is not so. */
  readonly refusal: MergeRefusal | null;
  /** Milliseconds since the head was pushed. */
  readonly pushedMs: number;
}

/** Nothing of it is decided by this process alone: another look may say something else. */
export interface Readiness {
  readonly gates: readonly GateVerdict[];
  /** What has to come from outside, for people; null when nothing has to. */
  readonly waits: string | null;
  /** It waits for nothing that a reviewer's session could not settle, and none has. */
  readonly wantsReviewer: boolean;
  /** Only a person can settle it: reviewers had all their rounds, or the base's rules allow no such merge. */
  readonly wantsPerson: boolean;
  /** Set when a gate says no. */
  readonly failure: Failure | null;
}

/** Asks the gates that wait for GitHub and for people: checks, review, weakened checks, and proof of any kind. */
export function readinessOf(facts: ReadinessFacts): Readiness {
  const gates = [
    checksGate(facts),
    reviewGate(facts),
    weakenedGate(facts),
    proofGate(facts),
    rulesGate(facts),
    ...verifyGates(facts),
  ].flatMap(gate => gate ?? []);
  const open = gates.filter(({ verdict }) => verdict === 'unknown');
  const no = gates.find(({ verdict }) => verdict === 'fail');
  const { reviewed, refusal } = facts;
  const isSpent = agentLooks(facts) && reviewed?.isSpent === true;
  const isUnread = agentLooks(facts) && reviewed?.verdict === 'open' && !reviewed.isSpent;
  return {
    gates,
    waits: open.length === 0 ? null : open.map(({ reason }) => reason).join('; '),
    wantsReviewer: !no && isUnread && open.length > 0 && open.every(({ gate }) => REVIEWS_SETTLE.has(gate)),
    wantsPerson: !no && open.length > 0 && (isSpent || (refusal !== null && refusal.needs !== 'others')),
    failure: no ? failureOf(no) : null,
  };
}

const REVIEWS_SETTLE: ReadonlySet<string> = new Set(['review', 'weakened', 'proof']);

const agentLooks = ({ settings, reviewed }: ReadinessFacts) =>
  reviewed !== null && (settings.HARNESS_REVIEW === 'agent' || settings.HARNESS_REVIEW === 'both');

/** The verdict that a landing's journal entry carries until the checks are known. */
export const expectedChecks = (isExpected: boolean): GateVerdict =>
  isExpected ? unknown('checks', 'waits for the checks of GitHub') : skipped('checks', 'none are set up');

const failureOf = ({ gate, reason }: GateVerdict): Failure => {
  const kind = gate === 'checks' ? 'checks' : 'review';
  return { class: kind, signature: `${kind}: ${reason}`.slice(0, 200), message: reason };
};

/** What GitHub's checks say of the head. */
function checksGate({ settings, head, gates, pull, pushedMs }: ReadinessFacts): GateVerdict {
  if (settings.HARNESS_CHECKS === 'off') return skipped('checks', 'HARNESS_CHECKS is off');
  const said = pull?.headSha === head ? pull.checks : 'unknown';
  if (said === 'pass') return passed('checks', 'all checks of GitHub passed');
  if (said === 'fail') return { gate: 'checks', verdict: 'fail', reason: 'checks of GitHub failed' };
  if (said === 'pending') return unknown('checks', 'waits for the checks of GitHub');
  if (settings.HARNESS_CHECKS === 'require')
    return unknown('checks', 'waits for checks: none has reported yet');
  const isExpected = gates.some(({ gate, verdict }) => gate === 'checks' && verdict === 'unknown');
  if (!isExpected) return skipped('checks', 'none are set up');
  return pushedMs < settings.HARNESS_CHECKS_WAIT * 1000
    ? unknown('checks', 'waits for the checks of GitHub')
    : skipped('checks', `none reported within ${settings.HARNESS_CHECKS_WAIT} s`);
}

/** What reviewers say of the head. A person's objection counts, whether or not a review is asked for. */
function reviewGate(facts: ReadinessFacts): GateVerdict {
  const { settings, head, reviews } = facts;
  const objection = reviews.find(({ sha, verdict }) => sha === head && verdict === 'changes_requested');
  if (objection) return { gate: 'review', verdict: 'fail', reason: `${objection.by} asks for changes` };
  if (settings.HARNESS_REVIEW === 'off') return skipped('review', 'HARNESS_REVIEW is off');
  const word = wordFor(facts);
  if (agentLooks(facts)) {
    const agents = agentsVerdict(facts, word);
    if (agents.verdict !== 'pass' || settings.HARNESS_REVIEW === 'agent') return agents;
  } else if (settings.HARNESS_REVIEW === 'agent') {
    return skipped('review', 'no issue asks for it: nothing to hold it against');
  }
  if (word) return passed('review', word);
  return unknown('review', `waits for the review of a person at ${head.slice(0, 12)}`);
}

/** What agents' reviews come to. A person's word stands above theirs, where their own is not asked for, too. */
function agentsVerdict({ settings, head, reviewed }: ReadinessFacts, word: string | null): GateVerdict {
  const { verdict, reason, isSpent } = reviewed ?? UNREAD;
  if (word && (settings.HARNESS_REVIEW === 'agent' || isSpent)) return passed('review', word);
  if (verdict === 'pass') return passed('review', reason);
  if (isSpent) {
    const what = verdict === 'fail' ? 'still refused' : 'no verdict';
    return unknown('review', `waits for a person's word: ${what} after all rounds of review (${reason})`);
  }
  if (verdict === 'fail') return { gate: 'review', verdict, reason };
  return unknown('review', `waits for the review of an agent at ${head.slice(0, 12)}`);
}

const UNREAD = { verdict: 'open', reason: '', isSpent: false } as const;

/** Checks that the change itself weakens need a person's word, or a review that accepts each of them. */
function weakenedGate(facts: ReadinessFacts): GateVerdict | null {
  const open = facts.gates.find(({ gate, verdict }) => gate === 'weakened' && verdict === 'unknown');
  if (!open) return null;
  const word = wordFor(facts) ?? reviewersWord(facts, open.evidence ?? []);
  return word ? passed('weakened', `${open.reason}: accepted, ${word}`) : open;
}

/** What a review says that accepts all of these by name; null when none does. */
function reviewersWord(facts: ReadinessFacts, needed: readonly string[]): string | null {
  const { reviewed } = facts;
  if (!agentLooks(facts) || reviewed?.verdict !== 'pass' || needed.length === 0) return null;
  return needed.every(id => reviewed.accepts.includes(id)) ? `in the review by ${reviewed.reason}` : null;
}

/** What the rules of the base still ask for, where only GitHub's refusal tells. */
function rulesGate({ refusal }: ReadinessFacts): GateVerdict | null {
  return refusal && unknown('rules', `GitHub does not merge it: ${refusal.reason}`);
}

/** Where no command proves a change, something else has to. */
function proofGate(facts: ReadinessFacts): GateVerdict | null {
  const isUnverified = facts.gates.some(({ gate, verdict }) => gate === 'verify' && verdict === 'skipped');
  if (!isUnverified || facts.settings.HARNESS_UNVERIFIED === 'land') return null;
  const checks = checksGate(facts);
  const review = agentLooks(facts) && facts.reviewed?.verdict === 'pass' ? facts.reviewed.reason : null;
  const word = checks.verdict === 'pass' ? checks.reason : (wordFor(facts) ?? review);
  return word
    ? passed('proof', word)
    : unknown('proof', 'nothing proves it: HARNESS_VERIFY is not set, no check passed, nobody approved');
}

/** What a verification could not settle a person settles: a red base, checks that the change redefines, a fix's test. */
function verifyGates(facts: ReadinessFacts): readonly GateVerdict[] {
  const word = wordFor(facts);
  const open = facts.gates.filter(({ gate, verdict }) => VERIFIES.has(gate) && verdict === 'unknown');
  return open.map(gate => (word ? passed(gate.gate, `${gate.reason}: accepted, ${word}`) : gate));
}

const VERIFIES: ReadonlySet<string> = new Set(['verify', 'verify-base', 'red-first']);

/** Who has approved this very head, for people; null when nobody has. */
function wordFor({ head, reviews, approvals }: ReadinessFacts): string | null {
  const onGitHub = reviews.filter(({ sha, verdict }) => sha === head && verdict === 'approved');
  const byCommand = approvals.filter(({ sha }) => sha === head);
  const words = [
    ...onGitHub.map(({ by }) => `${by} approved it on GitHub`),
    ...byCommand.map(({ by }) => `${by} approved it with \`harness approve\``),
  ];
  return words.length === 0 ? null : someOf([...new Set(words)]);
}

const passed = (gate: string, reason: string): GateVerdict => ({ gate, verdict: 'pass', reason });
const skipped = (gate: string, reason: string): GateVerdict => ({ gate, verdict: 'skipped', reason });
const unknown = (gate: string, reason: string): GateVerdict => ({ gate, verdict: 'unknown', reason });
