import type { GateVerdict, JournalEntry } from '../core/contracts.ts';
import { agreeTo, type HeldProposal, heldProposal } from '../core/held-proposal.ts';
import { approvalsIn, foldJournal, isApprovedAnew } from '../core/journal.ts';
import { unitsOf } from '../core/units.ts';
import type { Issue } from '../core/world.ts';
import { inQueue } from '../landing/queue.ts';
import { readinessOf } from '../landing/readiness.ts';
import { standing } from '../landing/refusals.ts';
import { reviewedIn } from '../landing/reviewed.ts';
import { bodyHashOf } from '../leases/digest.ts';
import type { Snapshot } from '../ports.ts';
import type { Engine } from './engine.ts';

/** What a landing waits for. */
export interface LandingWait {
  /** For people. */
  readonly reason: string;
  /** A reviewer's session is to look at it now. */
  readonly wantsReviewer: boolean;
  /** What the gates say as things stand. */
  readonly gates: readonly GateVerdict[];
}

/**
 * What an issue's landing waits for, as far as this look shows it; null when it can go on, or when anything about it
 * is not as its journal says: then it has to be looked at in full.
 */
export function waitOf(
  { settings, clock }: Pick<Engine, 'settings' | 'clock'>,
  {
    issue: number,
    at,
    entries,
    snapshot,
  }: {
    /** null for a change of the unit as a whole, which no issue asks for. */
    readonly issue: number | null;
    /** What a person calls it: `acme/app#7`, or the unit. */
    readonly at: string;
    readonly entries: readonly JournalEntry[];
    readonly snapshot: Pick<Snapshot, 'issues' | 'pulls' | 'reviews' | 'queued'>;
  },
): LandingWait | null {
  const { landing, open, reviews: byAgents } = foldJournal(entries);
  const issue = snapshot.issues.find(one => one.number === number);
  const held = heldProposal(entries);
  const isAsAsked = number === null || (issue?.state === 'open' && bodyHashOf(issue) === open?.bodyHash);
  if (!landing?.head || landing.landed || !isAsAsked) return null;
  if (held) return held.word === 'none' && isShown(issue, settings) ? toBeLookedAt(held, at) : null;
  const { head, gates } = landing;
  const pull = snapshot.pulls.find(one => one.state === 'open' && one.headSha === head);
  if (!pull) return null;
  const nowMs = clock.now();
  const reviews = snapshot.reviews[String(pull.number)] ?? [];
  const { bodyHash, patchId = null, refusal = null } = landing;
  const reviewed = issue ? reviewedIn(byAgents, { head, patchId, bodyHash }, settings) : null;
  const {
    waits,
    wantsReviewer,
    wantsPerson,
    failure,
    gates: asked,
  } = readinessOf({
    settings,
    head,
    gates,
    pull,
    reviews,
    approvals: approvalsIn(entries),
    reviewed,
    refusal: standing(refusal, { sight: { pull, reviews }, nowMs, hasWord: isApprovedAnew(entries) }),
    pushedMs: nowMs - Date.parse(landing.at),
  });
  if (failure) return null;
  const position = snapshot.queued[String(pull.number)];
  if (position !== undefined) {
    return {
      reason: inQueue(position, pull.base),
      wantsReviewer: false,
      gates: newestOf([...gates, ...asked]),
    };
  }
  if (waits === null) return null;
  // Whoever looks for what waits for them finds it by its label.
  if (wantsPerson && issue && !isLabelled(issue, settings.HARNESS_LABEL_BLOCKED)) return null;
  return {
    reason: waits,
    wantsReviewer: wantsReviewer && nowMs >= (reviewed?.notBefore ?? 0),
    gates: newestOf([...gates, ...asked]),
  };
}

/** Of a gate that was asked again, its last word. */
const newestOf = (gates: readonly GateVerdict[]): readonly GateVerdict[] => [
  ...new Map(gates.map(verdict => [verdict.gate, verdict])).values(),
];

/** What a person calls a piece of work: the issue in full, or the id of the unit. */
export function nameOfWork({ settings, targets }: Engine, repo: string, issue: number | null): string {
  if (issue !== null) return `${repo}#${issue}`;
  return unitsOf(settings, targets).find(unit => unit.repo.toLowerCase() === repo.toLowerCase())?.id ?? repo;
}

/** A proposal for an issue is shown there, under the label by which it is found. */
const isShown = (issue: Issue | undefined, { HARNESS_LABEL_BLOCKED }: Engine['settings']) =>
  issue === undefined || isLabelled(issue, HARNESS_LABEL_BLOCKED);

const toBeLookedAt = (held: HeldProposal, at: string): LandingWait => ({
  reason: `its proposal waits for a person: \`harness approve ${at} --dry-run\` shows it, \`${agreeTo(at, held)}\` files it`,
  wantsReviewer: false,
  gates: [],
});

const isLabelled = ({ labels }: Issue, name: string) =>
  labels.some(label => label.toLowerCase() === name.toLowerCase());
