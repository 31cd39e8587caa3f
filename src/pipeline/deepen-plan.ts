import type { PlanProposal } from '../core/proposals/proposal.ts';
import type { Judged } from './accept.ts';

/** A plan that its session has proposed and that is sound, on its way to be landed. */
export interface PlanDraft {
  readonly repo: string;
  /** The commit that it was made on. */
  readonly base: string;
  /** The whole text of PLAN.md. */
  readonly text: string;
}

/** The text as it goes on, or everything that is wrong with it. */
export type PlanVerdict =
  | { readonly kind: 'goes-on'; readonly text: string }
  | { readonly kind: 'refused'; readonly problems: readonly string[] };

/**
 * One look at a plan between its session and its landing: an adversary that refuses it with reasons, a refiner that makes
 * it better, a validator that checks it against the specification. A step may take its time, run sessions of its own, and
 * be begun again after a crash.
 */
export interface PlanStep {
  readonly name: string;
  readonly look: (draft: PlanDraft) => Promise<PlanVerdict>;
}

/** Takes a plan through the steps in their order, each on the text that the one before has left. */
export async function deepenPlan(steps: readonly PlanStep[], draft: PlanDraft): Promise<PlanVerdict> {
  let { text } = draft;
  for (const { name, look } of steps) {
    const verdict = await look({ ...draft, text });
    if (verdict.kind === 'refused')
      return { kind: 'refused', problems: verdict.problems.map(problem => `${name}: ${problem}`) };
    ({ text } = verdict);
  }
  return { kind: 'goes-on', text };
}

/** The same for whatever was judged: what is no sound plan goes on as it is. */
export async function deepenJudged(
  steps: readonly PlanStep[],
  judged: Judged,
  place: Pick<PlanDraft, 'repo' | 'base'>,
): Promise<Judged> {
  if (judged.kind === 'refused' || judged.proposal.kind !== 'plan') return judged;
  const verdict = await deepenPlan(steps, { ...place, text: judged.proposal.text });
  if (verdict.kind === 'refused') return verdict;
  const proposal: PlanProposal = { kind: 'plan', text: verdict.text };
  return { kind: 'accepted', proposal };
}
