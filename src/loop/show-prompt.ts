import type { StageKind } from '../core/world.ts';
import type { Oid } from '../ports.ts';
import type { Engine } from './engine.ts';
import { earlierConversation, goingOn } from './go-on.ts';
import type { Seen } from './observe.ts';
import { type PreparedSession, prepareSession, promptFacts, type SessionWork } from './prepare-session.ts';
import { PROMPT_PARTS, promptOf, promptPartOf } from './prompt.ts';
import { prepareReview, reviewPrompt } from './review-session.ts';

/** A prompt that can be shown: of a stage, of the review of a change, or a part of those of IMPL and FIX. */
export type ShownPrompt = Exclude<StageKind, 'INJECT'> | 'CODE-REVIEW' | PartName;

type PartName = Uppercase<(typeof PROMPT_PARTS)[number]>;

/** Every prompt that `shownPrompt` knows; those of PLAN and PRD are of a unit, all others of an issue. */
export const SHOWN_PROMPTS = [
  'PLAN',
  'PRD',
  'DECOMPOSE',
  'IMPL',
  'REVIEW',
  'JUDGE',
  'REPLAN',
  'TRIAGE',
  'FIX',
  'CODE-REVIEW',
  ...PROMPT_PARTS.map(part => part.toUpperCase() as PartName),
] as const satisfies readonly ShownPrompt[];

/**
 * Exactly what the next agent would get, or a part of it; `seen.world.unit` names the unit. null when there is nothing to
 * work on: no such issue, no specification, nothing to compare, no change to review.
 */
export async function shownPrompt(
  engine: Engine,
  seen: Seen,
  name: ShownPrompt,
  { repo, issue, base }: { readonly repo: string; readonly issue: number | null; readonly base: Oid },
): Promise<string | null> {
  if (name === 'CODE-REVIEW') {
    const review = issue === null ? null : prepareReview(engine, seen, { repo, number: issue });
    return review && reviewPrompt(engine, seen, review);
  }
  const part = PROMPT_PARTS.find(one => one.toUpperCase() === name);
  // What goes on with commits goes on in the same stage; the parts say the same to both.
  const kind = part ? 'IMPL' : (name as SessionWork['kind']);
  const prepared = await prepareSession(engine, seen, { repo, issue, kind }, base);
  if (!prepared) return null;
  const facts = await promptFacts(engine, seen, prepared, prepared.subject);
  if (part) return promptPartOf(engine.prompts, facts, part);
  return asGiven(engine, prepared, promptOf(engine.prompts, facts));
}

/** An agent that remembers its earlier attempt is told so first. */
async function asGiven(engine: Engine, prepared: PreparedSession, prompt: string): Promise<string> {
  return (await earlierConversation(engine, prepared)) === null ? prompt : goingOn(prompt);
}
